//! Sales in a process of their own: one is killed, one is weighed, one has a log that does not come back.

import Fixtures
import Foundation
import SaleKit
import Testing

@Suite struct ProcessTests {
    let sandbox: Sandbox
    let store: URL

    init() throws {
        sandbox = try Sandbox.shared.get()
        store = sandbox.folder.appendingPathComponent("store-\(UUID())")
    }

    private func start(_ task: String, device: String) throws -> Child {
        try Child([task, sandbox.readyFile.path, store.path, device])
    }

    @Test func aKilledAppGoesOnWithItsSale() async throws {
        let app = try start("abandon", device: "swift-killed")
        let id = await app.word()
        #expect(await app.kill())

        var config = sandbox.parties.config
        config.storeDirectory = store
        let client = try SaleClient(config: config)
        let pending = try await client.pending()
        #expect(pending.sales.map(\.id) == [id] && pending.damaged.isEmpty)
        let left = try #require(pending.sales.first)
        #expect("\(left.amount)" == "10.50 EUR" && left.merchantOrderId == "lunch" && left.startedAt < Date())

        let sale = try await client.resume(id)
        #expect(sale.id == id)
        let page = try await sale.page()
        // Taken before the visit: after it the sale may have moved on.
        let challenge = try #require(sale.challenge)
        try await sandbox.visit(page, "authenticates")
        challenge.returned()
        #expect(await sale.outcome.charge == .charged)
        let entry = try #require(try await sandbox.entry(sale.invoiceId))
        #expect(entry.performs_received == 1 && entry.charges == 1)
        try await client.acknowledge(id)
        await #expect(throws: SaleKitError.saleNotFound(saleId: id)) { try await client.resume(id) }
    }

    @Test func aLogThatDoesNotComeBackHoldsUpNoSale() async throws {
        let (text, _) = try await start("mute", device: "swift-mute").end()
        #expect(text.split(separator: "\n").sorted() == ["charged", "charged", "stuck"], "\(text)")
    }

    @Test func twentyThousandCallbacksLeaveNothingBehind() async throws {
        let (text, isSuccess) = try await start("callbacks", device: "swift-weighed").end()
        let numbers = text.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        try #require(isSuccess && numbers.count == 3, "\(text)")
        #expect(numbers[0] == 10_000 && numbers[1] == 10_000)
        // A kilobyte kept for each of them would be ten times this.
        #expect(numbers[2] < 1_000_000, "grew by \(numbers[2]) bytes")
    }
}
