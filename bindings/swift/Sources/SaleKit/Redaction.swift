//! Values that contain a token, text about a card, or personal data. Printing, logging or dumping them shows only the
//! rest.

public import SaleKitGenerated

extension SaleRequest: CustomStringConvertible, CustomReflectable {
    /// The amount and the merchant order id.
    public var description: String { "SaleRequest(\(amount), merchantOrderId: \(merchantOrderId ?? "none"))" }
    /// The same as `description`.
    public var customMirror: Mirror { shown(self, ["amount": amount, "merchantOrderId": merchantOrderId as Any]) }
}

extension Consumer: CustomStringConvertible, CustomReflectable {
    /// No member: every one of them identifies a person.
    public var description: String { "Consumer(…)" }
    /// The same as `description`.
    public var customMirror: Mirror { shown(self, [:]) }
}

extension SaleLocation: CustomStringConvertible, CustomReflectable {
    /// No member: a person's location is private.
    public var description: String { "SaleLocation(…)" }
    /// The same as `description`.
    public var customMirror: Mirror { shown(self, [:]) }
}

/// A server's text is cleaned only when it becomes part of an outcome, so it is not shown here.
extension ErrorResponse: CustomStringConvertible, CustomReflectable {
    /// The HTTP status.
    public var description: String { "ErrorResponse(status: \(status))" }
    /// The same as `description`.
    public var customMirror: Mirror { shown(self, ["status": status]) }
}

extension InitiateSaleRequest: CustomStringConvertible, CustomReflectable {
    /// The amount.
    public var description: String { "InitiateSaleRequest(\(amount))" }
    /// The same as `description`.
    public var customMirror: Mirror { shown(self, ["amount": amount]) }
}

extension InvoiceRequest: CustomStringConvertible, CustomReflectable {
    /// The invoice.
    public var description: String { "InvoiceRequest(invoiceId: \(invoiceId))" }
    /// The same as `description`.
    public var customMirror: Mirror { shown(self, ["invoiceId": invoiceId]) }
}

extension InitiatedSale: CustomStringConvertible, CustomReflectable {
    /// The invoice.
    public var description: String { "InitiatedSale(invoiceId: \(invoiceId))" }
    /// The same as `description`.
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
    /// The same as `description`.
    public var customMirror: Mirror { Mirror(self, children: [], displayStyle: .enum) }
}

/// To the merchant the card's id is equivalent to the card, so it is not shown.
extension StoredCard: CustomStringConvertible, CustomReflectable {
    /// The digits that may be shown, and whether the e-mail is needed.
    public var description: String {
        "StoredCard(bin: \(bin ?? "none"), last4: \(last4 ?? "none"), mappedWithEmail: \(mappedWithEmail))"
    }
    /// The same as `description`.
    public var customMirror: Mirror { shown(self, ["bin": bin as Any, "last4": last4 as Any, "mappedWithEmail": mappedWithEmail]) }
}

extension FieldState: CustomStringConvertible, CustomReflectable {
    /// The field and its validity, without its text.
    public var description: String { "FieldState(\(field), \(validity))" }
    /// The same as `description`.
    public var customMirror: Mirror { shown(self, ["field": field, "validity": validity]) }
}

private func shown<Value>(_ value: Value, _ members: KeyValuePairs<String, Any>) -> Mirror {
    Mirror(value, children: members, displayStyle: .struct)
}
