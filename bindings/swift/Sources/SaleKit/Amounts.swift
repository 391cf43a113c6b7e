//! Amounts as people and other code write them.

public import Foundation
public import SaleKitGenerated

extension Money: CustomStringConvertible {
    /// Reads an amount of major units, for example `10.50` with `EUR`. Nothing is ever rounded.
    ///
    /// - Throws: ``SaleKitError/invalidInput(field:rule:detail:)`` if it is not an amount of that currency.
    public init(_ amount: String, _ currency: String) throws(SaleKitError) {
        self = try calling { try parseMoney(amount: amount, currency: currency) }
    }

    /// An amount of major units. Nothing is ever rounded: 10.505 of EUR, which has two decimals, is refused.
    ///
    /// Swift converts a literal such as `10.505` to a `Decimal` through a `Double`. `Decimal(string:)` keeps every
    /// digit.
    ///
    /// - Throws: ``SaleKitError/invalidInput(field:rule:detail:)`` if it is not an amount of that currency.
    public init(_ amount: Decimal, currency: String) throws(SaleKitError) {
        // This text has no exponent, no trailing zeros and does not depend on a locale.
        try self.init(NSDecimalNumber(decimal: amount).description(withLocale: nil), currency)
    }

    /// The amount in major units: 10.5 for 1050 minor units of EUR.
    ///
    /// - Throws: ``SaleKitError/invalidInput(field:rule:detail:)`` if there is no such currency.
    public var decimal: Decimal {
        get throws(SaleKitError) {
            let digits = Decimal(sign: .plus, exponent: -(try Self.exponent(of: currency)), significand: Decimal(minorUnits.magnitude))
            return minorUnits < 0 ? -digits : digits
        }
    }

    /// The amount as people in `locale` write it, with its currency's decimals. It also works for currencies that
    /// Foundation does not know.
    ///
    /// - Throws: ``SaleKitError/invalidInput(field:rule:detail:)`` if there is no such currency.
    public func formatted(locale: Locale = .current) throws(SaleKitError) -> String {
        let formatter = NumberFormatter()
        formatter.locale = locale
        formatter.numberStyle = .currency
        formatter.currencyCode = currency
        // Set after the currency code: that call sets Foundation's own decimals for the currency.
        formatter.minimumFractionDigits = try Self.exponent(of: currency)
        formatter.maximumFractionDigits = formatter.minimumFractionDigits
        return formatter.string(from: NSDecimalNumber(decimal: try decimal)) ?? description
    }

    /// The amount with its currency's decimals: `10.50 EUR`, `500 JPY`. The same in every locale.
    public var description: String {
        (try? formatMoney(money: self)) ?? "\(minorUnits) minor units of \(currency)"
    }

    /// How many digits follow the decimal point: 2 for EUR, 0 for JPY, 3 for KWD.
    ///
    /// - Throws: ``SaleKitError/invalidInput(field:rule:detail:)`` if there is no such currency.
    public static func exponent(of currency: String) throws(SaleKitError) -> Int {
        try calling { Int(try currencyExponent(currency: currency)) }
    }
}
