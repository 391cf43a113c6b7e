//! Amounts as people and other code write them, and what an app can encode.

import Foundation
import Testing

@testable import SaleKit

@Suite struct ValueTests {
    private func decimal(_ text: String) throws -> Decimal {
        try #require(Decimal(string: text, locale: Locale(identifier: "en_US_POSIX")))
    }

    @Test func amountsAreMadeOfDecimalsAndNeverRounded() throws {
        #expect(try Money(decimal("10.50"), currency: "EUR") == Money(minorUnits: 1050, currency: "EUR"))
        #expect(try Money(decimal("10.500"), currency: "EUR") == Money(minorUnits: 1050, currency: "EUR"))
        #expect(try Money(decimal("500"), currency: "JPY") == Money(minorUnits: 500, currency: "JPY"))
        #expect(try Money(decimal("92233720368547758.07"), currency: "EUR").minorUnits == .max)
        for (amount, currency) in [
            ("10.505", "EUR"), ("0.5", "JPY"), ("0", "EUR"), ("-1", "EUR"), ("1e100", "EUR"), ("1e-100", "EUR"),
            ("92233720368547758.08", "EUR"), ("1", "XXX"), ("1", "eur"),
        ] {
            let number = try decimal(amount)
            do {
                let money = try Money(number, currency: currency)
                Issue.record("\(amount) \(currency) became \(money)")
            } catch {
                guard case .invalidInput(let field, _, _) = error else { throw error }
                #expect(field.hasPrefix("transaction."))
            }
        }
        #expect(throws: SaleKitError.self) { try Money(Decimal.nan, currency: "EUR") }
        #expect(try Money(minorUnits: 1050, currency: "EUR").decimal == decimal("10.5"))
        #expect(try Money(minorUnits: 1234, currency: "KWD").decimal == decimal("1.234"))
        #expect(try Money(minorUnits: .max, currency: "EUR").decimal == decimal("92233720368547758.07"))
        #expect(throws: SaleKitError.self) { try Money(minorUnits: 1, currency: "XXX").decimal }
    }

    @Test func amountsAreFormattedWithTheCurrencysOwnDecimals() throws {
        func plain(_ amount: Int64, _ currency: String, _ locale: String) throws -> String {
            let text = try Money(minorUnits: amount, currency: currency).formatted(locale: Locale(identifier: locale))
            return text.replacingOccurrences(of: "\u{a0}", with: " ").replacingOccurrences(of: "\u{202f}", with: " ")
        }
        #expect(try plain(1050, "EUR", "en_US") == "€10.50")
        #expect(try plain(123_456_789, "EUR", "de_DE") == "1.234.567,89 €")
        #expect(try plain(500, "JPY", "en_US") == "¥500")
        #expect(try plain(1234, "KWD", "en_US").hasSuffix("1.234"))
        // Of 2024; and one whose decimals the platforms do not agree on.
        #expect(try plain(1050, "ZWG", "en_US").filter { $0.isNumber || $0 == "." } == "10.50")
        #expect(try plain(500, "ISK", "en_US").filter { $0.isNumber || $0 == "." } == "500")
        #expect(throws: SaleKitError.self) { try Money(minorUnits: 1, currency: "XXX").formatted() }
    }

    private func again<Value: Codable & Hashable & Sendable>(_ value: Value) throws {
        let read = try JSONDecoder().decode([Value].self, from: JSONEncoder().encode([value]))
        #expect(read == [value])
        #expect(Set(read).count == 1)
    }

    @Test func whatAnAppKeepsIsReadAsItWasWritten() throws {
        let money = Money(minorUnits: 1050, currency: "EUR")
        let card = CardSummary(brand: .visa, last4: "1111", length: 16, display: "Visa •••• 1111")
        let receipt = SaleReceipt(
            invoiceId: "i", orderId: "7", bankOrderId: "8", requestedAmount: money, amount: money, commissionMinorUnits: 1,
            orderCreated: "now", transactionCreated: "then", threeDSecure: .other(word: "WORD"), card: card)
        let decline = Decline(
            invoiceId: "i", orderId: "7", bankOrderId: "8", errorCode: 5, gatewayMessage: "no", threeDSecure: .unsupported,
            advice: .contactBank)
        let notCharged = NotCharged(
            reason: .cancelled, detail: "no", failure: .timedOut, supportReference: "7", invoiceId: "i")
        let unknown = UnknownOutcome(reason: .stillProcessing, advice: .askMerchant, invoiceId: "i", orderId: "7", detail: "no")
        for outcome in [SaleOutcome.approved(receipt), .declined(decline), .notCharged(notCharged), .unknown(unknown)] {
            try again(outcome)
            try again(SaleState.finished(outcome))
            try again(outcome.charge)
        }
        for state in [SaleState.initiating, .performing, .recovering, .processing, .challenge(url: nil, isOpen: true), .other("later")] {
            try again(state)
        }
        try again(money)
        try again(SaleLocation(lat: 52.5, lng: 13.4))
        try again(
            StoredCard(
                clientCardId: "card-1", bin: "411111", brand: .visa, last4: "1111", expiry: CardExpiry(year: 2030, month: 12),
                mappedWithEmail: true))
        try again(storedChallenge(page: ""))
    }

    @Test func theAddressOfAChallengesPageIsNotWritten() throws {
        let page = "https://acs.example/the-way-into-the-challenge"
        let state = SaleState.challenge(url: URL(string: page), isOpen: true)
        let written = try JSONEncoder().encode([state])
        #expect(!String(decoding: written, as: UTF8.self).contains("acs.example"))
        #expect(try JSONDecoder().decode([SaleState].self, from: written) == [.challenge(url: nil, isOpen: true)])
    }

    @Test func whatHoldsCardDataOrATokenCannotBeEncoded() throws {
        let consumer = Consumer(serialNumber: "device-1")
        let money = Money(minorUnits: 1050, currency: "EUR")
        let secrets: [Any] = [
            SaleRequest(amount: money, consumer: consumer), consumer, try CardForm(), try CardForm().state(of: .number),
            InitiateSaleRequest(accessToken: "t", consumer: consumer, amount: money, location: nil, saleId: "s", merchantOrderId: nil),
            InvoiceRequest(
                accessToken: "t", serialNumber: "s", endpointId: "1", invoiceId: "i", saleId: "s", merchantOrderId: nil),
            InitiatedSale(endpointId: "1", invoiceId: "i", nonce: "n", signature: "s"), SessionAnswer.token(token: "t"),
        ]
        for secret in secrets { #expect(!(secret is any Encodable), "\(type(of: secret))") }
    }
}
