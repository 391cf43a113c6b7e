//! Starting and watching; what happens to the watchers happens to them only. How sales end is in the scenarios.

import Fixtures
import Foundation
import Testing

@testable import SaleKit

@Suite struct SaleTests {
    let sandbox: Sandbox
    let client: SaleClient

    init() throws {
        sandbox = try Sandbox.shared.get()
        client = try SaleClient(config: sandbox.parties.config)
    }

    private func isCharged(_ sale: Sale) async throws -> Bool {
        let entry = try await sandbox.entry(sale.invoiceId)
        return entry?.performs_received == 1 && entry?.charges == 1
    }

    @Test func aSaleIsApprovedWithItsReceipt() async throws {
        await client.preconnect()
        let form = try Typed().form()
        let sale = try client.start(.lunch(device: "swift-receipt"), with: form)
        guard case .approved(let receipt) = await sale.outcome else { throw TestFailure(description: "\(sale.state)") }
        #expect("\(receipt.requestedAmount)" == "10.50 EUR" && receipt.amount == receipt.requestedAmount)
        #expect(receipt.card?.last4 == "1111" && receipt.card?.brand == .visa)
        #expect(receipt.invoiceId == sale.invoiceId)
        #expect(form.missing == form.fields, "the card was taken out of the form")
        #expect(await sale.outcome.charge == .charged)
        #expect(try await isCharged(sale))
        try await client.acknowledge(sale.id)
        #expect(try await client.pending().sales.isEmpty)
    }

    @Test func theConfirmedAmountIsToldFromTheRequestedOne() throws {
        func receipt(_ amount: Money?) throws -> SaleReceipt {
            SaleReceipt(
                invoiceId: "invoice", orderId: nil, bankOrderId: nil, requestedAmount: try Money("10.50", "EUR"),
                amount: amount, commissionMinorUnits: nil, orderCreated: nil, transactionCreated: nil, threeDSecure: nil, card: nil)
        }
        let (asked, part, other) = try (Money("10.50", "EUR"), Money("10", "EUR"), Money("10.50", "USD"))
        #expect(try receipt(nil).amountToShow == asked && !receipt(nil).amountDiffers)
        #expect(try receipt(asked).amountToShow == asked && !receipt(asked).amountDiffers)
        #expect(try receipt(part).amountToShow == part && receipt(part).amountDiffers)
        #expect(try receipt(other).amountDiffers)
    }

    @Test func aMerchantThatCannotBeAskedForTheStoredCardIsAnErrorAndCanBeAskedAgain() async throws {
        let faults = (1...3).map { #"{"message": "stored_card", "nth": \#($0), "kind": "http", "status": 503}"# }
        let script = #"{"faults": [\#(faults.joined(separator: ", "))]}"#
        try await sandbox.script("swift-card-later", Data(script.utf8))
        let sale = try client.start(.lunch(device: "swift-card-later"), with: Typed().form())
        do throws(SaleKitError) {
            _ = try await sale.storedCard()
            Issue.record("it was answered")
        } catch {
            guard case .merchantUnavailable(failure: nil, _) = error else { throw error }
            #expect(error.code == "merchant_unavailable")
        }
        #expect(await sale.outcome.charge == .charged)
        let card = try #require(try await sale.storedCard())
        #expect(card.bin == "411111" && card.mappedWithEmail)
        #expect(!"\(card)".contains(card.clientCardId))
        let declined = try client.start(.lunch(device: "swift-declined-card"), with: Typed(code: "116").form())
        #expect(try await declined.storedCard() == nil)
    }

    @Test func aCancelledTaskThatWaitsGivesUpAtOnceAndTheSaleGoesOn() async throws {
        // It ends when the cardholder is done with its page, and not before.
        let sale = try client.start(.lunch(device: "swift-waiter"), with: Typed(code: "321").form())
        let waiter = Task { try await sale.outcomeUnlessCancelled() }
        let patient = Task { await sale.outcome }
        let page = try await sale.page()
        waiter.cancel()
        patient.cancel()
        await #expect(throws: CancellationError.self) { try await waiter.value }
        try await sandbox.visit(page, "authenticates")
        #expect(await patient.value.charge == .charged, "outcome waits to the end whatever becomes of its task")
        #expect(try await sale.outcomeUnlessCancelled().charge == .charged)
        #expect(try await isCharged(sale))
    }

    @Test func aCancelledObserverIsLetGoOfAndTheSaleGoesOn() async throws {
        let sale = try client.start(.lunch(device: "swift-observer"), with: Typed(code: "321").form())
        let seen = Shared<[SaleState]>([])
        let observer = Task {
            for await state in sale.states { seen.with { $0.append(state) } }
        }
        try await wait { !seen.now.isEmpty }
        observer.cancel()
        await observer.value
        #expect(seen.now.allSatisfy { $0.outcome == nil }, "it ended before the sale")
        try await sandbox.visit(try await sale.page(), "authenticates")
        #expect(await sale.outcome.charge == .charged)
        #expect(try await isCharged(sale))
    }

    @Test func aSaleThatNobodyHoldsIsChargedAllTheSame() async throws {
        let device = "swift-nobody"
        let backend = Shared<String?>(nil)
        do {
            let sale = try client.start(.lunch(device: device), with: Typed().form())
            for await _ in sale.states {
                guard let invoice = sale.invoiceId else { continue }
                backend.with { $0 = invoice }
                break
            }
        }
        let invoice = try #require(backend.now)
        try await wait { try await sandbox.entry(invoice)?.charges == 1 }
    }

    @Test func everyWatcherSeesTheEndAndStreamsOfAFinishedSaleHaveNothingElse() async throws {
        let sale = try client.start(.lunch(device: "swift-watchers"), with: Typed(code: "116").form())
        let ends = await withTaskGroup(of: SaleState?.self) { group in
            for _ in 0..<8 { group.addTask { await sale.states.reduce(nil) { $1 } } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let outcome = await sale.outcome
        #expect(outcome.charge == .notCharged)
        #expect(ends == Array(repeating: .finished(outcome), count: 8))
        #expect(await sale.states.reduce(into: []) { $0.append($1) } == [.finished(outcome)])
    }

    @Test func whatListensIsFreedWhenItsStreamEnds() async throws {
        struct Weak { weak var relay: StateRelay? }
        // It ends when the cardholder is done with its page, and not before.
        let sale = try client.start(.lunch(device: "swift-freed"), with: Typed(code: "321").form())
        let relays = Shared<[Weak]>([])
        for _ in 0..<100 {
            let stream = sale.states { relay in relays.with { $0.append(Weak(relay: relay)) } }
            for await _ in stream { break }
        }
        #expect(relays.now.count == 100)
        // The core releases a listener when its turn comes, not within the call that ends its subscription.
        try await wait { relays.now.allSatisfy { $0.relay == nil } }
        #expect(sale.state.outcome == nil, "before the sale's end, which would free them too")
        try await sandbox.visit(try await sale.page(), "authenticates")
        #expect(await sale.outcome.charge == .charged)
    }

    @Test func theAppsSignalsReachARunningSale() async throws {
        let sale = try client.start(.lunch(device: "swift-signals"), with: Typed().form())
        client.appBackground()
        client.appForeground()
        client.networkAvailable()
        #expect(await sale.outcome.charge == .charged)
    }
}
