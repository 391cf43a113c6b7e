//! What the app does for SaleKit: it shows pages, keeps snapshots and takes log lines. For the merchant's server see
//! `MerchantBackend.swift`.

public import Foundation
public import SaleKitGenerated

/// Shows the challenge's page: in an `ASWebAuthenticationSession` or the system's browser, never in a web view of the
/// app, which could read what the cardholder types. Each client calls its presenter on a SaleKit thread, one call at a
/// time and in order. Dispatch UI work to the main actor, and do not wait for it. A call that does not return holds up
/// the other pages of its client, and nothing else.
public protocol RedirectPresenter: AnyObject, Sendable {
    /// Shows the page of `challenge`. If a page is already shown for this sale, replace it. Later call
    /// ``Challenge/returned()``, ``Challenge/closed()`` or ``Challenge/failed()``.
    ///
    /// - Throws: Any error. It has the same effect as ``Challenge/failed()``.
    func show(_ challenge: Challenge) throws

    /// Closes the page of `challenge`, if it is still open. It is the page that was shown last for its sale.
    func dismiss(_ challenge: Challenge)

    /// Closes the page that an earlier process of the app may have shown for this sale, if it is still open. SaleKit
    /// calls this when a resumed sale needs no page any more and this process has shown none. Only a browser that
    /// outlives the app can have such a page. By default this does nothing.
    func dismissLeftover(of sale: Sale.ID)
}

extension RedirectPresenter {
    public func dismissLeftover(of sale: Sale.ID) {}
}

/// Keeps one snapshot for each sale, as bytes. May be called from several threads at once. An error other than a
/// ``CallbackError`` counts as ``CallbackError/failed(detail:)``.
///
/// One record belongs to no sale: under the id of 32 zeros SaleKit keeps the invoices of the last 512 sales that it
/// removed, so that it never sends perform sale for them again. SaleKit saves, loads and lists it like a snapshot.
///
/// Only one process and one client at a time may use a store without locks. With two, the second one may resume or end
/// a sale that the first one continues, and report it as not charged before it is charged.
public protocol SnapshotStore: AnyObject, Sendable {
    /// Stores `snapshot` in place of the sale's earlier one, completely or not at all. Once this returns without an
    /// error, the snapshot must survive a power cut.
    func save(_ snapshot: Data, for sale: Sale.ID) throws

    /// The sale's snapshot, or `nil`.
    func load(for sale: Sale.ID) throws -> Data?

    /// The ids of all sales that have a snapshot.
    func list() throws -> [Sale.ID]

    /// Removes the sale's snapshot, if there is one.
    func remove(for sale: Sale.ID) throws

    /// Takes the lock `name`, if nothing else holds it: no other process, no other store on the same snapshots, and no
    /// other caller of this store. Does not wait. The system must release the lock when the process dies. By default a
    /// store has no locks: ``StoreLock/unsupported``.
    ///
    /// - Parameter name: A sale's id (held as long as the sale runs) or a word of `a-z` (held for a moment).
    func lock(_ name: String) throws -> StoreLock

    /// Releases the lock `name`, which was taken through this store.
    func unlock(_ name: String) throws
}

extension SnapshotStore {
    public func lock(_ name: String) throws -> StoreLock { .unsupported }
    public func unlock(_ name: String) throws {}
}

/// Receives SaleKit's log lines, one at a time and in order, on a SaleKit thread. Lines that this call itself causes
/// are dropped. If it does not keep up, lines are dropped when a thousand wait, and one line says how many; nothing
/// else is held up.
public protocol LogSink: AnyObject, Sendable {
    /// One line.
    func log(_ line: LogLine)
}

/// What the app's code throws when SaleKit calls it, if it wants to say more than that it failed. `detail` is for
/// developers: it appears in errors and logs, so it must not contain a secret.
public enum CallbackError: Error, Equatable, Sendable {
    /// No space left, or a quota is reached.
    case storageFull(detail: String)
    /// The app may not read or write there.
    case storageDenied(detail: String)
    /// Any other failure.
    case failed(detail: String)
}

/// SaleKit as a whole.
public enum SaleKitLibrary {
    /// SaleKit's version, for example `0.1.0`.
    public static var version: String { SaleKitGenerated.version() }

    /// Sends SaleKit's log lines of `level` and above to `sink`. `nil`, the default, turns logging off. There is one
    /// sink for the whole process. Lines contain ids and durations, never card data, tokens or page addresses.
    ///
    /// - Throws: ``SaleKitError/internal(detail:)`` if other Rust code in the process already receives all log lines.
    public static func log(to sink: (any LogSink)?, from level: LogLevel = .info) throws(SaleKitError) {
        try calling { try setLogSink(sink: sink.map(LogBridge.init), level: level) }
    }
}

// MARK: Bridges

/// Calls the app, and converts its errors to those of the generated interface.
private func hosting<Value>(_ call: () throws -> Value) throws -> Value {
    do {
        return try call()
    } catch let error as CallbackError {
        throw error.generated
    } catch {
        // The type says enough to a developer. The text comes from the app and may contain anything.
        throw SaleKitGenerated.CallbackError.Failed(detail: "it threw \(type(of: error))")
    }
}

extension CallbackError {
    fileprivate var generated: SaleKitGenerated.CallbackError {
        switch self {
        case .storageFull(let detail): .StorageFull(detail: detail)
        case .storageDenied(let detail): .StorageDenied(detail: detail)
        case .failed(let detail): .Failed(detail: detail)
        }
    }
}

final class PresenterBridge: SaleKitGenerated.RedirectPresenter {
    private let app: any RedirectPresenter
    init(_ app: any RedirectPresenter) { self.app = app }

    func show(challenge: SaleKitGenerated.Challenge) throws {
        try hosting {
            guard let challenge = Challenge(challenge) else {
                throw CallbackError.failed(detail: "Foundation cannot read the address")
            }
            try app.show(challenge)
        }
    }

    func dismiss(challenge: SaleKitGenerated.Challenge) {
        // A page whose address could not be read was never shown.
        if let challenge = Challenge(challenge) { app.dismiss(challenge) }
    }

    func dismissLeftover(saleId: String) { app.dismissLeftover(of: saleId) }
}

final class StoreBridge: SaleKitGenerated.SnapshotStore {
    private let app: any SnapshotStore
    init(_ app: any SnapshotStore) { self.app = app }

    func save(saleId: String, snapshot: Data) throws { try hosting { try app.save(snapshot, for: saleId) } }
    func load(saleId: String) throws -> Data? { try hosting { try app.load(for: saleId) } }
    func list() throws -> [String] { try hosting { try app.list() } }
    func remove(saleId: String) throws { try hosting { try app.remove(for: saleId) } }
    func lock(name: String) throws -> StoreLock { try hosting { try app.lock(name) } }
    func unlock(name: String) throws { try hosting { try app.unlock(name) } }
}

final class LogBridge: SaleKitGenerated.LogSink {
    private let app: any LogSink
    init(_ app: any LogSink) { self.app = app }

    func log(line: LogLine) { app.log(line) }
}
