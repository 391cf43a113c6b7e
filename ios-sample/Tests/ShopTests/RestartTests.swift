//! Sales that an earlier run of the app left: it was killed, with SIGKILL, in the middle of one.

import Foundation
import Sandbox
import SaleKit
import Testing

@testable import Shop
@testable import SwiftUI

@MainActor @Suite(.serialized) struct RestartTests {
    let device = "shop-\(UUID())", orderId = "\(Int.random(in: 100_000...999_999))"
    let sandbox: Sandbox
    let store: URL

    init() throws {
        sandbox = try Sandbox.shared.get()
        store = sandbox.folder.appendingPathComponent("store-\(UUID())")
    }

    /// Pays in a process of its own, and kills that as soon as the page has these words.
    private func kill(at words: String, code: String, waiting seconds: Int = 60) async throws {
        let app = try Child([sandbox.readyFile.path, store.path, device, orderId, code, "\(seconds)", words])
        let told = await app.word()
        await app.kill()
        guard told == "there" else { throw TestFailure("the app ended by itself: \(told)") }
    }

    private func restarted(_ configure: (inout SaleClientConfig) -> Void = { _ in }) throws -> Checkout {
        try Checkout(device: device, store: store, orderId: orderId, configure: configure)
    }

    @Test func killedInTheChallengeAndPaidAfterTheRestart() async throws {
        try await kill(at: Words.pageIsOpen, code: "321")
        let shop = try restarted()
        try await shop.shows(Words.earlier)
        #expect(shop.stage.field("number") == nil, "the order may be paid already")
        let page = try await shop.page()
        try await shop.shows(Words.pageIsOpen)
        try shop.picture("11-left-over")
        #expect(shop.stage.buttons == [Words.openPage])
        try await shop.sandbox.visit(page.url, "authenticates")
        page.returned()
        try await shop.shows("The payment was made.")
        try shop.picture("12-left-over-settled")
        #expect(shop.stage.field("number") == nil && shop.stage.buttons == [Words.nextOrder])
        let left = try #require(shop.model.leftOvers.first)
        guard case .approved(let receipt) = left.state?.outcome else { throw TestFailure("\(left)") }
        #expect(try await shop.charges(receipt.invoiceId) == [1, 1])
        // Acknowledged: the next start finds nothing.
        try await shop.until { try await isEmpty() }
        let next = try restarted()
        await next.model.begin()
        #expect(next.model.leftOvers.isEmpty && next.stage.field("number") != nil)
        #expect(shop.stage.tap(Words.nextOrder) && shop.isEntryEmpty && shop.model.leftOvers.isEmpty)
    }

