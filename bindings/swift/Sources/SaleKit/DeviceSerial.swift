//! The id of this installation, and the folder of the app's own that SaleKit keeps things in.

public import Foundation

/// `consumer.device.serialNumber`: a random id of this installation. Never the hardware's: it changes when the app is
/// installed anew, is in no backup, and tells nothing about the device or other apps.
public enum DeviceSerial {
    private static let lock = NSLock()

    /// The id: 32 hexadecimal digits, made when it is asked for first.
    ///
    /// - Throws: Foundation's errors, if it cannot be stored: an id that changes would be none.
    public static func current() throws -> String { try current(in: PrivateFolder.url()) }

    static func current(in folder: URL) throws -> String {
        try lock.withLock {
            let file = folder.appendingPathComponent("device")
            if FileManager.default.fileExists(atPath: file.path) {
                // One that cannot be read yet, as the device was not unlocked since it started, is not replaced: it throws.
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

/// A folder of the app's own, in Application Support, that no backup takes along.
public enum PrivateFolder {
    /// The folder for snapshots of sales: for ``SaleClientConfig/storeDirectory``.
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
            // Of the folder, not of the files: replacing a file would lose it.
            var values = URLResourceValues()
            values.isExcludedFromBackup = true
            try folder.setResourceValues(values)
        #endif
        return folder
    }
}
