//! What the app does for SaleKit: a merchant, a store, a presenter and a log of its own.

import Fixtures
import Foundation
import SaleKit
import Testing

@Suite struct PortTests {
    let sandbox: Sandbox

    init() throws { sandbox = try Sandbox.shared.get() }

    @Test func aMerchantOfTheAppsOwnMakesASale() async throws {
        let merchant = OwnMerchant(sandbox)
        let client = try SaleClient(config: sandbox.parties.config, merchant: merchant)
        let sale = try client.start(.lunch(device: "swift-merchant"), with: Typed().form())
        #expect(await sale.outcome.charge == .charged)
        #expect(merchant.asked.now == ["accessToken", "initiate"])
        let invoice = try #require(sale.invoiceId)
        #expect(try await sale.storedCard()?.clientCardId == "card-of-\(invoice)")
        #expect(merchant.asked.now.last == "storedCard")
        #expect(merchant.orders.now == ["\(sale.id) lunch", "\(sale.id) lunch"])
        #expect(try await sandbox.entry(sale.invoiceId)?.charges == 1)
    }

    /// The end of a sale with these headers, of which the sandbox's merchant reads one: it binds a new token to a device.
    private func end(_ device: String, with headers: @escaping MerchantHeaders) async throws -> SaleOutcome {
        let client = try SaleClient(config: sandbox.parties.config, merchantHeaders: headers)
        return await try client.start(.lunch(device: device), with: Typed().form()).outcome
    }

    @Test func theAppsHeadersGoToTheMerchantWithEachRequest() async throws {
        let asked = Shared(0)
        let own = try await end("swift-headers") {
            asked.with { $0 += 1 }
            return ["X-Device-Serial-Number": "swift-headers", "Authorization": "Bearer secret"]
        }
        #expect(own.charge == .charged)
        #expect(asked.now == 2, "access token and initiate sale")
        let other = try await end("swift-headers") { ["X-Device-Serial-Number": "another device"] }
        guard case .notCharged(let end) = other else { throw TestFailure(description: "\(other)") }
        #expect(end.reason == .accessTokenRefused)
    }

    @Test func withoutUsableHeadersNothingIsSent() async throws {
        let cases: [(MerchantHeaders, FailureKind)] = [
            ({ throw FailureKind.notConnected }, .notConnected),
            ({ throw URLError(.timedOut) }, .timedOut),
            ({ throw TestFailure(description: "secret") }, .callbackFailed),
            ({ ["Authorization": "secret\r\nX: y"] }, .callbackFailed),
        ]
        for (headers, kind) in cases {
            let outcome = try await end("swift-no-headers", with: headers)
            guard case .notCharged(let end) = outcome else { throw TestFailure(description: "\(outcome)") }
            #expect(end.reason == .merchantUnavailable && end.failure == kind)
            #expect(!"\(end)".contains("secret"))
        }
    }

    /// A sale whose perform answer is lost, with a merchant that says this of its session, and is asked for so many seconds.
    private func lost(
        _ device: String, checks: String, recovery: TimeInterval? = nil,
        _ session: @escaping @Sendable (InvoiceRequest, Bool) async throws -> SessionAnswer
    ) async throws -> (Sale, OwnMerchant) {
        let fault = #"{"message": "perform", "kind": "close_after_processing"}"#
        let script = #"{"check_timing": "\#(checks)", "processing_delay_ms": 0, "faults": [\#(fault)]}"#
        try await sandbox.script(device, Data(script.utf8))
        let merchant = OwnMerchant(sandbox, session: session)
        var config = sandbox.parties.config
        config.timeouts.recovery = recovery
        let sale = try SaleClient(config: config, merchant: merchant).start(.lunch(device: device), with: Typed().form())
        _ = await sale.outcome
        return (sale, merchant)
    }

    @Test func aMerchantThatVoidsAnInvoiceProvesThatNothingWasCharged() async throws {
        let (sale, merchant) = try await lost("swift-void", checks: "never", recovery: 3) { _, wantsVoid in
            guard wantsVoid else { throw ErrorResponse(status: 404) }
            return .void
        }
        guard case .notCharged(let end) = await sale.outcome else { throw TestFailure(description: "\(sale.state)") }
        #expect(end.reason == .invoiceVoided)
        #expect(merchant.asked.now[2] == "sessionToken" && merchant.asked.now.last == "sessionToken or void")
        #expect(try await sandbox.entry(sale.invoiceId)?.charges == 0)
    }

