//! The app in a process of its own, and what it says.

import Foundation

/// A `shop-process`. To read from it and to wait for its end block a thread, and the screens have the main one: it is done on
/// threads of its own, so that no other test stands still meanwhile.
final class Child: Sendable {
    private let process = Process()
    private let output: FileHandle

    init(_ arguments: [String]) throws {
        let program = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        process.executableURL = program.appendingPathComponent("shop-process")
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

    /// Kills it, and returns when it is gone.
    func kill() async {
        await elsewhere { [process] in
            Foundation.kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }
}

/// Does what blocks on a thread of its own.
private func elsewhere<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async -> Result {
    await withCheckedContinuation { waiting in
        Thread.detachNewThread { waiting.resume(returning: work()) }
    }
}
