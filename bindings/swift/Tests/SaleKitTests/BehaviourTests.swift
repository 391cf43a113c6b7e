//! What the app's own code does wrong, and what becomes of the sale: the same in every language.

import Fixtures
import Foundation
import SaleKit
import Testing

@Suite struct BehaviourTests {
    private static let kinds: [FailureKind] = [
        .nameNotResolved, .notConnected, .timedOut, .connectionLost, .certificateUntrusted, .certificateChainIncomplete,
        .certificateTooWeak, .certificateExpired, .certificateNotYetValid, .certificateWrongHost, .certificateNotPinned,
        .tlsIncompatible, .tlsFailed, .answerTooLong, .answerUnreadable, .callbackFailed,
    ]

    /// What an error's name counts as.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let failure: String
        var testDescription: String { name }
    }

    private static let errors = Behaviour.list("errors").flatMap { own in
        (own["swift"].list ?? []).map { Case(name: $0.text ?? "", failure: own["failure"].text ?? "") }
    }

    private func isRetried(_ failure: String) throws -> JSONValue {
        try #require(Behaviour.list("failures").first { $0["failure"].text == failure })["retried"]
    }

    /// How a sale ends whose merchant does `act` when it is asked for a token, and `later` when it is asked again.
    private func end(
        _ act: @escaping @Sendable () throws -> String, then later: @escaping @Sendable () throws -> String
    ) async throws -> NotCharged {
        let merchant = ClumsyMerchant(act, then: later)
        let client = try SaleClient(config: Sandbox.shared.get().parties.config, store: MemoryStore(), merchant: merchant)
        let sale = try client.start(.lunch(device: "swift-behaviour"), with: Typed().form())
        guard case .notCharged(let end) = await sale.outcome else { throw TestFailure(description: "\(sale.state)") }
        return end
    }

    /// How a sale ends whose merchant always does `act`, and whether it is asked again. That is seen by its other answer to a
    /// second question, and not counted: in a crowded process a question may be given up before the merchant hears it.
    private func sell(_ act: @escaping @Sendable () throws -> String) async throws -> (end: NotCharged, isRetried: JSONValue) {
        async let always = end(act, then: act)
        async let once = end(act, then: { throw ErrorResponse(status: 403, supportReference: "asked again") })
        return try await (always, .bool(once.supportReference == "asked again"))
    }

    @Test func theListIsThere() {
        #expect(Self.kinds.map(\.code) == Behaviour.list("failures").map { $0["failure"].text })
        #expect(Self.errors.count >= 30)
    }

    @Test(arguments: kinds)
    func aFailureIsRetriedOrEndsTheSale(_ kind: FailureKind) async throws {
        let (end, isRetried) = try await sell { throw kind }
        #expect(end.reason == .merchantUnavailable && end.failure == kind)
        #expect(try isRetried == self.isRetried(kind.code))
    }

    @Test(arguments: errors)
    func anErrorOfTheAppsCountsAsAFailure(_ own: Case) async throws {
        let error = try Behaviour.error(own.name)
        let (end, isRetried) = try await sell { throw error }
        #expect(end.reason == .merchantUnavailable && end.failure?.code == own.failure)
        #expect(try isRetried == self.isRetried(own.failure))
        #expect(!"\(end)".contains(Behaviour.secret))
    }

    @Test(arguments: Behaviour.list("refusals"))
    func aRefusalIsRetriedByItsStatus(_ own: JSONValue) async throws {
        let status = try UInt16(#require(own["status"].number))
        let (end, isRetried) = try await sell { throw ErrorResponse(status: status) }
        #expect(end.reason == .accessTokenRefused)
        #expect(isRetried == own["retried"])
    }

    @Test func anAnswerThatIsNotUsableIsAFailure() async throws {
        let own = try #require(Behaviour.list("answers").first { $0["name"].text == "an empty access token" })
        let (end, isRetried) = try await sell { "" }
        #expect(end.failure?.code == own["failure"].text)
        #expect(isRetried == own["retried"])
    }

    @Test(arguments: Behaviour.list("store"))
    func whatAStoreThrowsIsWhyACallFails(_ own: JSONValue) async throws {
        let name = try #require(own["swift"].text)
        let failure: any Error & Sendable =
            switch name {
            case "storageFull": CallbackError.storageFull(detail: "full")
            case "storageDenied": CallbackError.storageDenied(detail: "denied")
            case "failed": CallbackError.failed(detail: "failed")
            default: try Behaviour.error(name)
            }
        let client = try SaleClient(config: Sandbox.shared.get().parties.config, store: MemoryStore(failing: failure))
        do throws(SaleKitError) {
            _ = try await client.pending()
            Issue.record("it can list nothing")
        } catch {
            #expect(error.code == own["error"].text)
            if case CallbackError.storageFull(let detail) = failure { #expect(error.description.contains(detail)) }
            #expect(!error.description.contains(Behaviour.secret))
        }
    }
}
