//! Snapshots of sales in the Keychain, an item each.

#if canImport(Security)
    public import Foundation
    import Security

    /// Keeps snapshots in the Keychain: readable after the device was unlocked once since it started, on this device only,
    /// in no backup and not in iCloud.
    ///
    /// ``SaleClientConfig/storeDirectory`` with ``PrivateFolder`` is enough for most apps: the system encrypts its files likewise.
    /// Prefer this store when tokens must be in the Keychain by the rules that an app goes by, or when the app's files
    /// can be read by others (a shared container, a device management that looks at them). It is slower, as each call
    /// asks another process, and **its items outlive the app**: one that is installed anew finds the sales of before,
    /// which an app may well want.
    ///
    /// The Keychain has no locks. Where an extension or another app of the group uses the same items, and where an app has
    /// two clients, give all of them one folder for locks; without it one process and one client at a time may use the
    /// store, or one ends a sale that another goes on to make. The price of a folder in a shared container: **iOS ends an
    /// app that it suspends while the app holds a lock there** (`0xdead10cc`), and a sale holds one as long as it runs. No
    /// money is at stake, the sale goes on at the gateway and is resumed; but prefer to make sales in one process.
    ///
    /// Before the first unlock nothing can be read: calls throw ``CallbackError/storageDenied(detail:)``. Ask again later.
    ///
    /// On macOS the app must be signed with a keychain access group.
    public final class KeychainSnapshotStore: SnapshotStore {
        /// The `kSecAttrService` of the items.
        public let service: String
        private let locks: FolderLocks?

        /// A store whose items have this service. Two stores with the same service are the same store.
        ///
        /// - Parameters:
        ///   - service: An app with several gateways gives each store a service of its own.
        ///   - folder: Where locks are, as files; `nil` for no locks.
        public init(service: String = "dev.salekit.snapshots", locksIn folder: URL? = nil) {
            self.service = service
            locks = folder.map(FolderLocks.init(in:))
        }

        public func lock(_ name: String) throws(CallbackError) -> StoreLock { try locks?.lock(name) ?? .unsupported }

        public func unlock(_ name: String) throws(CallbackError) { try locks?.unlock(name) }

        public func save(_ snapshot: Data, for sale: Sale.ID) throws(CallbackError) {
            let values: [CFString: Any] = [
                kSecValueData: snapshot, kSecAttrAccessible: kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly,
            ]
            // An update replaces the item as a whole; deleting and adding would leave a moment with no snapshot at all.
            var status = SecItemUpdate(query(sale) as CFDictionary, values as CFDictionary)
            if status == errSecItemNotFound {
                status = SecItemAdd(query(sale).merging(values) { $1 } as CFDictionary, nil)
            }
            // Added by somebody else in between.
            if status == errSecDuplicateItem {
                status = SecItemUpdate(query(sale) as CFDictionary, values as CFDictionary)
            }
            try check(status, "saved")
        }

        public func load(for sale: Sale.ID) throws(CallbackError) -> Data? {
            var found: CFTypeRef?
            let wanted: [CFString: Any] = [kSecReturnData: true, kSecMatchLimit: kSecMatchLimitOne]
            let status = SecItemCopyMatching(query(sale).merging(wanted) { $1 } as CFDictionary, &found)
            if status == errSecItemNotFound { return nil }
            try check(status, "loaded")
            guard let snapshot = found as? Data else { throw .failed(detail: "Keychain: an item without data") }
            return snapshot
        }

        public func list() throws(CallbackError) -> [Sale.ID] {
            var found: CFTypeRef?
            let wanted: [CFString: Any] = [kSecReturnAttributes: true, kSecMatchLimit: kSecMatchLimitAll]
            let status = SecItemCopyMatching(query(nil).merging(wanted) { $1 } as CFDictionary, &found)
            if status == errSecItemNotFound { return [] }
            try check(status, "listed")
            guard let items = found as? [[String: Any]] else { throw .failed(detail: "Keychain: a list of no items") }
            let sales = items.compactMap { $0[kSecAttrAccount as String] as? Sale.ID }
            locks?.sweep(keeping: Set(sales))
            return sales
        }

        public func remove(for sale: Sale.ID) throws(CallbackError) {
            let status = SecItemDelete(query(sale) as CFDictionary)
            if status != errSecItemNotFound { try check(status, "removed") }
        }

        /// The item of one sale, or those of all.
        private func query(_ sale: Sale.ID?) -> [CFString: Any] {
            var query: [CFString: Any] = [
                kSecClass: kSecClassGenericPassword,
                kSecAttrService: service,
                kSecAttrSynchronizable: false,
                // What is the only one on iOS, and not the default on macOS.
                kSecUseDataProtectionKeychain: true,
            ]
            query[kSecAttrAccount] = sale
            return query
        }

        /// The status is a number of `Security/SecBase.h`, which says what is wrong and nothing of the item.
        private func check(_ status: OSStatus, _ done: String) throws(CallbackError) {
            let detail = "Keychain: OSStatus \(status), a snapshot could not be \(done)"
            switch status {
            case errSecSuccess: return
            case errSecDiskFull: throw .storageFull(detail: detail)
            // Before the first unlock; without the entitlement; refused.
            case errSecInteractionNotAllowed, errSecMissingEntitlement, errSecAuthFailed:
                throw .storageDenied(detail: detail)
            default: throw .failed(detail: detail)
            }
        }
    }
#endif
