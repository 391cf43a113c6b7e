//! The process that this package builds beside its tests, and what it says.

import Foundation

/// A `sale-process`. To read from it and to wait for its end block a thread, and Swift's tasks have one for each core: it is
/// done on threads of its own, so that no other test stands still meanwhile.
final class Child: Sendable {
    private let process = Process()
    private let output: FileHandle

    init(_ arguments: [String]) throws {
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        process.executableURL = program.appendingPathComponent("sale-process")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        output = pipe.fileHandleForReading
    }

    /// What it says next. Nothing if it has ended.
    func word() async -> String {
        let said = await elsewhere { [output] in output.availableData }
        return String(decoding: said, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// All that it says until it ends by itself, and whether it ended well.
    func end() async -> (text: String, isSuccess: Bool) {
        await elsewhere { [output, process] in
            let text = String(decoding: output.readDataToEndOfFile(), as: UTF8.self)
            process.waitUntilExit()
            return (text, process.terminationReason == .exit && process.terminationStatus == 0)
        }
    }

    /// Kills it, and returns when it is gone. False if it had ended by itself.
    @discardableResult func kill() async -> Bool {
        await elsewhere { [process] in
            Foundation.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            return process.terminationReason == .uncaughtSignal
        }
    }
}

/// Does what blocks on a thread of its own.
private func elsewhere<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { waiting in
        Thread.detachNewThread { waiting.resume(returning: work()) }
    }
}
