//! What every public type prints: neither the card, nor the payer, nor a token. Which types there are is read from the
//! sources; one without a filled example here fails the test.

import Foundation
import Testing

@testable import SaleKit

@Suite struct QuietTests {
    private static let number = "4012888888881881", holder = "QUINBY ZEDLOW", serial = "serial-of-the-device"
    private static let email = "quinby@example.com", imei = "490154203237518", address = "203.0.113.77"
    private static let cardId = "the-merchant-s-id-of-the-card", token = "j2Xw9QzK4vTn7LbR1yHs6PdC3fMg8VaE"
    private static let page = "https://acs.example/the-way-into-the-challenge"

    private static let personal = [
        number, "1881", "QUINBY", "ZEDLOW", serial, email, imei, address, cardId, token, page, "52.51",
    ]

    /// Kinds of things that have no values, or none of their own.
    private static let valueless: Set = ["DeviceSerial", "MessageProvider", "PrivateFolder", "SaleKitLibrary"]

    /// The public types of this platform's sources, without protocols.
    private func types() throws -> Set<String> {
        let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let sources = tests.appendingPathComponent("../../Sources/SaleKit").standardized
        var types: Set<String> = []
        for file in try FileManager.default.contentsOfDirectory(atPath: sources.path) where file.hasSuffix(".swift") {
            let text = try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
            for line in text.split(separator: "\n") {
                let words = line.split(whereSeparator: { !$0.isLetter && !$0.isNumber }).map(String.init)
                guard line.drop(while: { $0 == " " }).hasPrefix("public ") else { continue }
                let kinds: Set = ["struct", "enum", "class", "actor", "typealias"]
                guard let kind = words.firstIndex(where: kinds.contains), kind <= 2, kind + 1 < words.count else { continue }
                types.insert(words[kind + 1])
            }
        }
        return types.subtracting(Self.valueless)
    }

    private func consumer() -> Consumer {
        Consumer(serialNumber: Self.serial, imei: Self.imei, ipAddresses: [Self.address], email: Self.email)
    }

    private func options() throws -> SaleRequest {
        SaleRequest(
            amount: try Money("10.50", "EUR"), consumer: consumer(), location: SaleLocation(lat: 52.516275, lng: 52.516275),
            accessToken: Self.token, merchantOrderId: "order 7")
    }

    private func filledForm() throws -> CardForm {
        let form = try CardForm()
        for (text, field) in [(Self.number, CardField.number), ("12/2040", .expiry), ("973", .securityCode), (Self.holder, .printedName)] {
            var bytes = Array(text.utf8)
            _ = try form.paste(&bytes, into: field)
        }
        return form
    }

