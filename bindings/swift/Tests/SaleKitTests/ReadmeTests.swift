//! The README's sale is a file of these tests.

import Fixtures
import Foundation
import SaleKit
import Testing

@Suite struct ReadmeTests {
    @Test func theProgramMakesSalesSettlesEachAndLeavesNoneBehind() async throws {
        let (store, settled) = (MemoryStore(), Shared<[Charge]>([]))
        let client = try SaleClient(config: Sandbox.shared.get().parties.config, store: store)
        let settle: Settle = { _, outcome in settled.with { $0.append(outcome.charge) } }
        let approved = try await pay(client, for: "order 1", with: Typed().form(), device: "readme-1", settle: settle)
        #expect(message(approved) == "paid 10.50 EUR")
        let declined = try await pay(client, for: "order 2", with: Typed(code: "116").form(), device: "readme-2", settle: settle)
        #expect(message(declined) == DeclineAdvice.tryAnotherCard.displayMessage)
        #expect(settled.now == [.charged, .notCharged] && store.sales.isEmpty)
    }

    @Test func theProgramSettlesWhatAnEarlierRunLeftAndKeepsWhatIsUnknownOrRunsElsewhere() async throws {
        let (store, settled) = (MemoryStore(), Shared<[Sale.ID: Charge]>([:]))
        var config = try Sandbox.shared.get().parties.config
        let client = try SaleClient(config: config, store: store)
        let elsewhere = try client.start(.lunch(device: "readme-5"), with: Typed().form())
        let left = try client.start(.lunch(device: "readme-3"), with: Typed().form())
        // Only this one is given up soon.
        config.timeouts.processing = 1
        let impatient = try SaleClient(config: config, store: store)
        let unknown = try impatient.start(.lunch(device: "readme-4"), with: Typed(code: "217").form())
        _ = await (elsewhere.outcome, left.outcome, unknown.outcome)
        store.runsElsewhere(elsewhere.id)
        try await finishPending(client) { sale, outcome in settled.with { $0[sale.id] = outcome.charge } }
        #expect(settled.now == [left.id: .charged, unknown.id: .unknown])
        #expect(Set(store.sales) == [elsewhere.id, unknown.id])
    }

    @Test func anOutcomeThatCannotBeSettledIsReturnedAndSettledAtTheNextStart() async throws {
        let (store, settled) = (MemoryStore(), Shared<[Charge]>([]))
        let client = try SaleClient(config: Sandbox.shared.get().parties.config, store: store)
        let outcome = try await pay(client, for: "order 3", with: Typed().form(), device: "readme-6") { _, _ in
            throw URLError(.notConnectedToInternet)
        }
        #expect(outcome.charge == .charged && store.sales.count == 1)
        try await finishPending(client) { _, outcome in settled.with { $0.append(outcome.charge) } }
        #expect(settled.now == [.charged] && store.sales.isEmpty)
    }

    @Test func theReadmeShowsThem() throws {
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let code = try String(contentsOf: here.appendingPathComponent("MakingASale.swift"), encoding: .utf8)
        let readme = here.appendingPathComponent("../../README.md").standardizedFileURL
        #expect(try String(contentsOf: readme, encoding: .utf8).contains("```swift\n\(code)```\n"))
    }
}