    @Test func whatIsUnknownAfterTheRestartIsKeptAndNotPaidAgain() async throws {
        try await sandbox.script(device, #"{"outcome": "never_final"}"#)
        try await kill(at: Words.unknown, code: "123", waiting: 1)
        let shop = try restarted { $0.timeouts.processing = 1 }
        try await shop.shows(UnknownAdvice.resumeOrAskMerchant.displayMessage)
        try shop.picture("13-left-over-unknown")
        #expect(shop.stage.field("number") == nil && shop.stage.buttons == [Words.checkAgain, Words.nextOrder])
        await shop.model.checkLeftOvers()
        #expect(shop.stage.text.contains(UnknownAdvice.resumeOrAskMerchant.displayMessage))
        #expect(try await !isEmpty(), "unknown ones are kept")
        #expect(shop.stage.tap(Words.nextOrder) && shop.isEntryEmpty && shop.model.leftOvers.map(\.orderId) == [orderId])
        // Another order can be paid.
        let next = try Checkout(device: "shop-\(UUID())", store: store) { $0.timeouts.processing = 1 }
        try await next.shows(UnknownAdvice.resumeOrAskMerchant.displayMessage)
        next.type(code: "123")
        #expect(next.stage.tap(Checkout.pay))
    }

    @Test func aDeclinedLeftOverMakesWayForAnotherTry() async throws {
        try await sandbox.script(device, Checkout.undecided)
        try await kill(at: Words.processing, code: "123")
        let shop = try restarted()
        try await shop.shows(Words.earlier)
        #expect(shop.stage.field("number") == nil, "the order may be paid already")
        try await shop.decide("decline")
        try await shop.until { shop.stage.field("number") != nil && !shop.model.leftOvers.isEmpty }
        guard case .declined = shop.model.leftOvers.first?.state?.outcome else { throw TestFailure("\(shop.model.leftOvers)") }
        try await sandbox.script(device, "{}")
        shop.type(code: "123")
        #expect(shop.stage.tap(Checkout.pay))
        try await shop.shows(Checkout.paid)
    }

    /// An earlier run whose sale stays unknown. Returns its order.
    private func leftUnknown(in snapshots: MemoryStore) async throws -> Order.ID {
        let shop = try Checkout(snapshots: snapshots) { $0.timeouts.processing = 1 }
        try await sandbox.script(shop.device, #"{"outcome": "never_final"}"#)
        shop.type(code: "123")
        #expect(shop.stage.tap(Checkout.pay))
        try await shop.shows(Words.unknown)
        return shop.model.order.id
    }

    @Test func whatThisRunHasStartedIsNoLeftOver() async throws {
        let snapshots = MemoryStore()
        let earlier = try await leftUnknown(in: snapshots)
        // The app starts again. It is slow to ask what is stored: its own sale has ended by then, and is still stored.
        snapshots.removeNothing()
        let shop = try Checkout(snapshots: snapshots, delaysTasks: true)
        shop.type(code: "116")
        #expect(shop.stage.tap(Checkout.pay))
        try await shop.shows(Words.declined)
        await shop.stage.runTasks()
        #expect(shop.model.leftOvers.map(\.orderId) == [earlier])
        #expect(shop.stage.tap(Words.payAgain) && shop.isEntryEmpty)
    }

    @Test func whatThisRunHasLeftUnknownStaysBesideTheLeftOvers() async throws {
        let snapshots = MemoryStore()
        let earlier = try await leftUnknown(in: snapshots)
        let shop = try Checkout(snapshots: snapshots, delaysTasks: true)
        shop.type(code: "321")
        #expect(shop.stage.tap(Checkout.pay))
        try await shop.shows(Words.pageIsOpen)
        shop.stage.tap(Words.stop)
        try await shop.shows(Words.unknown)
        let own = shop.model.order.id
        #expect(shop.stage.tap(Words.nextOrder))
        await shop.stage.runTasks()
        #expect(shop.model.leftOvers.map(\.orderId) == [own, earlier])
        #expect(shop.presenter.shown.count == 1, "it was not asked for again")
    }

    @Test func aSaleIsStoppedAndNotTheLeftOverWhosePageIsOpen() async throws {
        try await kill(at: Words.pageIsOpen, code: "321")
        let shop = try Checkout(device: device, store: store)
        let leftPage = try await shop.page()
        try await shop.shows(Words.pageIsOpen)
        try await sandbox.script(device, #"{"outcome": "never_final"}"#)
        shop.type(code: "123")
        #expect(shop.stage.tap(Checkout.pay))
        try await shop.shows(Words.processing)
        #expect(shop.stage.buttons == [Words.openPage, Words.stop])
        shop.stage.tap(Words.openPage)
        let again = try await shop.page(2)
        #expect(again.url == leftPage.url)
        shop.stage.tap(Words.stop)
        try await shop.shows(Words.unknown)
        try await sandbox.visit(again.url, "authenticates")
        again.returned()
        try await shop.until { shop.model.leftOvers.first?.state?.outcome?.charge == .charged }
        guard case .ended(.unknown) = shop.model.screen else { throw TestFailure("\(shop.model.screen)") }
    }

    private func isEmpty() async throws -> Bool {
        try await SaleClient(config: sandbox.parties.config(store: store)).pending().sales.isEmpty
    }
}
