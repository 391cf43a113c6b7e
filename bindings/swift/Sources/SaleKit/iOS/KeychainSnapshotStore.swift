//! Snapshots of sales in the Keychain, one item for each sale.

#if canImport(Security)
    public import Foundation
    import Security

    /// Keeps snapshots in the Keychain. They can be read once the device was unlocked after it started, and on this
    /// device only. They are in no backup and not in iCloud.
    ///
    /// ``SaleClientConfig/storeDirectory`` with ``PrivateFolder`` is enough for most apps: the system encrypts those
    /// files in the same way. Use this store if your rules require tokens to be in the Keychain, or if others can read
    /// the app's files (a shared container, device management). It is slower, because each call goes to another
    /// process. **Its items outlive the app**: a newly installed app finds the sales of the earlier installation, which
    /// is often useful.
    ///
    /// The Keychain has no locks. If an app extension or another app of the group uses the same items, or if an app has
    /// two clients, give all of them the same folder for locks. Without such a folder only one process and one client
    /// at a time may use the store; otherwise one of them may end a sale that another one continues. A folder in a
    /// shared container has a price: **iOS ends an app that it suspends while the app holds a lock there**
    /// (`0xdead10cc`), and a sale holds a lock as long as it runs. No money is at risk: the gateway continues the sale
    /// and the app can resume it. But prefer to make sales in one process.
    ///
    /// Before the first unlock nothing can be read: calls throw ``CallbackError/storageDenied(detail:)``. Try again
    /// later.
    ///
    /// On macOS the app must be signed with a keychain access group.
    public final class KeychainSnapshotStore: SnapshotStore {
        /// The `kSecAttrService` of the items.
        public let service: String
        private let locks: FolderLocks?

        /// A store whose items have this service. Two stores with the same service share their items.
        ///
        /// - Parameters:
        ///   - service: If an app has several gateways, it gives each store its own service.
        ///   - folder: The folder for lock files; `nil` for no locks.
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
            // An update replaces the whole item. Deleting and adding would leave a moment without any snapshot.
            var status = SecItemUpdate(query(sale) as CFDictionary, values as CFDictionary)
            if status == errSecItemNotFound {
                status = SecItemAdd(query(sale).merging(values) { $1 } as CFDictionary, nil)
            }
            // Another process or thread has added it in between.
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

        /// The query for the item of one sale, or for the items of all sales.
        private func query(_ sale: Sale.ID?) -> [CFString: Any] {
            var query: [CFString: Any] = [
                kSecClass: kSecClassGenericPassword,
                kSecAttrService: service,
                kSecAttrSynchronizable: false,
                // The data protection keychain: the only one on iOS, but not the default on macOS.
                kSecUseDataProtectionKeychain: true,
            ]
            query[kSecAttrAccount] = sale
            return query
        }

        /// Throws an error unless `status` is success. The status is a number of `Security/SecBase.h`. It says what is
        /// wrong and nothing about the item.
        private func check(_ status: OSStatus, _ done: String) throws(CallbackError) {
            let detail = "Keychain: OSStatus \(status), a snapshot could not be \(done)"
            switch status {
            case errSecSuccess: return
            case errSecDiskFull: throw .storageFull(detail: detail)
            // Before the first unlock; without the entitlement; or refused.
            case errSecInteractionNotAllowed, errSecMissingEntitlement, errSecAuthFailed:
                throw .storageDenied(detail: detail)
            default: throw .failed(detail: detail)
            }
        }
    }
#endif
