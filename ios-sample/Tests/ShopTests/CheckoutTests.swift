//! Each screen of the app, by its own buttons and fields, with the real library and the real sandbox.

import Foundation
import Sandbox
import SaleKit
import Testing

@testable import Shop
@testable import UIKit

@MainActor @Suite(.serialized) struct CheckoutTests {
    @Test func approvedWithAReceiptAndTheCardIsGone() async throws {
        let shop = try Checkout()
        try shop.picture("1-card")
        shop.stage.tap(Checkout.pay)
        #expect(shop.model.screen == .card && shop.stage.text.contains("Please fill this in."), "nothing is typed yet")
        shop.model.card.wipe()
        shop.type(code: "123")
        #expect(shop.stage.text.contains("4111 11•• •••• 1111"))
        try shop.picture("2-filled")
        try await shop.sandbox.script(shop.device, Checkout.undecided)
        #expect(shop.stage.tap(Checkout.pay))
        #expect(shop.stage.buttons == [Words.stop], "nothing can be paid twice")
        try await shop.shows(Words.processing)
        try shop.picture("3-paying")
        try await shop.decide("approve")
        try await shop.shows(Checkout.paid)
        try await shop.until { shop.model.savedCard != nil }
        try shop.picture("4-approved")
        guard case .ended(.approved(let receipt)) = shop.model.screen else { throw TestFailure("\(shop.model.screen)") }
        for words in ["The payment was made.", "Visa •••• 1111", receipt.orderId ?? "no order", receipt.invoiceId] {
            #expect(shop.stage.text.contains(words))
        }
        #expect(shop.stage.buttons == [Words.nextOrder])
        #expect(try await shop.charges(receipt.invoiceId) == [1, 1])
        #expect(shop.model.card.form.missing == shop.model.card.form.fields, "the card is wiped")
        shop.model.useAnotherCard()
        #expect(shop.isEntryEmpty)
    }

    @Test func declinedWithAdviceAndPaidAgain() async throws {
        let shop = try Checkout()
        shop.type(code: "116")
        shop.stage.tap(Checkout.pay)
        try await shop.shows(Words.declined)
        guard case .ended(.declined(let decline)) = shop.model.screen else { throw TestFailure("\(shop.model.screen)") }
        #expect(shop.stage.text.contains(decline.advice.displayMessage))
        try shop.picture("5-declined")
        #expect(try await shop.charges(decline.invoiceId) == [1, 0])
        let order = shop.model.order
        #expect(shop.stage.tap(Words.payAgain) && shop.isEntryEmpty && shop.model.order == order)
        shop.type(code: "123")
        #expect(shop.stage.tap(Checkout.pay))
        try await shop.shows(Checkout.paid)
    }

    @Test func theBankAsksAndItsPageCanBeShownAgain() async throws {
        let shop = try Checkout()
        shop.type(code: "321")
        shop.stage.tap(Checkout.pay)
        let first = try await shop.page()
        try await shop.shows(Words.pageIsOpen)
        try shop.picture("6-challenge")
        first.closed()
        try await shop.shows(Words.pageIsClosed)
        #expect(shop.stage.buttons == [Words.openPage, Words.stop])
        #expect(shop.stage.tap(Words.openPage))
        let again = try await shop.page(2)
        #expect(again.url == first.url)
        try await shop.sandbox.visit(again.url, "authenticates")
        again.returned()
        try await shop.shows(Checkout.paid)
        guard case .ended(.approved(let receipt)) = shop.model.screen else { throw TestFailure("\(shop.model.screen)") }
        #expect(try await shop.charges(receipt.invoiceId) == [1, 1])
    }

    @Test func theBankSaysNo() async throws {
        let shop = try Checkout()
        shop.type(code: "321")
        shop.stage.tap(Checkout.pay)
        let page = try await shop.page()
        try await shop.sandbox.visit(page.url, "cancels")
        page.returned()
        try await shop.shows(Words.declined)
        #expect(shop.stage.buttons == [Words.payAgain])
    }

