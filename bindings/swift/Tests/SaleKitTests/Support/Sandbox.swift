//! A sandbox in a process of its own, and its remote control.

import Fixtures
import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

struct TestFailure: Error, CustomStringConvertible {
    let description: String
}

/// Gateway, merchant and cardholders for all tests together: every sale's device has a script and an entry of its own.
final class Sandbox: Sendable {
    /// What the gateway really did with a sale.
    struct Entry: Decodable {
        let performs_received: Int
        let charges: Int
        let state: String
    }

    static let shared = Result { try Sandbox() }

    let parties: Parties
    let folder: URL

    var readyFile: URL { folder.appendingPathComponent("ready.json") }

    private init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("salekit-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let ready = folder.appendingPathComponent("ready.json")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        // Ends with this process, however that ends: then the pipe that the shell reads from is closed. KILL, because
        // Foundation starts processes with the signals blocked that its own threads block.
        let script = #""$@" >/dev/null & read -r _; kill -KILL $!; rm -rf "$0""#
        process.arguments = ["-c", script, folder.path, try Self.executable(), "serve", "--control"]
        process.arguments? += ["--gateway-port", "0", "--merchant-port", "0", "--ready-file", ready.path]
        let lifeline = Pipe()
        process.standardInput = lifeline
        try process.run()
        _ = Unmanaged.passRetained(lifeline)
        let timeouts = Date() + 60
        while !FileManager.default.fileExists(atPath: ready.path) {
            guard process.isRunning, Date() < timeouts else { throw TestFailure(description: "the sandbox did not start") }
            usleep(20_000)
        }
        parties = try Parties(readyFile: ready)
    }

    private static func executable() throws -> String {
        if let path = ProcessInfo.processInfo.environment["SALEKIT_SANDBOX"] { return path }
        throw TestFailure(description: "SALEKIT_SANDBOX must name the salekit-sandbox program")
    }

    /// Has the next sale of `device` go by `script` (JSON).
    func script(_ device: String, _ script: Data) async throws {
        _ = try await ask("sandbox/scripts/\(device)", posting: script)
    }

    /// The ledger's entry; `nil` if perform sale never arrived.
    func entry(_ invoiceId: String?) async throws -> Entry? {
        guard let invoiceId else { return nil }
        return try await ask("sandbox/ledger/\(invoiceId)").map { try JSONDecoder().decode(Entry.self, from: $0) }
    }

    /// Has a cardholder sit down before `page`.
    func visit(_ page: URL, _ conduct: String) async throws {
        let visit = try JSONEncoder().encode(["url": page.absoluteString, "conduct": conduct])
        _ = try await ask("sandbox/cardholder", posting: visit)
    }

    /// Asks the merchant something. `nil` for 404.
    func ask(_ path: String, posting body: Data? = nil) async throws -> Data? {
        var request = URLRequest(url: parties.plainMerchantURL.appendingPathComponent(path))
        if let body {
            request.httpMethod = "POST"
            request.httpBody = body
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        }
        return try await withCheckedThrowingContinuation { waiting in
            URLSession.shared.dataTask(with: request) { data, answer, error in
                let status = (answer as? HTTPURLResponse)?.statusCode ?? 0
                switch status {
                case 200..<300: waiting.resume(returning: data ?? Data())
                case 404: waiting.resume(returning: nil)
                default:
                    let text = data.map { String(decoding: $0, as: UTF8.self) } ?? ""
                    waiting.resume(throwing: error ?? TestFailure(description: "\(path): \(status) \(text)"))
                }
            }.resume()
        }
    }
}
