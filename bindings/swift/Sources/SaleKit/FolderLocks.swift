//! Locks made of files in a folder, for a store that has no locks of its own. The store decides what each lock
//! protects.

import Foundation

/// Takes and releases locks. The system releases them when the process dies.
///
/// The holder of a sale's lock removes the lock's file when it releases the lock. Another process may have opened the
/// file before that. It then locks a file that has no name any more, so no other process can see this lock. It
/// therefore checks for that case, and takes the lock again on the file that has the name now.
final class FolderLocks: @unchecked Sendable {
    private static let ending = ".lock"
    private static let mostTries = 100

    private let folder: URL
    private let mutex = NSLock()
    /// The open files of the locks held here. `flock` keeps out all others, also other objects of this class.
    private var held: [String: Int32] = [:]

    init(in folder: URL) { self.folder = folder }

    deinit { for file in held.values { _ = close(file) } }

    func lock(_ name: String) throws(CallbackError) -> StoreLock {
        let path = try path(name)
        mutex.lock()
        defer { mutex.unlock() }
        if held[name] != nil { return .taken }
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw .failed(detail: "the folder for locks cannot be made")
        }
        for _ in 0..<Self.mostTries {
            let file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard file >= 0 else { throw Self.failure() }
            guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
                let isTaken = errno == EWOULDBLOCK
                let failure = Self.failure()
                _ = close(file)
                if isTaken { return .taken }
                throw failure
            }
            var facts = stat()
            if fstat(file, &facts) == 0, facts.st_nlink > 0 {
                held[name] = file
                return .held
            }
            // The previous holder removed the file after it was opened here.
            _ = close(file)
        }
        throw .failed(detail: "the lock's file does not stay")
    }

    func unlock(_ name: String) throws(CallbackError) {
        let path = try path(name)
        mutex.lock()
        defer { mutex.unlock() }
        guard let file = held.removeValue(forKey: name) else { return }
        // Keep the file of a word lock: it is needed again and again.
        if !Self.isWord(name) { _ = unlink(path) }
        _ = close(file)
    }

    /// Removes files that killed processes left behind. Checking whether a lock is held means holding it for a moment,
    /// during which its sale could not run. So this checks only sales that are not in `kept`, and files that are older
    /// than a day.
    func sweep(keeping kept: Set<Sale.ID>) {
        let old = Date() - 24 * 60 * 60
        let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: [.contentModificationDateKey])
        for file in files ?? [] where file.lastPathComponent.hasSuffix(Self.ending) {
            let name = String(file.lastPathComponent.dropLast(Self.ending.count))
            let changed = try? file.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate
            guard !Self.isWord(name), !kept.contains(name), let changed, changed < old else { continue }
            if (try? lock(name)) == .held { try? unlock(name) }
        }
    }

    /// The lock file's path. Refuses names with a separator, which could lead out of the folder.
    private func path(_ name: String) throws(CallbackError) -> String {
        let isName = !name.isEmpty && name.utf8.allSatisfy { byte in
            byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_") || isalnum(Int32(byte)) != 0
        }
        guard isName else { throw .failed(detail: "not a lock's name") }
        return folder.appendingPathComponent(name + Self.ending).path
    }

    /// Whether `name` is a word and not a sale's id, which has 32 hexadecimal digits.
    private static func isWord(_ name: String) -> Bool {
        name.utf8.count < 32 && name.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    }

    /// The error for the current `errno`. It says nothing about the file.
    private static func failure() -> CallbackError {
        let number = errno
        let detail = "the lock: errno \(number)"
        return switch number {
        case ENOSPC, EDQUOT: .storageFull(detail: detail)
        case EACCES, EPERM, EROFS: .storageDenied(detail: detail)
        default: .failed(detail: detail)
        }
    }
}
