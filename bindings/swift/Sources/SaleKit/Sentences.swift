//! Values as text for people: amounts, and what the payer or a developer can do. The words are the core's
//! where it has them.

public import SaleKitGenerated

extension Money: CustomStringConvertible {
    /// Reads an amount of major units, for example `10.50` with `EUR`. Nothing is ever rounded.
    ///
    /// - Throws: ``SaleKitError/invalidInput(field:rule:detail:)`` if it is no amount of that currency.
    public init(_ amount: String, _ currency: String) throws(SaleKitError) {
        self = try calling { try parseMoney(amount: amount, currency: currency) }
    }

    /// The amount with its currency's decimals: `10.50 EUR`, `500 JPY`. The same in every locale.
    public var description: String {
        (try? formatMoney(money: self)) ?? "\(minorUnits) minor units of \(currency)"
    }

    /// How many digits stand behind the decimal point: 2 for EUR, 0 for JPY, 3 for KWD.
    ///
    /// - Throws: ``SaleKitError/invalidInput(field:rule:detail:)`` if there is no such currency.
    public static func exponent(of currency: String) throws(SaleKitError) -> Int {
        try calling { Int(try currencyExponent(currency: currency)) }
    }
}

extension DeclineAdvice {
    /// What the payer can do, as an English sentence.
    public var message: String { (try? adviceMessage(advice: self)) ?? "\(self)" }
}

extension UnknownAdvice {
    /// What the payer can do, as an English sentence.
    public var message: String { (try? unknownAdviceMessage(advice: self)) ?? "\(self)" }
}

extension NotChargedReason {
    /// Why nothing was charged and what the payer can do, as an English sentence. The same as on Android.
    public var message: String {
        switch self {
        case .cancelled: "The payment was cancelled. Nothing was charged."
        case .interrupted: "The payment was interrupted. Nothing was charged; please start again."
        case .accessTokenRefused: "The shop did not accept this device. Nothing was charged."
        case .initiateRefused: "The shop did not accept the payment. Nothing was charged."
        case .merchantUnavailable: "The shop could not be reached. Nothing was charged; try again."
        case .gatewayUnreachable: "The payment service could not be reached. Nothing was charged; try again."
        case .performRefused: "The payment service did not accept the payment. Nothing was charged."
        case .storageFailed: "The device's storage failed. Nothing was charged; try again."
        case .invoiceInUse: "This order is already being paid. Check its status before trying again."
        case .orderInUse: "This order is already being paid. Check its status before trying again."
        case .invoiceVoided: "The payment did not go through and nothing was charged. You can try again."
        }
    }
}

extension FailureKind {
    /// What went wrong, as an English sentence for a developer.
    public var message: String { (try? failureMessage(kind: self)) ?? "\(self)" }
}