    @Test func unknownCannotBePaidAgainAndIsAskedForAgain() async throws {
        let shop = try Checkout { $0.timeouts.processing = 1 }
        try await shop.sandbox.script(shop.device, Checkout.undecided)
        shop.type(code: "123")
        shop.stage.tap(Checkout.pay)
        try await shop.shows(Words.unknown)
        try shop.picture("7-unknown")
        guard case .ended(.unknown(let end)) = shop.model.screen else { throw TestFailure("\(shop.model.screen)") }
        #expect(shop.stage.buttons == [Words.checkAgain, Words.nextOrder], "and no way to pay again")
        for words in [Words.unknownNote, end.advice.displayMessage, end.reason.displayMessage] { #expect(shop.stage.text.contains(words)) }
        shop.model.payAgain()
        shop.model.pay()
        #expect(shop.model.screen == .ended(.unknown(end)))
        #expect(shop.model.card.form.missing == shop.model.card.form.fields)
        try await shop.decide("approve")
        // Until the gateway is done with it.
        try await shop.until {
            shop.stage.tap(Words.checkAgain)
            return shop.stage.text.contains(Checkout.paid)
        }
        #expect(try await shop.charges(end.invoiceId) == [1, 1])
    }

    @Test func aTapAtTheVeryEndIsNotUndone() async throws {
        for (conduct, button) in [("cancels", Words.payAgain), ("authenticates", Words.nextOrder)] {
            let shop = try Checkout()
            shop.type(code: "321")
            shop.stage.tap(Checkout.pay)
            try await shop.sandbox.visit(try await shop.page().url, conduct)
            // Without a pause, so that nothing of the model's comes between the end and the tap.
            try await shop.ends()
            #expect(shop.stage.tap(button) && shop.isEntryEmpty)
            // Acknowledged: nothing more comes of the sale.
            try await shop.until { try await shop.client.pending().sales.isEmpty }
            #expect(shop.model.screen == .card)
            #expect(shop.stage.tap(Checkout.pay) && shop.stage.text.contains("Please fill this in."))
        }
    }

    @Test func aCheckAtTheVeryEndIsNotUndone() async throws {
        let shop = try Checkout()
        shop.type(code: "321")
        shop.stage.tap(Checkout.pay)
        let page = try await shop.page()
        try await shop.shows(Words.pageIsOpen)
        shop.stage.tap(Words.stop)
        try await shop.ends()
        #expect(shop.stage.tap(Words.checkAgain))
        _ = try await shop.page(2)
        try await shop.sandbox.visit(page.url, "authenticates")
        try await shop.shows(Checkout.paid)
    }

    @Test func aCheckThatFailsSaysWhyAndCanBeMadeAgain() async throws {
        let snapshots = MemoryStore()
        let shop = try Checkout(snapshots: snapshots)
        shop.type(code: "321")
        shop.stage.tap(Checkout.pay)
        let page = try await shop.page()
        try await shop.shows(Words.pageIsOpen)
        shop.stage.tap(Words.stop)
        try await shop.shows(Words.unknown)
        let end = shop.model.screen
        snapshots.loadNothing()
        #expect(shop.stage.tap(Words.checkAgain))
        try await shop.until { shop.model.refusal != nil }
        #expect(shop.model.screen == end && shop.stage.text.contains(shop.model.refusal ?? "no reason"))
        snapshots.loadNothing(false)
        #expect(shop.stage.tap(Words.checkAgain) && shop.model.refusal == nil)
        try await shop.sandbox.visit(page.url, "authenticates")
        try await shop.shows(Checkout.paid)
    }

    @Test func aSaleThatIsLeftBehindChangesTheScreenNoMore() async throws {
        let shop = try Checkout()
        shop.type(code: "321")
        shop.stage.tap(Checkout.pay)
        let page = try await shop.page()
        try await shop.shows(Words.pageIsOpen)
        let order = shop.model.order
        shop.model.orderAgain(try .lunch())
        #expect(shop.isEntryEmpty && shop.model.leftOvers.map(\.orderId) == [order.id])
        page.closed()
        try await shop.shows(Words.pageIsClosed)
        #expect(shop.model.screen == .card)
        shop.type(code: "321")
        #expect(shop.stage.tap(Checkout.pay))
        let next = try await shop.page(2)
        try await shop.until { shop.model.screen == .paying(.challenge(url: next.url, isOpen: true)) }
        try await shop.sandbox.visit(page.url, "authenticates")
        try await shop.shows(Checkout.paid)
        #expect(shop.model.leftOvers.first?.state?.outcome?.charge == .charged)
        #expect(shop.model.screen == .paying(.challenge(url: next.url, isOpen: true)))
    }

    @Test func anotherOrderIsPaidWhileOneIsUnknown() async throws {
        let shop = try Checkout()
        shop.type(code: "321")
        shop.stage.tap(Checkout.pay)
        let page = try await shop.page()
        try await shop.shows(Words.pageIsOpen)
        shop.stage.tap(Words.stop)
        try await shop.shows(Words.unknown)
        guard case .ended(.unknown(let end)) = shop.model.screen else { throw TestFailure("\(shop.model.screen)") }
        let order = shop.model.order, id = try #require(try await shop.client.pending().sales.first?.id)
        #expect(shop.stage.tap(Words.nextOrder) && shop.isEntryEmpty && shop.model.order.id != order.id)
        let left = LeftOverSale(id: id, amount: order.total, orderId: order.id, state: .finished(.unknown(end)))
        #expect(shop.model.leftOvers == [left] && shop.stage.text.contains(end.advice.displayMessage))
        shop.type(code: "123")
        #expect(shop.stage.tap(Checkout.pay))
        try await shop.shows(Checkout.paid)
        #expect(shop.model.leftOvers == [left])
        #expect(shop.stage.tap(Words.checkAgain))
        #expect(try await shop.page(2).url == page.url)
        try await shop.sandbox.visit(page.url, "authenticates")
        try await shop.until { shop.model.leftOvers.first?.state?.outcome?.charge == .charged }
        #expect(try await shop.charges(end.invoiceId) == [1, 1])
        try await shop.until { try await shop.client.pending().sales.isEmpty }
        #expect(shop.stage.tap(Words.nextOrder) && shop.model.leftOvers.isEmpty)
    }

    @Test func theSavedCardIsPaidWithByItsCodeOnly() async throws {
        let shop = try Checkout()
        shop.type(code: "123")
        shop.stage.tap(Checkout.pay)
        try await shop.until { shop.model.savedCard != nil }
        shop.stage.tap(Words.nextOrder)
        #expect(shop.stage.text.contains("Visa •••• 1111") && shop.stage.field("number") == nil)
        #expect(!shop.stage.tap(Checkout.pay), "the code is asked for")
        shop.stage.field("security_code")?.type("123")
        _ = UIResponder.first?.resignFirstResponder()
        try shop.picture("8-saved-card")
        #expect(shop.stage.tap(Checkout.pay))
        try await shop.shows(Checkout.paid)
        guard case .ended(.approved(let receipt)) = shop.model.screen else { throw TestFailure("\(shop.model.screen)") }
        #expect(try await shop.charges(receipt.invoiceId) == [1, 1])
        #expect(!shop.model.code.isComplete, "the code is wiped")
        shop.stage.tap(Words.nextOrder)
        #expect(shop.stage.tap(Words.otherCard) && shop.isEntryEmpty)
    }

    @Test func withoutANetworkNothingIsCharged() async throws {
        let nowhere = try #require(URL(string: "https://127.0.0.1:9"))
        let shop = try Checkout {
            $0.gatewayURL = nowhere
            $0.merchantURL = nowhere
        }
        shop.type(code: "123")
        shop.stage.tap(Checkout.pay)
        try await shop.shows(NotChargedReason.merchantUnavailable.displayMessage)
        try shop.picture("9-no-network")
        #expect(shop.stage.text.contains(Words.notCharged) && shop.stage.buttons == [Words.payAgain])
        #expect(shop.stage.tap(Words.payAgain) && shop.isEntryEmpty)
    }

    @Test func aMistypedNumberIsSaidAndCannotBePaidWith() async throws {
        let shop = try Checkout()
        shop.type(code: "123", number: "4111111111111112")
        #expect(shop.stage.text.contains("Please check the number for a typing mistake."))
        try shop.picture("10-mistyped")
        shop.stage.tap(Checkout.pay)
        #expect(shop.model.screen == .card)
    }
}
