//! Code of the app's that does not come back holds up its own kind of call at most. Log sinks are the process's, so what
//! one of them holds up is tested in another process: see `ProcessTests`.

import Fixtures
import Foundation
import SaleKit
import Testing

/// Where the app's code stays until the test is over.
private final class Trap: @unchecked Sendable {
    private let end = DispatchSemaphore(value: 0)
    let hasSomebody = Shared(false)

    func stay() {
        hasSomebody.with { $0 = true }
        end.wait()
        end.signal()
    }

    func open() { end.signal() }
}

private final class StuckPresenter: RedirectPresenter {
    let trap = Trap()
    func show(_ challenge: Challenge) { trap.stay() }
    func dismiss(_ challenge: Challenge) {}
}

/// A merchant that never answers.
private final class SilentMerchant: MerchantBackend {
    /// The devices that it was asked for; each is asked for again after a while.
    let asked = Shared<Set<String>>([])

    func accessToken(forDevice serialNumber: String) async throws -> String {
        asked.with { _ = $0.insert(serialNumber) }
        try await Task.sleep(nanoseconds: .max)
        return ""
    }

    func initiate(_ question: InitiateSaleRequest) async throws -> InitiatedSale { throw FailureKind.callbackFailed }
    func sessionToken(_ question: InvoiceRequest, orVoid wantsVoid: Bool) async throws -> SessionAnswer {
        throw FailureKind.callbackFailed
    }
    func storedCard(_ question: InvoiceRequest) async throws -> StoredCard { throw FailureKind.callbackFailed }
}

@Suite struct BlockedTests {
    let sandbox: Sandbox

    init() throws { sandbox = try Sandbox.shared.get() }

    /// A whole sale with a page, an own merchant and its states, on a client of its own.
    private func aSaleGoesOn(_ device: String) async throws {
        let (presenter, merchant) = (Presenter(), OwnMerchant(sandbox))
        let client = try SaleClient(config: sandbox.parties.config, presenter: presenter, merchant: merchant)
        let sale = try client.start(.lunch(device: device), with: Typed(code: "321").form())
        try await wait { presenter.pages.count == 1 }
        try await sandbox.visit(try #require(presenter.pages.first), "authenticates")
        client.appForeground()
        #expect(try await sale.outcomeUnlessCancelled().charge == .charged)
        #expect(merchant.asked.now == ["accessToken", "initiate"])
    }

    @Test func aPresenterHoldsUpNeitherOutcomesNorAnotherClientsPages() async throws {
        let presenter = StuckPresenter()
        defer { presenter.trap.open() }
        let client = try SaleClient(config: sandbox.parties.config, presenter: presenter)
        let sale = try client.start(.lunch(device: "swift-stuck-pages"), with: Typed(code: "321").form())
        try await wait { presenter.trap.hasSomebody.now }
        try await aSaleGoesOn("swift-beside-pages")
        try await sandbox.visit(sale.page(), "authenticates")
        client.appForeground()
        #expect(await sale.outcome.charge == .charged)
    }

    @Test func aMerchantThatNeverAnswersHoldsUpNoOtherSale() async throws {
        let merchant = SilentMerchant()
        let client = try SaleClient(config: sandbox.parties.config, merchant: merchant)
        let sales = try (0..<10).map { try client.start(.lunch(device: "swift-silent-\($0)"), with: Typed().form()) }
        try await wait { merchant.asked.now.count == 10 }
        try await aSaleGoesOn("swift-beside-merchant")
        for sale in sales {
            sale.cancel()
            #expect(await sale.outcome.charge == .notCharged)
        }
    }

    @Test func aWatcherThatDoesNotComeBackHoldsUpNothing() async throws {
        let client = try SaleClient(config: sandbox.parties.config)
        let sale = try client.start(.lunch(device: "swift-stuck-watcher"), with: Typed().form())
        let watching = Task { @Sendable in
            for await _ in sale.states { try await Task.sleep(nanoseconds: .max) }
        }
        defer { watching.cancel() }
        try await aSaleGoesOn("swift-beside-watcher")
        #expect(await sale.outcome.charge == .charged)
    }
}