    private func page() throws -> Challenge {
        Challenge(saleId: "7", url: try #require(URL(string: Self.page))) { _ in }
    }

    private func examples() throws -> [String: Any] {
        let money = try Money("10.50", "EUR"), nowhere = try #require(URL(string: "https://127.0.0.1:1"))
        let config = SaleClientConfig(gatewayURL: nowhere, merchantURL: nowhere)
        let client = try SaleClient(config: config)
        let form = try filledForm()
        let named = try form.state(of: .printedName)
        let hints = try form.hints
        let sale = try client.start(options(), with: filledForm())
        let card = CardSummary(brand: .visa, last4: "0005", length: 16, display: "Visa •••• 0005")
        let receipt = SaleReceipt(
            invoiceId: "i", orderId: "7", bankOrderId: "7", requestedAmount: money, amount: money, commissionMinorUnits: 1,
            orderCreated: "7", transactionCreated: "7", threeDSecure: .other(word: "ATTEMPTED"), card: card)
        let decline = Decline(
            invoiceId: "i", orderId: "7", bankOrderId: "7", errorCode: 7, gatewayMessage: "no", threeDSecure: nil, advice: .contactBank)
        let stored = storedChallenge(page: Self.page)
        let challenge = SaleState.challenge(url: URL(string: Self.page), isOpen: true)
        return [
            "CardForm": form, "SaleClientConfig": config, "Timeouts": Timeouts(), "TlsSettings": TlsSettings(),
            "PublicKeyPin": PublicKeyPin(host: "gate.example", pin: "sha256/x"), "GatewayProfile": GatewayProfile.all[0],
            "PendingSales": stored, "PendingSale": stored.sales[0], "DamagedSale": stored.damaged[0],
            "ForeignSale": stored.foreign[0], "Parties": stored.foreign[0].parties,
            "MerchantServer": stored.foreign[0].parties.merchant, "StoreLock": StoreLock.held,
            "CallbackError": CallbackError.failed(detail: "no"), "Sale": sale, "Challenge": try page(), "SaleClient": client,
            "SaleKitError": SaleKitError.saleNotFound(saleId: "7"), "SaleState": challenge,
            "SaleOutcome": SaleOutcome.approved(receipt), "Money": money, "Consumer": consumer(),
            "SaleLocation": SaleLocation(lat: 52.516275, lng: 52.516275), "SaleRequest": try options(),
            "StoredCard": StoredCard(
                clientCardId: Self.cardId, bin: "401288", brand: .visa, last4: "0005", expiry: CardExpiry(year: 2030, month: 12),
                mappedWithEmail: true),
            "CardExpiry": CardExpiry(year: 2030, month: 12),
            "Charge": Charge.charged, "SaleReceipt": receipt, "CardSummary": card,
            "ThreeDSecureStatus": ThreeDSecureStatus.authenticated, "Decline": decline, "DeclineAdvice": DeclineAdvice.contactBank,
            "NotCharged": NotCharged(
                reason: .cancelled, detail: "no", failure: .timedOut, supportReference: "7", invoiceId: "i"),
            "NotChargedReason": NotChargedReason.cancelled,
            "UnknownOutcome": UnknownOutcome(reason: .stillProcessing, advice: .askMerchant, invoiceId: "i", orderId: "7", detail: "no"),
            "UnknownReason": UnknownReason.stillProcessing, "UnknownAdvice": UnknownAdvice.askMerchant,
            "FailureKind": FailureKind.timedOut, "MerchantPaths": MerchantPaths.documented, "PacingProfile": PacingProfile.strict,
            "CardBrand": CardBrand.visa, "CardField": CardField.number, "HolderFields": HolderFields.printedName,
            "Masking": Masking.masked, "FieldState": named, "Validity": Validity.valid, "CardHints": hints,
            "LogLine": LogLine(level: .info, origin: "salekit", text: "state"), "LogLevel": LogLevel.info,
            "MerchantHeaders": { ["Authorization": Self.token] } as MerchantHeaders,
            "InitiateSaleRequest": InitiateSaleRequest(
                accessToken: Self.token, consumer: consumer(), amount: money,
                location: SaleLocation(lat: 52.516275, lng: 52.516275), saleId: "s", merchantOrderId: "order 7"),
            "SessionAnswer": SessionAnswer.token(token: Self.token),
            "InvoiceRequest": InvoiceRequest(
                accessToken: Self.token, serialNumber: Self.serial, endpointId: "1", invoiceId: "i", saleId: "s",
                merchantOrderId: "order 7"),
            "InitiatedSale": InitiatedSale(endpointId: "1", invoiceId: "i", nonce: Self.token, signature: Self.token),
            "ErrorResponse": ErrorResponse(status: 400, cause: "DECLINED", supportReference: "7", detail: "\(Self.email) is unknown"),
        ]
    }

    @Test func noPublicTypePrintsAnythingPersonal() throws {
        let examples = try examples(), types = try types()
        #expect(types.count > 45)
        #expect(types.subtracting(examples.keys) == [], "give these types a filled example")
        #expect(Set(examples.keys).subtracting(types) == [], "these are no public types")
        for (name, example) in examples {
            var printed = "\(example) \(String(reflecting: example)) \(String(describing: [example])) "
            dump(example, to: &printed)
            dump([name: example], to: &printed)
            for secret in Self.personal {
                #expect(!printed.contains(secret), "\(name) prints \(secret)")
            }
        }
    }
}
