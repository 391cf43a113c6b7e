//! The fake client, as an app's test uses it.

import Foundation
import SaleKit
import SaleKitTesting
import Testing

@Suite struct FakeSalesTests {
    private func request() throws -> SaleRequest {
        SaleRequest(amount: Money(minorUnits: 1050, currency: "EUR"), consumer: Consumer(serialNumber: "device-1"), merchantOrderId: "order 7")
    }

    private let euros = Money(minorUnits: 1050, currency: "EUR")

    private final class Browser: RedirectPresenter, @unchecked Sendable {
        private(set) var log: [String] = []

        func show(_ challenge: Challenge) {
            log.append("show \(challenge.url)")
            challenge.returned()
        }

        func dismiss(_ challenge: Challenge) { log.append("dismiss \(challenge.url)") }
    }

    @Test func aSaleGoesOnAsTheTestSays() async throws {
        let browser = Browser()
        let sales = FakeSales(presenter: browser)
        let client = sales.client
        let sale = try client.start(request(), with: CardForm())
        var states = sale.states.makeAsyncIterator()
        #expect(await states.next() == .initiating)
        let last = try #require(sales.last)
        #expect(last.request?.merchantOrderId == "order 7" && last.id == sale.id)
        #expect(try client.running(sale.id)?.id == sale.id)

        last.move(to: .processing)
        #expect(await states.next() == .processing)
        let url = try #require(URL(string: "https://acs.example/page"))
        let page = last.challenge(url)
        #expect(await states.next() == .challenge(url: url, isOpen: true))
        #expect(page.reports == ["returned"] && sale.challenge?.url == url)
        async let waiting = sale.outcome
        last.end(.approved(SaleReceipt(of: euros)))
        #expect(await states.next() == .finished(.approved(SaleReceipt(of: euros))))
        #expect(await states.next() == nil)
        #expect(await waiting.charge == .charged)
        #expect(browser.log == ["show \(url)", "dismiss \(url)"])
        #expect(try client.running(sale.id) == nil && sale.challenge == nil)

        last.end(.declined(Decline(.contactBank)))
        #expect(await sale.outcome.charge == .charged, "the first end counts")
        try await client.acknowledge(sale.id)
        #expect(sales.acknowledged == [sale.id])
    }

    @Test func aSaleEndsByItselfAndTheNextCallThrows() async throws {
        let sales = FakeSales()
        sales.endNext(with: .declined(Decline(.contactBank)), passing: [.performing])
        sales.failNext(with: .orderInUse(saleId: "7"))
        let outcome = await (try sales.client.start(request(), with: CardForm())).outcome
        #expect(outcome.charge == .notCharged && !outcome.displayMessage.isEmpty)
        #expect(throws: SaleKitError.orderInUse(saleId: "7")) { try sales.client.start(request(), with: CardForm()) }
        #expect(sales.started.count == 1)
    }

    @Test func salesThatAnEarlierRunLeftAreResumed() async throws {
        let sales = FakeSales(), client = sales.client
        sales.leave("a", as: .processing, of: euros, merchantOrderId: "order 7")
        sales.leave("b", as: .finished(.approved(SaleReceipt(of: euros))), of: euros)
        #expect(try await client.pending().sales.map(\.id) == ["a", "b"])
        #expect(await (try client.resume("b")).outcome.charge == .charged)
        try await client.acknowledge("b")
        let sale = try await client.resume("a")
        await #expect(throws: SaleKitError.saleStillRunning(saleId: "a")) { try await client.acknowledge("a") }
        let unknown = UnknownOutcome(reason: .stillProcessing, advice: .askMerchant, invoiceId: "i", orderId: nil, detail: "a test says so")
        sales.last?.end(.unknown(unknown))
        #expect(await sale.outcome.charge == .unknown)
        await #expect(throws: SaleKitError.saleOutcomeUnknown(saleId: "a")) { try await client.acknowledge("a") }
        try await client.forget("a")
        #expect(try await client.pending().sales.isEmpty && sales.forgotten == ["a"])
        await #expect(throws: SaleKitError.saleNotFound(saleId: "c")) { _ = try await client.resume("c") }
    }

    @Test func aStoredCardIsToldOfAnApprovedSaleAndPaysTheNextOne() async throws {
        let sales = FakeSales(), client = sales.client
        sales.storedCard = StoredCard(clientCardId: "card-1", brand: .visa, last4: "1111", mappedWithEmail: false)
        sales.endNext(with: .approved(SaleReceipt(of: euros)))
        let told = try await client.start(request(), with: CardForm()).storedCard()
        let card = try #require(told)
        #expect(card.last4 == "1111")
        var code = Array("123".utf8)
        let sale = try client.start(request(), with: card, securityCode: &code)
        #expect(code.isEmpty)
        sale.cancel()
        await client.preconnect()
        client.appForeground()
        #expect(sales.last?.isCancelled == true && sales.calls == ["preconnect", "appForeground"])
    }
}
