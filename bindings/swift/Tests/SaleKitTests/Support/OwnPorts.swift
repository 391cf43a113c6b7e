//! The ports of an app of the tests' own.

import Foundation
import SaleKit

/// A merchant that speaks a protocol of its own with the app, and in truth asks the sandbox's.
final class OwnMerchant: MerchantBackend {
    let asked = Shared<[String]>([])
    /// The sale and the order of each question about one.
    let orders = Shared<[String]>([])
    /// What no log may show.
    let secrets = Shared<[String]>([])
    private let sandbox: Sandbox
    private let error: (any Error & Sendable)?
    private let initiated: InitiatedSale?
    private let session: @Sendable (InvoiceRequest, Bool) async throws -> SessionAnswer

    init(
        _ sandbox: Sandbox, initiating error: (any Error & Sendable)? = nil, initiated: InitiatedSale? = nil,
        session: @escaping @Sendable (InvoiceRequest, Bool) async throws -> SessionAnswer = { _, _ in
            throw ErrorResponse(status: 404)
        }
    ) {
        self.sandbox = sandbox
        self.error = error
        self.initiated = initiated
        self.session = session
    }

    func accessToken(forDevice serialNumber: String) async throws -> String {
        asked.with { $0.append("accessToken") }
        let answer = try await ask("auth/request-access-token", nil)
        return try secret(answer["session"]["accessToken"])
    }

    func initiate(_ question: InitiateSaleRequest) async throws -> InitiatedSale {
        asked.with { $0.append("initiate") }
        orders.with { $0.append("\(question.saleId) \(question.merchantOrderId ?? "none")") }
        if let error { throw error }
        if let initiated { return initiated }
        let answer = try await ask(
            "sale/initiate-sale",
            .object([
                "consumer": .object(["device": .object(["serialNumber": .text(question.consumer.serialNumber)])]),
                "session": .object(["accessToken": .text(question.accessToken)]),
                "transaction": .object([
                    "amountCentis": .number(Int(question.amount.minorUnits)), "currency": .text(question.amount.currency),
                ]),
            ])
        )
        return InitiatedSale(
            endpointId: answer["endpointId"].text ?? "",
            invoiceId: answer["invoiceId"].text ?? "",
            nonce: try secret(answer["session"]["nonce"]),
            signature: try secret(answer["session"]["signature"])
        )
    }

    func sessionToken(_ question: InvoiceRequest, orVoid wantsVoid: Bool) async throws -> SessionAnswer {
        asked.with { $0.append(wantsVoid ? "sessionToken or void" : "sessionToken") }
        return try await session(question, wantsVoid)
    }

    func storedCard(_ question: InvoiceRequest) async throws -> StoredCard {
        asked.with { $0.append("storedCard") }
        orders.with { $0.append("\(question.saleId) \(question.merchantOrderId ?? "none")") }
        return StoredCard(clientCardId: "card-of-\(question.invoiceId)", bin: nil, mappedWithEmail: false)
    }

    private func secret(_ value: JSONValue) throws -> String {
        guard let text = value.text else { throw TestFailure(description: "the merchant gave none") }
        secrets.with { $0.append(text) }
        return text
    }

    private func ask(_ path: String, _ body: JSONValue?) async throws -> JSONValue {
        guard let answer = try await sandbox.ask(path, posting: body.map(JSONEncoder().encode)) else {
            throw TestFailure(description: "\(path): 404")
        }
        return try JSONDecoder().decode(JSONValue.self, from: answer)
    }
}

/// Keeps snapshots in memory, or keeps none.
final class MemoryStore: SnapshotStore {
    let snapshots = Shared<[String: Data]>([:])
    private let elsewhere = Shared<Sale.ID?>(nil)
    private let error: (any Error & Sendable)?

    init(failing error: (any Error & Sendable)? = nil) { self.error = error }

    /// The sales that have a snapshot; what is kept of earlier sales' invoices is none.
    var sales: [Sale.ID] { snapshots.now.keys.filter { $0 != String(repeating: "0", count: 32) } }

    /// Another process runs this sale from now on.
    func runsElsewhere(_ sale: Sale.ID) { elsewhere.with { $0 = sale } }

    func lock(_ name: String) throws -> StoreLock { elsewhere.now == name ? .taken : .unsupported }

    func save(_ snapshot: Data, for sale: Sale.ID) throws {
        try work()
        snapshots.with { $0[sale] = snapshot }
    }

    func load(for sale: Sale.ID) throws -> Data? {
        try work()
        return snapshots.now[sale]
    }

    func list() throws -> [Sale.ID] {
        try work()
        return Array(snapshots.now.keys)
    }

    func remove(for sale: Sale.ID) throws {
        try work()
        snapshots.with { $0[sale] = nil }
    }

    private func work() throws { if let error { throw error } }
}

/// Saves nothing before its sale's watcher has seen the state that the sale is in: a watcher may miss states that last
/// but a moment, and the next one comes only when it is saved.
final class WatchedStore: SnapshotStore {
    private let kept = MemoryStore()
    private let watch = Shared<(sale: Sale?, seen: String?)>((nil, nil))

    /// The store's next sales are for `sale`, once that is there.
    func watches(_ sale: Sale?) { watch.with { $0 = (sale, nil) } }
    func saw(_ state: String) { watch.with { $0.seen = state } }

    func save(_ snapshot: Data, for id: Sale.ID) throws {
        // The core gives a store ten seconds.
        let timeouts = Date() + 9
        while !isSeen {
            guard Date() < timeouts else { throw TestFailure(description: "nobody watches") }
            usleep(5_000)
        }
        try kept.save(snapshot, for: id)
    }

    func load(for id: Sale.ID) throws -> Data? { try kept.load(for: id) }
    func list() throws -> [Sale.ID] { try kept.list() }
    func remove(for id: Sale.ID) throws { try kept.remove(for: id) }

    private var isSeen: Bool {
        let (sale, seen) = watch.now
        return sale.map { word($0.state) == seen } ?? false
    }
}

/// Has no browser to show, and remembers what it should have shown.
final class Presenter: RedirectPresenter {
    let challenges = Shared<[Challenge]>([])
    var pages: [URL] { challenges.now.map(\.url) }

    func show(_ challenge: Challenge) throws {
        challenges.with { $0.append(challenge) }
        throw TestFailure(description: "no browser")
    }

    func dismiss(_ challenge: Challenge) {}
}

final class Log: LogSink {
    let lines = Shared<[LogLine]>([])
    func log(_ line: LogLine) { lines.with { $0.append(line) } }
}
