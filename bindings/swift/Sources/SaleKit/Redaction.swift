//! Values that hold a token, text of a card, or what is personal: printing, logging or dumping them shows the rest only.

public import SaleKitGenerated

extension SaleRequest: CustomStringConvertible, CustomReflectable {
    /// The amount and the merchant order id.
    public var description: String { "SaleRequest(\(amount), merchantOrderId: \(merchantOrderId ?? "none"))" }
    /// As `description`.
    public var customMirror: Mirror { shown(self, ["amount": amount, "merchantOrderId": merchantOrderId as Any]) }
}

extension Consumer: CustomStringConvertible, CustomReflectable {
    /// Nothing of it: all that is there names somebody.
    public var description: String { "Consumer(…)" }
    /// As `description`.
    public var customMirror: Mirror { shown(self, [:]) }
}

extension SaleLocation: CustomStringConvertible, CustomReflectable {
    /// Nothing of it: where somebody is is theirs to tell.
    public var description: String { "SaleLocation(…)" }
    /// As `description`.
    public var customMirror: Mirror { shown(self, [:]) }
}

/// What a server wrote is cleaned only where it becomes an outcome.
extension ErrorResponse: CustomStringConvertible, CustomReflectable {
    /// The HTTP status.
    public var description: String { "ErrorResponse(status: \(status))" }
    /// As `description`.
    public var customMirror: Mirror { shown(self, ["status": status]) }
}

extension InitiateSaleRequest: CustomStringConvertible, CustomReflectable {
    /// The amount.
    public var description: String { "InitiateSaleRequest(\(amount))" }
    /// As `description`.
    public var customMirror: Mirror { shown(self, ["amount": amount]) }
}

extension InvoiceRequest: CustomStringConvertible, CustomReflectable {
    /// The invoice.
    public var description: String { "InvoiceRequest(invoiceId: \(invoiceId))" }
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

/// The merchant takes the card's id for the card, so it is not shown.
extension StoredCard: CustomStringConvertible, CustomReflectable {
    /// What may be shown of it, and whether the e-mail is needed.
    public var description: String {
        "StoredCard(bin: \(bin ?? "none"), last4: \(last4 ?? "none"), mappedWithEmail: \(mappedWithEmail))"
    }
    /// As `description`.
    public var customMirror: Mirror { shown(self, ["bin": bin as Any, "last4": last4 as Any, "mappedWithEmail": mappedWithEmail]) }
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
