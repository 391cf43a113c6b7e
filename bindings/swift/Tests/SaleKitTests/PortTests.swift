//! What the app does for SaleKit: a shop, a store, a presenter and a log of its own.

import Fixtures
import Foundation
import SaleKit
import Testing

@Suite struct PortTests {
    let sandbox: Sandbox

    init() throws { sandbox = try Sandbox.shared.get() }

    @Test func aShopOfTheAppsOwnMakesASale() async throws {
        let shop = OwnShop(sandbox)
        let client = try SaleClient(config: sandbox.parties.config, shop: shop)
        let sale = try client.start(.lunch(device: "swift-shop"), with: Typed().form())
        #expect(await sale.outcome.charge == .charged)
        #expect(shop.asked.now.prefix(2) == ["accessToken", "initiate"])
        #expect(try await sandbox.entry(sale.invoiceId)?.charges == 1)
    }

    @Test(arguments: [
        (ShopRefusal(status: 400, cause: "FILTERED", detail: "not today") as any Error & Sendable, "initiate_refused"),
        (FailureKind.notConnected, "shop_unavailable"),
        (URLError(.timedOut), "shop_unavailable"),
        (TestFailure(description: "a secret"), "shop_unavailable"),
    ])
    func aShopThatThrowsChargesNothing(_ error: any Error & Sendable, _ reason: String) async throws {
        let shop = OwnShop(sandbox, initiating: error)
        let client = try SaleClient(config: sandbox.parties.config, shop: shop)
        let sale = try client.start(.lunch(device: "swift-shop-throws"), with: Typed().form())
        guard case .notCharged(let end) = await sale.outcome else { throw TestFailure(description: "\(sale.state)") }
        #expect(word(end.reason) == reason)
        #expect(!"\(end)".contains("a secret"))
    }

    @Test func anAnswerThatIsNoneChargesNothing() async throws {
        let shop = OwnShop(sandbox, initiated: InitiatedSale(endpointId: "", invoiceId: "", nonce: "", signature: ""))
        let client = try SaleClient(config: sandbox.parties.config, shop: shop)
        let sale = try client.start(.lunch(device: "swift-shop-empty"), with: Typed().form())
        guard case .notCharged(let end) = await sale.outcome else { throw TestFailure(description: "\(sale.state)") }
        #expect(end.reason == .shopUnavailable && end.failure == .answerUnreadable)
    }

    @Test func aStoreThatThrowsStopsTheSaleBeforeAnythingIsCharged() async throws {
        let store = MemoryStore(failing: HostError.storageFull(detail: "no room"))
        let client = try SaleClient(config: sandbox.parties.config, store: store)
        let sale = try client.start(.lunch(device: "swift-store-full"), with: Typed().form())
        guard case .notCharged(let end) = await sale.outcome else { throw TestFailure(description: "\(sale.state)") }
        #expect(end.reason == .storageFailed)
        #expect(try await sandbox.entry(sale.invoiceId) == nil)
        do throws(SaleKitError) {
            _ = try await client.pending()
            Issue.record("it can list nothing")
        } catch {
            #expect(error.code == "storage_full" && error.description.contains("no room"))
        }
    }

    @Test func anErrorOfAnotherTypeIsAFailureWithoutItsText() async throws {
        let store = MemoryStore(failing: TestFailure(description: "a secret"))
        let client = try SaleClient(config: sandbox.parties.config, store: store)
        do throws(SaleKitError) {
            _ = try await client.pending()
            Issue.record("it can list nothing")
        } catch {
            #expect(error.code == "storage_failed" && !error.description.contains("a secret"))
        }
    }

    @Test func aStoreOfTheAppsOwnHoldsASaleUntilItIsAcknowledged() async throws {
        let store = MemoryStore()
        let client = try SaleClient(config: sandbox.parties.config, store: store)
        let sale = try client.start(.lunch(device: "swift-store"), with: Typed().form())
        let outcome = await sale.outcome
        let pending = try await SaleClient(config: sandbox.parties.config, store: store).pending()
        #expect(pending.sales.map(\.id) == [sale.id] && pending.damaged.isEmpty)
        #expect(pending.sales.first?.state == .finished(outcome) && pending.sales.first?.label == "lunch")
        let snapshots = store.snapshots.now.values.map { String(decoding: $0, as: UTF8.self) }
        #expect(snapshots.allSatisfy { !$0.contains("4111111111111111") && !$0.contains("LOVELACE") })
        try await client.acknowledge(sale.id)
        #expect(store.snapshots.now.isEmpty)
    }

    @Test func aPresenterIsShownThePageAndItsFailureEndsNothing() async throws {
        let presenter = Presenter()
        let client = try SaleClient(config: sandbox.parties.config, presenter: presenter)
        let sale = try client.start(.lunch(device: "swift-presenter"), with: Typed(code: "321").form())
        try await wait { presenter.pages.now.count == 1 }
        let page = try #require(presenter.pages.now.first)
        try await sandbox.visit(page, "authenticates")
        client.appForeground()
        #expect(await sale.outcome.charge == .charged)
    }

    @Test func theLogSeesTheSaleAndNoSecret() async throws {
        let log = Log()
        try SaleKitLibrary.log(to: log, from: .trace)
        let shop = OwnShop(sandbox)
        let client = try SaleClient(config: sandbox.parties.config, shop: shop)
        let sale = try client.start(.lunch(device: "swift-log"), with: Typed(code: "321").form())
        let page = try await sale.page()
        #expect(!"\(sale.state) \(String(reflecting: sale.state))".contains(page.path))
        try await sandbox.visit(page, "authenticates")
        client.appForeground()
        #expect(await sale.outcome.charge == .charged)
        try await wait { log.lines.now.contains { $0.text.contains(sale.id) && $0.text.contains("finished") } }
        try SaleKitLibrary.log(to: nil)
        let secrets = shop.secrets.now + [page.path, "4111111111111111", "411111", "LOVELACE", "ada@example"]
        #expect(shop.secrets.now.count >= 3)
        for secret in secrets {
            #expect(!log.lines.now.contains { $0.text.contains(secret) })
        }
    }
}
