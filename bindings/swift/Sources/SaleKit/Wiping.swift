//! Card data on its way into the core: lent out in place, and wiped.

import Foundation

/// Lends `bytes` out without a copy, then overwrites and empties them.
///
/// The caller's own array must be the only one: an array that shares its storage is copied before it is wiped.
func wiping<Value>(_ bytes: inout [UInt8], _ use: (Data) throws -> Value) rethrows -> Value {
    defer { bytes.removeAll() }
    return try bytes.withUnsafeMutableBytes { buffer in
        guard let start = buffer.baseAddress else { return try use(Data()) }
        defer { wipe(start, buffer.count) }
        return try use(Data(bytesNoCopy: start, count: buffer.count, deallocator: .none))
    }
}

/// Overwrites memory in a way that no optimiser leaves out.
private func wipe(_ start: UnsafeMutableRawPointer, _ count: Int) {
    #if canImport(Darwin)
        _ = memset_s(start, count, 0, count)
    #else
        explicit_bzero(start, count)
    #endif
}
