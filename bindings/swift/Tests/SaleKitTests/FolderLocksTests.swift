//! Locks by files: who has them, in this process and in another.

import Foundation
import Testing

@testable import SaleKit

@Suite struct FolderLocksTests {
    private let sale = "0123456789abcdef0123456789abcdef"
    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("salekit-locks-\(UUID())")

    private func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
    private func path(_ name: String) -> String { folder.appendingPathComponent("\(name).lock").path }

    /// Another process that holds the lock, and says so, until it is killed.
    private func otherProcess() async throws -> Child {
        let process = try Child(["lock", path(sale)])
        #expect(await process.word() == "held")
        return process
    }

    @Test func aLockIsHeldOnceUntilItIsGivenBack() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let (one, other) = (FolderLocks(in: folder), FolderLocks(in: folder))
        #expect(try one.lock(sale) == .held)
        #expect(try one.lock(sale) == .taken)
        #expect(try other.lock(sale) == .taken)
        #expect(try other.lock("invoices") == .held)
        try other.unlock(sale)
        #expect(try other.lock(sale) == .taken, "it was not the other's to give back")
        try one.unlock(sale)
        #expect(try other.lock(sale) == .held)
        try other.unlock(sale)
        try other.unlock("invoices")
        #expect(try names() == ["invoices.lock"], "the word's is needed again and again")
    }

    @Test func aLockOfARemovedFileIsTakenAgain() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let one = FolderLocks(in: folder)
        #expect(try one.lock(sale) == .held)
        // As its holder does it: who had opened the file before would hold a lock that nobody sees.
        let before = open(path(sale), O_RDWR)
        try one.unlock(sale)
        #expect(flock(before, LOCK_EX | LOCK_NB) == 0)
        #expect(try FolderLocks(in: folder).lock(sale) == .held)
        close(before)
    }

    @Test func whatAKilledProcessHeldIsFree() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let locks = FolderLocks(in: folder)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let process = try await otherProcess()
        #expect(try locks.lock(sale) == .taken)
        // Old as it is, it is held.
        try FileManager.default.setAttributes([.modificationDate: Date.distantPast], ofItemAtPath: path(sale))
        locks.sweep(keeping: [])
        #expect(try names().count == 1)
        #expect(await process.kill())
        #expect(try locks.lock(sale) == .held)
        try locks.unlock(sale)
        #expect(try names().isEmpty)
    }

    @Test func onlyWhatIsOldAndNobodysIsSwept() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let locks = FolderLocks(in: folder)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let ids = ["old", "kept", "new"].map { $0 + String(repeating: "0", count: 32 - $0.count) }
        for name in ids + ["invoices"] {
            #expect(FileManager.default.createFile(atPath: path(name), contents: nil))
            guard !name.hasPrefix("new") else { continue }
            try FileManager.default.setAttributes([.modificationDate: Date.distantPast], ofItemAtPath: path(name))
        }
        locks.sweep(keeping: [ids[1]])
        #expect(try names() == ["invoices.lock", ids[1] + ".lock", ids[2] + ".lock"].sorted())
    }

    @Test func aNameNeverLeadsOutOfTheFolder() {
        for name in ["", "..", "a/b", "../a", "a.b", "é"] {
            #expect(throws: CallbackError.self) { try FolderLocks(in: folder).lock(name) }
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path))
    }

    @Test func aFolderThatCannotBeMadeIsAnError() throws {
        try Data().write(to: folder)
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(throws: CallbackError.self) { try FolderLocks(in: folder).lock(sale) }
    }
}
