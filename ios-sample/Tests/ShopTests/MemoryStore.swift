//! A store of a test's own, which can fail.

import Foundation
import SaleKit

/// Keeps snapshots in memory. It can refuse to remove them, as a full disk does.
final class MemoryStore: SnapshotStore, @unchecked Sendable {
    private let lock = NSLock()
    private var snapshots: [Sale.ID: Data] = [:]
    private var removesNothing = false

    func removeNothing() { lock.withLock { removesNothing = true } }

    func save(_ snapshot: Data, for sale: Sale.ID) { lock.withLock { snapshots[sale] = snapshot } }
    func load(for sale: Sale.ID) -> Data? { lock.withLock { snapshots[sale] } }
    func list() -> [Sale.ID] { lock.withLock { Array(snapshots.keys) } }

    func remove(for sale: Sale.ID) throws {
        try lock.withLock {
            guard !removesNothing else { throw CallbackError.failed(detail: "nothing is removed") }
            snapshots[sale] = nil
        }
    }
}
