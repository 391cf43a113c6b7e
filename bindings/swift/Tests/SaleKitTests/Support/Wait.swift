//! Waiting for what happens elsewhere.

import Foundation
import SaleKit

/// A value that several tasks and threads share.
final class Shared<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) { self.value = value }

    func with<Result>(_ use: (inout Value) throws -> Result) rethrows -> Result {
        try lock.withLock { try use(&value) }
    }

    var now: Value { with { $0 } }
}

/// Waits until `isSo` holds, where the caller is; fails after half a minute.
func wait(isolation: isolated (any Actor)? = #isolation, until isSo: () async throws -> Bool) async throws {
    let timeouts = Date() + 30
    while try await !isSo() {
        guard Date() < timeouts else { throw TestFailure(description: "it never became so") }
        try await Task.sleep(nanoseconds: 20_000_000)
    }
}

extension Sale {
    /// Waits until the sale is in a state of this word.
    func reaches(_ name: String) async throws {
        for await state in states where word(state) == name { return }
        throw TestFailure(description: "it ended without \(name): \(state)")
    }

    /// Waits until the challenge's page is known.
    func page() async throws -> URL {
        for await state in states {
            if case .challenge(let page?, _) = state { return page }
        }
        throw TestFailure(description: "it ended without a page: \(state)")
    }
}
