//! Passes card data to the core without a copy, and wipes it.

import Foundation

/// Passes `bytes` to `use` without a copy, then overwrites and empties them.
///
/// The caller's array must be the only reference to its storage: Swift copies a shared array before this wipes it.
func wiping<Value>(_ bytes: inout [UInt8], _ use: (Data) throws -> Value) rethrows -> Value {
    defer { bytes.removeAll() }
    return try bytes.withUnsafeMutableBytes { buffer in
        guard let start = buffer.baseAddress else { return try use(Data()) }
        defer { wipe(start, buffer.count) }
        return try use(Data(bytesNoCopy: start, count: buffer.count, deallocator: .none))
    }
}

/// Overwrites memory with a function that no optimiser removes.
private func wipe(_ start: UnsafeMutableRawPointer, _ count: Int) {
    #if canImport(Darwin)
        _ = memset_s(start, count, 0, count)
    #else
        explicit_bzero(start, count)
    #endif
}
