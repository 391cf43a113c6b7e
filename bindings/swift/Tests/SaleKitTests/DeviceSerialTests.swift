//! The id of this installation.

import Foundation
import Testing

@testable import SaleKit

@Suite struct DeviceSerialTests {
    /// Runs `test` with a folder as an installed app finds it, and removes it.
    private func installed(_ test: (URL) throws -> Void) throws {
        let parent = FileManager.default.temporaryDirectory.appendingPathComponent("salekit-\(UUID())")
        defer { try? FileManager.default.removeItem(at: parent) }
        try test(PrivateFolder.made(in: parent))
    }

    @Test func isMadeOnceForAnInstallation() throws {
        var serials: Set<String> = []
        for _ in 0..<2 {
            try installed { folder in
                let serial = try DeviceSerial.current(in: folder)
                #expect(serial.count == 32 && serial.allSatisfy { "0123456789abcdef".contains($0) })
                #expect(try DeviceSerial.current(in: folder) == serial)
                serials.insert(serial)
            }
        }
        #expect(serials.count == 2, "another installation has another")
    }

    @Test func manyThreadsThatAskAtOnceGetTheSame() throws {
        try installed { folder in
            let serials = Shared<Set<String>>([])
            DispatchQueue.concurrentPerform(iterations: 32) { _ in
                if let serial = try? DeviceSerial.current(in: folder) { serials.with { _ = $0.insert(serial) } }
            }
            #expect(serials.now.count == 1)
        }
    }

    @Test func whatIsNoSerialIsReplacedAndWhatCannotBeStoredIsNone() throws {
        try installed { folder in
            let file = folder.appendingPathComponent("device")
            try Data("cut off".utf8).write(to: file)
            let serial = try DeviceSerial.current(in: folder)
            #expect(try String(contentsOf: file, encoding: .utf8) == serial)
            try FileManager.default.removeItem(at: folder)
            #expect(throws: (any Error).self) { try DeviceSerial.current(in: folder) }
        }
    }
}