    @Test func aSessionTokenOfTheMerchantsFindsTheSaleAgain() async throws {
        let sandbox = sandbox
        let (sale, _) = try await lost("swift-found", checks: "before_answer") { question, _ in
            let body = JSONValue.object([
                "consumer": .object(["device": .object(["serialNumber": .text(question.serialNumber)])]),
                "session": .object(["accessToken": .text(question.accessToken)]),
            ])
            let path = "sale/\(question.invoiceId)/session-token"
            let answer = try #require(try await sandbox.ask(path, posting: JSONEncoder().encode(body)))
            let token = try JSONDecoder().decode(JSONValue.self, from: answer)["session"]["token"].text
            return .token(token: try #require(token))
        }
        #expect(await sale.outcome.charge == .charged)
        #expect(try await sandbox.entry(sale.invoiceId)?.charges == 1)
    }

    @Test func aRefusalOfTheMerchantsServerIsWhyNothingWasCharged() async throws {
        let refused = ErrorResponse(status: 400, cause: "FILTERED", supportReference: "ref-1", detail: "not today")
        let merchant = OwnMerchant(sandbox, initiating: refused)
        let client = try SaleClient(config: sandbox.parties.config, merchant: merchant)
        let sale = try client.start(.lunch(device: "swift-merchant-throws"), with: Typed().form())
        guard case .notCharged(let end) = await sale.outcome else { throw TestFailure(description: "\(sale.state)") }
        #expect(end.reason == .initiateRefused && end.supportReference == "ref-1" && end.detail.contains("not today"))
    }

    @Test func anAnswerThatIsNoneChargesNothing() async throws {
        let merchant = OwnMerchant(sandbox, initiated: InitiatedSale(endpointId: "", invoiceId: "", nonce: "", signature: ""))
        let client = try SaleClient(config: sandbox.parties.config, merchant: merchant)
        let sale = try client.start(.lunch(device: "swift-merchant-empty"), with: Typed().form())
        guard case .notCharged(let end) = await sale.outcome else { throw TestFailure(description: "\(sale.state)") }
        #expect(end.reason == .merchantUnavailable && end.failure == .answerUnreadable)
    }

    @Test func aStoreThatThrowsStopsTheSaleBeforeAnythingIsCharged() async throws {
        let store = MemoryStore(failing: CallbackError.storageFull(detail: "no room"))
        let client = try SaleClient(config: sandbox.parties.config, store: store)
        let sale = try client.start(.lunch(device: "swift-store-full"), with: Typed().form())
        guard case .notCharged(let end) = await sale.outcome else { throw TestFailure(description: "\(sale.state)") }
        #expect(end.reason == .storageFailed)
        #expect(try await sandbox.entry(sale.invoiceId) == nil)
    }

    @Test func aStoreOfTheAppsOwnHoldsASaleUntilItIsAcknowledged() async throws {
        let store = MemoryStore()
        let client = try SaleClient(config: sandbox.parties.config, store: store)
        let sale = try client.start(.lunch(device: "swift-store"), with: Typed().form())
        let outcome = await sale.outcome
        let pending = try await SaleClient(config: sandbox.parties.config, store: store).pending()
        #expect(pending.sales.map(\.id) == [sale.id] && pending.damaged.isEmpty)
        #expect(pending.sales.first?.state == .finished(outcome) && pending.sales.first?.merchantOrderId == "lunch")
        let snapshots = store.snapshots.now.values.map { String(decoding: $0, as: UTF8.self) }
        #expect(snapshots.allSatisfy { !$0.contains("4111111111111111") && !$0.contains("LOVELACE") })
        try await client.acknowledge(sale.id)
        #expect(store.sales.isEmpty)
    }

    @Test func aRefusedCallNamesItsSaleAndAnUnknownOneIsForgotten() async throws {
        let store = MemoryStore()
        let client = try SaleClient(config: sandbox.parties.config, store: store)
        // It runs until it is cancelled: nobody is at its page.
        let sale = try client.start(.lunch(device: "swift-forget"), with: Typed(code: "321").form())
        _ = try await sale.page()
        await #expect(throws: SaleKitError.saleStillRunning(saleId: sale.id)) { try await client.acknowledge(sale.id) }
        sale.cancel()
        #expect(await sale.outcome.charge == .unknown)
        await #expect(throws: SaleKitError.saleOutcomeUnknown(saleId: sale.id)) { try await client.acknowledge(sale.id) }
        try await client.forget(sale.id)
        try await client.forget(sale.id)
        #expect(store.sales.isEmpty)
    }

    @Test func aPresenterIsShownThePageAndItsFailureEndsNothing() async throws {
        let presenter = Presenter()
        let client = try SaleClient(config: sandbox.parties.config, presenter: presenter)
        let sale = try client.start(.lunch(device: "swift-presenter"), with: Typed(code: "321").form())
        try await wait { presenter.pages.count == 1 }
        let page = try #require(presenter.pages.first)
        try await wait { sale.state == .challenge(url: page, isOpen: false) }
        try await sandbox.visit(page, "authenticates")
        client.appForeground()
        #expect(await sale.outcome.charge == .charged)
    }

    @Test func theLogSeesTheSaleAndNoSecret() async throws {
        let log = Log()
        try SaleKitLibrary.log(to: log, from: .trace)
        let merchant = OwnMerchant(sandbox)
        let client = try SaleClient(config: sandbox.parties.config, merchant: merchant)
        let sale = try client.start(.lunch(device: "swift-log"), with: Typed(code: "321").form())
        let page = try await sale.page()
        #expect(!"\(sale.state) \(String(reflecting: sale.state))".contains(page.path))
        try await sandbox.visit(page, "authenticates")
        client.appForeground()
        #expect(await sale.outcome.charge == .charged)
        try await wait { log.lines.now.contains { $0.text.contains(sale.id) && $0.text.contains("finished") } }
        try SaleKitLibrary.log(to: nil)
        let secrets = merchant.secrets.now + [page.path, "4111111111111111", "411111", "LOVELACE", "ada@example"]
        #expect(merchant.secrets.now.count >= 3)
        for secret in secrets {
            #expect(!log.lines.now.contains { $0.text.contains(secret) })
        }
    }
}
