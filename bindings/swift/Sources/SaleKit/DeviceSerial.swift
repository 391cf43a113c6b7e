//! The id of this installation, and the app's private folder for SaleKit's files.

public import Foundation

/// `consumer.device.serialNumber`: a random id of this installation, never of the hardware. It changes when the app is
/// installed again, is in no backup, and says nothing about the device or other apps.
public enum DeviceSerial {
    private static let lock = NSLock()

    /// The id: 32 hexadecimal digits. The first call makes it.
    ///
    /// - Throws: Foundation's errors, if it cannot be stored: an id that changes would be useless.
    public static func current() throws -> String { try current(in: PrivateFolder.url()) }

    static func current(in folder: URL) throws -> String {
        try lock.withLock {
            let file = folder.appendingPathComponent("device")
            if FileManager.default.fileExists(atPath: file.path) {
                // Do not replace an id that cannot be read yet because the device was not unlocked since it started:
                // throw.
                let known = String(decoding: try Data(contentsOf: file), as: UTF8.self)
                if isSerial(known) { return known }
            }
            var random = SystemRandomNumberGenerator()
            let made = (0..<2).map { _ in String(format: "%016llx", random.next() as UInt64) }.joined()
            try Data(made.utf8).write(to: file, options: .atomic)
            return made
        }
    }

    private static func isSerial(_ text: String) -> Bool {
        text.utf8.count == 32 && text.allSatisfy { $0.isHexDigit && !$0.isUppercase }
    }
}

/// A private folder of the app, in Application Support, that backups leave out.
public enum PrivateFolder {
    /// The folder for snapshots of sales: pass it as ``SaleClientConfig/storeDirectory``.
    ///
    /// - Throws: Foundation's errors, if it cannot be made.
    public static func snapshots() throws -> URL {
        try url().appendingPathComponent("sales", isDirectory: true)
    }

    static func url() throws -> URL {
        try made(
            in: FileManager.default.url(
                for: .applicationSupportDirectory, in: .userDomainMask, appropriateFor: nil, create: true))
    }

    static func made(in parent: URL) throws -> URL {
        var folder = parent.appendingPathComponent("salekit", isDirectory: true)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        #if canImport(Darwin)
            // Exclude the folder, not its files: replacing a file would lose the setting.
            var values = URLResourceValues()
            values.isExcludedFromBackup = true
            try folder.setResourceValues(values)
        #endif
        return folder
    }
}
