//! Sentences for payers: those of `bindings/messages` in every language, for every code, and the app's own.

import Fixtures
import Foundation
import SaleKit
import Testing

/// One after the other: the app's own sentences are the process's.
@Suite(.serialized) struct MessageTests {
    private static let charges: [Charge] = [.charged, .notCharged, .unknown]
    private static let advice: [DeclineAdvice] = [
        .tryAnotherCard, .checkCardDetails, .checkSecurityCode, .authenticateAgain, .contactBank, .retryLater, .contactMerchant,
    ]
    private static let reasons: [NotChargedReason] = [
        .cancelled, .interrupted, .accessTokenRefused, .initiateRefused, .merchantUnavailable, .gatewayUnreachable,
        .performRefused, .storageFailed, .invoiceInUse, .orderInUse, .invoiceVoided,
    ]
    private static let unknownReasons: [UnknownReason] = [
        .performAnswerLost, .refusalUnconfirmed, .stillProcessing, .challengeUnfinished, .statusUnavailable, .stoppedWaiting,
        .engineStopped,
    ]
    private static let unknownAdvice: [UnknownAdvice] = [.resumeOrAskMerchant, .askMerchant]
    private static let fields: [CardField] = [.number, .expiry, .securityCode, .firstName, .lastName, .printedName]

    private static let parties = SaleKit.Parties(gatewayUrl: "https://gateway.example", merchant: .appBackend)
    private static let errors: [SaleKitError] = [
        .invalidInput(field: "consumer.email", rule: "no_such_rule", detail: "x"), .saleNotFound(saleId: "7"),
        .saleStillRunning(saleId: "7"), .saleUnfinished(saleId: "7"), .saleOutcomeUnknown(saleId: "7"),
        .saleOutcomeFinal(saleId: "7"), .saleForeign(saleId: "7", saleParties: parties, clientParties: parties),
        .orderInUse(saleId: "7"), .saleDamaged(saleId: "7", detail: "x"), .storageFull(detail: "x"), .storageDenied(detail: "x"),
        .storageFailed(detail: "x"), .merchantUnavailable(failure: nil, detail: "x"), .noRandomness(detail: "x"),
        .internal(detail: "x"),
    ]

    /// All that has a sentence, by its type in `behaviour.json`.
    private static var spoken: [String: [any Displayable]] {
        [
            "Charge": charges, "DeclineAdvice": advice, "NotChargedReason": reasons, "UnknownReason": unknownReasons,
            "UnknownAdvice": unknownAdvice, "CardField": fields, "Error": errors,
        ]
    }

    private func sentence(_ language: String, _ key: String) throws -> String {
        try #require(Behaviour.languages[language]?[key], "\(language): \(key)")
    }

