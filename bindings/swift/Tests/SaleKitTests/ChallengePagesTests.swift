//! Which page is on the screen and what is reported about it, with pages that no system shows.

import Fixtures
import Foundation
import Testing

@testable import SaleKit

/// A page that is shown nowhere. The test plays the cardholder and the screen.
@MainActor private final class PaperPage: ChallengePage {
    let address: URL
    let kind: PageKind
    let canShow: Bool
    var end: ((PageEnd) -> Void)?
    var isDismissed = false
    var isLost = false
    var done: (@MainActor () -> Void)?

    init(_ address: URL, _ kind: PageKind, canShow: Bool = true) {
        self.address = address
        self.kind = kind
        self.canShow = canShow
    }

    func show(_ ended: @escaping @MainActor (PageEnd) -> Void) -> Bool {
        end = ended
        return canShow
    }

    func dismiss() { isDismissed = true }
    func whenGone(_ done: @escaping @MainActor () -> Void) { self.done = done }
}

/// A screen, and all that was on it.
@MainActor private final class Stage {
    var shown: [PaperPage] = []
    var isFree = true
    var canShow = true
    private(set) lazy var pages = ChallengePages { address, kind in
        guard self.isFree else { return nil }
        self.shown.append(PaperPage(address, kind, canShow: self.canShow))
        return self.shown.last
    }

    nonisolated init() {}

    /// Waits for what was asked of the pages before.
    func settle() async {
        await withCheckedContinuation { settled in DispatchQueue.main.async { settled.resume() } }
    }

    func addresses() async -> [String] {
        await settle()
        return shown.map(\.address.lastPathComponent)
    }

    /// What was reported, as `one closed`.
    nonisolated let reports = Shared<[String]>([])

    private func challenge(_ page: String, of sale: Sale.ID) throws -> Challenge {
        let reports = reports
        return Challenge(saleId: sale, url: try #require(URL(string: "https://issuer.example/\(page)"))) { report in
            reports.with { $0.append("\(page) \(report)") }
        }
    }

    func show(_ page: String, for sale: Sale.ID) throws { pages.show(try challenge(page, of: sale)) }

    func dismiss(_ page: String, for sale: Sale.ID) throws { pages.dismiss(try challenge(page, of: sale)) }
}

@MainActor @Suite struct ChallengePagesTests {
    private let stage = Stage()

    private func challenged(_ device: String) async throws -> (Sandbox, Sale) {
        let sandbox = try Sandbox.shared.get()
        let client = try SaleClient(config: sandbox.parties.config, presenter: stage.pages)
        let sale = try client.start(.lunch(device: device), with: Typed(code: "321").form())
        try await wait { stage.shown.count == 1 }
        return (sandbox, sale)
    }

    @Test func whatBecomesOfAPageReachesItsSale() async throws {
        for (number, end) in [PageEnd.closed, .failed].enumerated() {
            stage.shown = []
            let (sandbox, sale) = try await challenged("swift-pages-\(number)")
            let page = try #require(stage.shown.first)
            guard case .challenge(page.address, isOpen: true) = sale.state else {
                throw TestFailure(description: "\(sale.state)")
            }
            page.end?(end)
            page.done?()
            try await wait {
                if case .challenge(_, isOpen: false) = sale.state { true } else { false }
            }
            try await sandbox.visit(page.address, "authenticates")
            #expect(await sale.outcome.charge == .charged, "closing a page ends no sale")
            #expect(stage.shown.count == 1 && !page.isDismissed)
        }
    }

    @Test func aDecidedSaleTakesItsPageAway() async throws {
        let (sandbox, sale) = try await challenged("swift-pages-decided")
        let page = try #require(stage.shown.first)
        try await sandbox.visit(page.address, "authenticates")
        #expect(await sale.outcome.charge == .charged)
        try await wait { page.isDismissed }
        page.end?(.closed)
        #expect(await sale.outcome.charge == .charged)
    }

