//! Amounts as people and other code write them, what is known without a sale, and what an app can encode.

import Foundation
import Testing

@testable import SaleKit

@Suite struct ValueTests {
    private func decimal(_ text: String) throws -> Decimal {
        try #require(Decimal(string: text, locale: Locale(identifier: "en_US_POSIX")))
    }

    @Test(arguments: Behaviour.list("amounts"))
    func amountsAreReadFromTextsAndDecimalsAndNeverRounded(_ own: JSONValue) throws {
        let (amount, currency) = try (#require(own["amount"].text), #require(own["currency"].text))
        let number = try decimal(amount)
        let reads: [() throws -> Money] = [{ try Money(amount, currency) }, { try Money(number, currency: currency) }]
        for read in reads {
            do {
                let money = try read()
                #expect(money == Money(minorUnits: Int64(own["minor_units"].number ?? 0), currency: currency))
                #expect("\(money)" == own["shown"].text)
                #expect(try money.decimal == number)
            } catch let error as SaleKitError {
                guard case .invalidInput(let field, _, _) = error else { throw error }
                #expect(field == own["field"].text)
            }
        }
    }

    @Test func aDecimalIsTheSameHoweverItIsWritten() throws {
        #expect(try Money(decimal("10.500"), currency: "EUR") == Money(minorUnits: 1050, currency: "EUR"))
        for amount in ["1e100", "1e-100"] {
            #expect(throws: SaleKitError.self) { try Money(decimal(amount), currency: "EUR") }
        }
        #expect(throws: SaleKitError.self) { try Money(Decimal.nan, currency: "EUR") }
        #expect(throws: SaleKitError.self) { try Money(minorUnits: 1, currency: "XXX").decimal }
        #expect(try Money.exponent(of: "KWD") == 3)
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

    @Test func gatewaysAndPathsAreThoseOfTheDocuments() {
        #expect(GatewayProfile.all.contains { $0.sandboxURL.absoluteString == "https://sandbox.toptechpay.net/payment" })
        #expect(GatewayProfile.all.allSatisfy { $0.productionURL.scheme == "https" })
        #expect(MerchantPaths.documented.initiate == "/sale/initiate-sale")
    }

    @Test func storedSalesKeepTheirMembers() throws {
        let stored = storedChallenge(page: "https://acs.example/page")
        let (amount, started) = (Money(minorUnits: 1050, currency: "EUR"), Date(timeIntervalSince1970: 0.007))
        let state = SaleState.challenge(url: URL(string: "https://acs.example/page"), isOpen: true)
        let expected = PendingSale(
            id: "7", state: state, amount: amount, merchantOrderId: "order 7", invoiceId: "invoice-1", startedAt: started)
        #expect(stored.sales == [expected])
        let foreign = try #require(stored.foreign.first)
        #expect(foreign.id == "9" && foreign.amount == amount && foreign.startedAt == started)
        #expect(foreign.merchantOrderId == "order 7" && foreign.invoiceId == "invoice-1")
        #expect(foreign.parties.gatewayUrl == "https://gateway.example/paynet" && foreign.parties.merchant == .appBackend)
        #expect(stored.damaged.map(\.id) == ["8"])
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
