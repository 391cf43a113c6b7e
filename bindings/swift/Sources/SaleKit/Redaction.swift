//! Values that hold a token, or text of a card: printing, logging or dumping them shows the rest only.

public import SaleKitGenerated

extension SaleOptions: CustomStringConvertible, CustomReflectable {
    /// The amount and the label.
    public var description: String { "SaleOptions(\(amount), label: \(label ?? "none"))" }
    /// As `description`.
    public var customMirror: Mirror { shown(self, ["amount": amount, "label": label as Any]) }
}

extension InitiateQuestion: CustomStringConvertible, CustomReflectable {
    /// The amount.
    public var description: String { "InitiateQuestion(\(amount))" }
    /// As `description`.
    public var customMirror: Mirror { shown(self, ["amount": amount]) }
}

extension InvoiceQuestion: CustomStringConvertible, CustomReflectable {
    /// The invoice.
    public var description: String { "InvoiceQuestion(invoiceId: \(invoiceId))" }
    /// As `description`.
    public var customMirror: Mirror { shown(self, ["invoiceId": invoiceId]) }
}

extension InitiatedSale: CustomStringConvertible, CustomReflectable {
    /// The invoice.
    public var description: String { "InitiatedSale(invoiceId: \(invoiceId))" }
    /// As `description`.
    public var customMirror: Mirror { shown(self, ["invoiceId": invoiceId]) }
}

extension SessionAnswer: CustomStringConvertible, CustomReflectable {
    /// Which answer it is.
    public var description: String {
        switch self {
        case .token: "token"
        case .void: "void"
        }
    }
    /// As `description`.
    public var customMirror: Mirror { Mirror(self, children: [], displayStyle: .enum) }
}

/// The shop takes the card's id for the card, so it is not shown.
extension StoredCardReference: CustomStringConvertible, CustomReflectable {
    /// The first digits, and whether the e-mail is needed.
    public var description: String { "StoredCardReference(bin: \(bin ?? "none"), mappedWithEmail: \(mappedWithEmail))" }
    /// As `description`.
    public var customMirror: Mirror { shown(self, ["bin": bin as Any, "mappedWithEmail": mappedWithEmail]) }
}

extension FieldState: CustomStringConvertible, CustomReflectable {
    /// The field and how far it is, without its text.
    public var description: String { "FieldState(\(field), \(validity))" }
    /// As `description`.
    public var customMirror: Mirror { shown(self, ["field": field, "validity": validity]) }
}

private func shown<Value>(_ value: Value, _ members: KeyValuePairs<String, Any>) -> Mirror {
    Mirror(value, children: members, displayStyle: .struct)
}
