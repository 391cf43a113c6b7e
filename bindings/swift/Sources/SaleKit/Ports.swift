//! What the app does for SaleKit: shows pages, keeps snapshots, takes log lines. The way to the merchant's server is next
//! door, in `MerchantBackend`.

public import Foundation
public import SaleKitGenerated

/// Shows the challenge's page: in an `ASWebAuthenticationSession` or the system's browser, never in a web view of the
/// app's own, which could read what the cardholder types. Called on a thread of SaleKit's, one call after the other for each
/// client; go to the main actor for anything that shows, and do not wait for it. While a call waits, the client's other
/// pages do, and nothing else does.
public protocol RedirectPresenter: AnyObject, Sendable {
    /// Show the page of `challenge`, instead of the one that is shown for this sale, if any. Later call
    /// ``Challenge/returned()``, ``Challenge/closed()`` or ``Challenge/failed()``.
    ///
    /// - Throws: Anything, which is like ``Challenge/failed()``.
    func show(_ challenge: Challenge) throws

    /// Take away the page of `challenge`, if it is still there. It is the one that was shown last for its sale.
    func dismiss(_ challenge: Challenge)

    /// Take away the page that an earlier process of the app may have shown for this sale, if it is still there. Called
    /// when a resumed sale needs no page any more and this process has shown none. Only a browser that outlives the app has
    /// such pages; by default nothing is done.
    func dismissLeftover(of sale: Sale.ID)
}

extension RedirectPresenter {
    public func dismissLeftover(of sale: Sale.ID) {}
}

/// Keeps one snapshot a sale, as bytes. May be called from several threads at once. What it throws, other than a
/// ``CallbackError``, counts as ``CallbackError/failed(detail:)``.
///
/// One record is no sale's: under the id of 32 zeros SaleKit keeps the invoices of the last 512 sales that it removed, so
/// that perform sale is never sent for them again. It is saved, loaded and listed as a snapshot is.
///
/// A store without locks is for one process and one client at a time. With two, the second may resume or end a
/// sale that the first one goes on to make, and tell of it as not charged before it is charged.
public protocol SnapshotStore: AnyObject, Sendable {
    /// Stores `snapshot` in place of the sale's earlier one, completely or not at all. When it returns the snapshot must
    /// be there after a power cut.
    func save(_ snapshot: Data, for sale: Sale.ID) throws

    /// The sale's snapshot, or `nil`.
    func load(for sale: Sale.ID) throws -> Data?

    /// The ids of all sales that have a snapshot.
    func list() throws -> [Sale.ID]

    /// Forgets the sale's snapshot, if there is one.
    func remove(for sale: Sale.ID) throws

    /// Takes the lock `name`, if nobody holds it: no other process, no other store on the same snapshots, and nobody who
    /// took it through this one. Does not wait. The system must give it back when the process dies. A store that does not
    /// say otherwise has no locks: ``StoreLock/unsupported``.
    ///
    /// - Parameter name: A sale's id (the lock is held as long as the sale runs) or a word of `a-z` (for a moment).
    func lock(_ name: String) throws -> StoreLock

    /// Gives back the lock `name`, which was taken through this store.
    func unlock(_ name: String) throws
}

extension SnapshotStore {
    public func lock(_ name: String) throws -> StoreLock { .unsupported }
    public func unlock(_ name: String) throws {}
}

/// Is given SaleKit's log lines, one after the other, on a thread of SaleKit's. Lines that this call itself causes are
/// dropped, and so are others when a thousand wait; one line says how many. Nothing else is held up.
public protocol LogSink: AnyObject, Sendable {
    /// One line.
    func log(_ line: LogLine)
}

/// What the app's own code throws where SaleKit calls it, if it wants to say more than that it failed. `detail` is for
/// developers: it ends up in errors and logs, so it must hold no secret.
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
    /// The version, for example `0.1.0`.
    public static var version: String { SaleKitGenerated.version() }

    /// Sends log lines of `level` and above to `sink`; `nil` for nowhere, which is the default. One sink for the whole
    /// process. Lines hold ids and durations, never card data, tokens or addresses of pages.
    ///
    /// - Throws: ``SaleKitError/internal(detail:)`` if other Rust code in the process has taken all lines.
    public static func log(to sink: (any LogSink)?, from level: LogLevel = .info) throws(SaleKitError) {
        try calling { try setLogSink(sink: sink.map(LogBridge.init), level: level) }
    }
}

// MARK: Bridges

/// Calls the app, with its errors made the contract's.
private func hosting<Value>(_ call: () throws -> Value) throws -> Value {
    do {
        return try call()
    } catch let error as CallbackError {
        throw error.generated
    } catch {
        // The type tells a developer enough; the text is the app's and may hold anything.
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
        // What could not be read was not shown.
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
