//! Amounts as text for people. Sentences for payers are in `Messages`.

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