    @Test func aPageThatCannotBeShownHasFailedAndTheNextOneIsShown() async throws {
        stage.canShow = false
        let (sandbox, sale) = try await challenged("swift-pages-failed")
        try await wait {
            if case .challenge(_, isOpen: false) = sale.state { true } else { false }
        }
        stage.canShow = true
        try stage.show("next", for: "other")
        #expect(await stage.addresses().count == 1, "the first has not gone yet")
        stage.shown.first?.done?()
        #expect(await stage.addresses().last == "next")
        try await sandbox.visit(try #require(stage.shown.first).address, "authenticates")
        #expect(await sale.outcome.charge == .charged)
    }

    @Test func aPageWaitsForAWindowAndIsShownOnce() async throws {
        stage.isFree = false
        try stage.show("one", for: "sale")
        #expect(await stage.addresses().isEmpty)
        stage.isFree = true
        stage.pages.stageIsFree()
        stage.pages.stageIsFree()
        #expect(await stage.addresses() == ["one"])
    }

    @Test func whatIsClosedWhileItWaitsIsNeverShown() async throws {
        stage.isFree = false
        try stage.show("one", for: "sale")
        try stage.show("two", for: "other")
        try stage.dismiss("one", for: "sale")
        await stage.settle()
        stage.isFree = true
        stage.pages.stageIsFree()
        #expect(await stage.addresses() == ["two"])
    }

    @Test func twoSalesPagesComeOneAfterTheOther() async throws {
        try stage.show("one", for: "sale")
        try stage.show("two", for: "other")
        #expect(await stage.addresses() == ["one"])
        stage.shown[0].end?(.closed)
        #expect(await stage.addresses() == ["one"], "the first still moves off the screen")
        stage.shown[0].done?()
        #expect(await stage.addresses() == ["one", "two"])
        #expect(!stage.shown[0].isDismissed)
        stage.shown[1].end?(.returned)
        #expect(stage.reports.now == ["one closed", "two returned"])
    }

    @Test func aSalesNextPageReplacesItsLast() async throws {
        try stage.show("one", for: "sale")
        try stage.show("two", for: "sale")
        #expect(await stage.addresses() == ["one"])
        #expect(stage.shown[0].isDismissed)
        stage.shown[0].end?(.closed)
        stage.shown[0].done?()
        #expect(await stage.addresses() == ["one", "two"])
        // What the first says of its end, late as well, is not the second's.
        stage.shown[0].end?(.closed)
        #expect(stage.reports.now.isEmpty)
        try stage.dismiss("two", for: "sale")
        await stage.settle()
        #expect(stage.shown[1].isDismissed)
        stage.shown[1].end?(.returned)
        #expect(stage.reports.now.isEmpty, "it was the sale that wanted it")
    }

    @Test func aPageThatTheSystemRefusesIsShownPlainAndNotTakenForClosed() async throws {
        let (sandbox, sale) = try await challenged("swift-pages-refused")
        let refused = try #require(stage.shown.first)
        #expect(refused.kind == .endingAtLink)
        refused.end?(.refused)
        refused.done?()
        #expect(await stage.addresses().count == 2)
        let plain = try #require(stage.shown.last)
        #expect(plain.kind == .plain && plain.address == refused.address)
        // What the refused one says late is not the plain one's.
        refused.end?(.closed)
        #expect(sale.state == .challenge(url: plain.address, isOpen: true))
        plain.end?(.closed)
        try await wait { sale.state == .challenge(url: plain.address, isOpen: false) }
        plain.done?()
        // What is refused is refused to all: it is not tried again.
        try stage.show("next", for: "other")
        #expect(await stage.addresses().last == "next")
        #expect(stage.shown.last?.kind == .plain)
        try await sandbox.visit(plain.address, "authenticates")
        #expect(await sale.outcome.charge == .charged)
    }

    @Test func aPageWhoseWindowIsGoneIsClosed() async throws {
        let (sandbox, sale) = try await challenged("swift-pages-lost")
        let page = try #require(stage.shown.first)
        stage.pages.windowIsGone()
        await stage.settle()
        #expect(sale.state == .challenge(url: page.address, isOpen: true), "it was another window")
        page.isLost = true
        stage.pages.windowIsGone()
        try await wait { sale.state == .challenge(url: page.address, isOpen: false) }
        try await sandbox.visit(page.address, "authenticates")
        #expect(await sale.outcome.charge == .charged)
    }

    @Test func aPageThatCouldNotLeaveIsTakenAwayWhenTheAppIsBack() async throws {
        try stage.show("one", for: "sale")
        await stage.settle()
        try stage.dismiss("one", for: "sale")
        try stage.show("two", for: "other")
        await stage.settle()
        stage.shown[0].isDismissed = false
        stage.pages.stageIsFree()
        #expect(await stage.addresses() == ["one"])
        #expect(stage.shown[0].isDismissed)
        stage.shown[0].done?()
        stage.shown[0].done?()
        #expect(await stage.addresses() == ["one", "two"])
    }

    @Test func whatIsReportedAfterTheEndStartsNoSaleAgain() async throws {
        let store = MemoryStore()
        let sandbox = try Sandbox.shared.get()
        let client = try SaleClient(config: sandbox.parties.config, presenter: stage.pages, store: store)
        let sale = try client.start(.lunch(device: "swift-pages-late"), with: Typed(code: "321").form())
        try await wait { stage.shown.count == 1 }
        try await wait {
            if case .challenge(_, isOpen: true) = sale.state { true } else { false }
        }
        let challenge = try #require(sale.challenge)
        #expect(challenge.saleId == sale.id && challenge.url == stage.shown[0].address)
        #expect(!"\(challenge) \(String(reflecting: challenge))".contains(challenge.url.absoluteString))
        #expect(try client.running(sale.id)?.id == sale.id)
        sale.cancel()
        #expect(await sale.outcome.charge == .unknown)
        stage.shown[0].end?(.closed)
        await stage.settle()
        challenge.failed()
        challenge.closed()
        challenge.returned()
        #expect(try client.running(sale.id) == nil)
        #expect(sale.challenge == nil)
        #expect(await sale.outcome.charge == .unknown)
        let left = try await SaleClient(config: sandbox.parties.config, store: store).pending().sales
        guard case .finished = left.first?.state else { throw TestFailure(description: "\(left)") }
    }

    @Test func aPageOfAnEarlierRunIsNoneOfTheResumedSale() async throws {
        let sandbox = try Sandbox.shared.get()
        let client = try SaleClient(config: sandbox.parties.config, presenter: stage.pages, store: MemoryStore())
        let sale = try client.start(.lunch(device: "swift-pages-earlier"), with: Typed(code: "321").form())
        try await wait { sale.challenge != nil }
        let earlier = try #require(sale.challenge)
        sale.cancel()
        #expect(await sale.outcome.charge == .unknown)
        let resumed = try await client.resume(sale.id)
        try await wait { resumed.challenge != nil }
        let own = try #require(resumed.challenge)
        earlier.closed()
        own.closed()
        try await wait { resumed.state == .challenge(url: own.url, isOpen: false) }
        resumed.cancel()
        #expect(await resumed.outcome.charge == .unknown)
    }
}