    @Test func codesAreThoseOfEveryLanguagesLibrary() {
        for (type, all) in Self.spoken {
            #expect(all.map(\.code) == Behaviour.codes(type), "\(type)")
            // The case's own name, too: so none was mistaken for another.
            if type != "Error" { #expect(all.map { word($0) } == Behaviour.codes(type)) }
        }
    }

    @Test func everyCodeHasTheSentenceOfTheListsInEveryLanguage() throws {
        #expect(Behaviour.languages.count == 12)
        var told: Set<String> = []
        for language in Behaviour.languages.keys {
            let locale = Locale(identifier: language)
            for own in Behaviour.list("messages") {
                let group = try #require(own["group"].text), type = try #require(own["type"].text)
                for displayable in Self.spoken[type] ?? [] {
                    told.insert("\(group).\(displayable.code)")
                    #expect(try displayable.displayMessage(in: locale) == sentence(language, "\(group).\(displayable.code)"))
                }
            }
            for rule in Behaviour.codes("Rule") {
                told.insert("rule.\(rule)")
                let expected = try sentence(language, "rule.\(rule)")
                #expect(Validity.invalid(rule: rule, detail: "").displayMessage(in: locale) == expected)
                #expect(SaleKitError.invalidInput(field: "f", rule: rule, detail: "").displayMessage(in: locale) == expected)
            }
            for (validity, code) in [(Validity.empty, "empty"), (.incomplete, "incomplete")] {
                told.insert("validity.\(code)")
                #expect(try validity.displayMessage(in: locale) == sentence(language, "validity.\(code)"))
            }
            #expect(Validity.possible.displayMessage(in: locale) == nil && Validity.valid.displayMessage(in: locale) == nil)
        }
        let english = try #require(Behaviour.languages["en"])
        #expect(told == Set(english.keys))
    }

    @Test func everyOutcomeSaysWhatBecameOfTheMoneyAndWhatThePayerCanDo() throws {
        let money = try Money("10.50", "EUR")
        let receipt = SaleReceipt(
            invoiceId: "i", orderId: nil, bankOrderId: nil, requestedAmount: money, amount: nil, commissionMinorUnits: nil,
            orderCreated: nil, transactionCreated: nil, threeDSecure: nil, card: nil)
        let outcomes: [String: [(SaleOutcome, String)]] = [
            "approved": [(.approved(receipt), "charged")],
            "declined": Self.advice.map {
                let decline = Decline(
                    invoiceId: "i", orderId: nil, bankOrderId: nil, errorCode: nil, gatewayMessage: "no", threeDSecure: nil, advice: $0)
                return (.declined(decline), $0.code)
            },
            "not_charged": Self.reasons.map {
                (.notCharged(NotCharged(reason: $0, detail: "x", failure: nil, supportReference: nil, invoiceId: "i")), $0.code)
            },
            "unknown": Self.unknownAdvice.flatMap { advice in
                Self.unknownReasons.map {
                    (.unknown(UnknownOutcome(reason: $0, advice: advice, invoiceId: "i", orderId: nil, detail: "x")), advice.code)
                }
            },
        ]
        #expect(Set(Behaviour.list("outcomes").compactMap { $0["outcome"].text }) == Set(outcomes.keys))
        for own in Behaviour.list("outcomes") {
            let group = try #require(own["group"].text)
            for (outcome, code) in try #require(outcomes[own["outcome"].text ?? ""]) {
                #expect(outcome.code == own["outcome"].text && outcome.charge.code == own["charge"].text)
                for language in Behaviour.languages.keys {
                    let message = outcome.displayMessage(in: Locale(identifier: language))
                    #expect(try message == sentence(language, "\(group).\(code)"))
                }
            }
        }
    }

    @Test(arguments: Behaviour.list("locales"))
    func aLocaleGetsItsLanguagesSentencesAndEnglishWhereThereAreNone(_ own: JSONValue) throws {
        let expected = try sentence(#require(own["language"].text), "charge.not_charged")
        let name = try #require(own["locale"].text)
        for identifier in [name, name.replacingOccurrences(of: "-", with: "_")] {
            #expect(Charge.notCharged.displayMessage(in: Locale(identifier: identifier)) == expected, "\(identifier)")
        }
    }

    @Test func aRuleThatIsNotKnownIsAWrongInputAllTheSame() throws {
        let english = Locale(identifier: "en")
        let validity = Validity.invalid(rule: "no_such_rule", detail: "a developer's")
        #expect(try validity.displayMessage(in: english) == sentence("en", "error.invalid_input"))
    }

    @Test func theAppsOwnSentencesComeFirst() throws {
        SaleKitLibrary.messageProvider = { key, locale in key == "unknown.stopped_waiting" ? "Later! \(locale.identifier)" : nil }
        defer { SaleKitLibrary.messageProvider = nil }
        let german = Locale(identifier: "de_DE")
        #expect(UnknownReason.stoppedWaiting.displayMessage(in: german) == "Later! de_DE")
        #expect(try UnknownReason.engineStopped.displayMessage(in: german) == sentence("de", "unknown.engine_stopped"))
        SaleKitLibrary.messageProvider = nil
        #expect(try UnknownReason.stoppedWaiting.displayMessage(in: german) == sentence("de", "unknown.stopped_waiting"))
    }

    @Test func whatWentWrongWithARequestIsForDevelopers() {
        let sentences = Set(Behaviour.languages.values.flatMap(\.values))
        #expect(FailureKind.timedOut.detail == "no answer in time")
        #expect(!sentences.contains(FailureKind.timedOut.detail))
    }
}
