//! A store of a test's own, which can fail.

import Foundation
import SaleKit

/// Keeps snapshots in memory. It can refuse to load or to remove them, as a broken disk does.
final class MemoryStore: SnapshotStore, @unchecked Sendable {
    private let lock = NSLock()
    private var snapshots: [Sale.ID: Data] = [:]
    private var removesNothing = false
    private var loadsNothing = false

    func removeNothing() { lock.withLock { removesNothing = true } }
    func loadNothing(_ isSo: Bool = true) { lock.withLock { loadsNothing = isSo } }

    func save(_ snapshot: Data, for sale: Sale.ID) { lock.withLock { snapshots[sale] = snapshot } }

    func load(for sale: Sale.ID) throws -> Data? {
        try lock.withLock {
            guard !loadsNothing else { throw CallbackError.failed(detail: "nothing is loaded") }
            return snapshots[sale]
        }
    }

    func list() -> [Sale.ID] { lock.withLock { Array(snapshots.keys) } }

    func remove(for sale: Sale.ID) throws {
        try lock.withLock {
            guard !removesNothing else { throw CallbackError.failed(detail: "nothing is removed") }
            snapshots[sale] = nil
        }
    }
}
