//! The other parties of a sale in a process of their own, and their remote control. Shared by the tests and by the process
//! that one of them kills.

import Foundation
import SaleKit

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

public struct TestFailure: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}

/// Where a sandbox listens, as its ready file says.
public struct Parties: Decodable, Sendable {
    public let gatewayURL: URL, merchantURL: URL
    let rootsPEM: String
    /// The merchant without TLS: Foundation trusts no authority of ours on Linux.
    let plainMerchantURL: URL
    /// What a person at the gateway may do.
    let inspectorURL: URL

    enum CodingKeys: String, CodingKey {
        case gatewayURL = "gateway_url"
        case merchantURL = "merchant_url"
        case rootsPEM = "ca_pem"
        case plainMerchantURL = "plain_merchant_url"
        case inspectorURL = "inspector_url"
    }

    public init(readyFile: URL) throws { self = try JSONDecoder().decode(Parties.self, from: Data(contentsOf: readyFile)) }

    /// A configuration that reaches these parties, and keeps snapshots in `store`.
    public func config(store: URL?) -> SaleClientConfig {
        var config = SaleClientConfig(gatewayURL: gatewayURL, merchantURL: merchantURL, storeDirectory: store)
        config.pacing = .test
        config.tls.extraRootsPEM = rootsPEM
        return config
    }
}

/// One for all tests: every sale's device has a script and an entry of its own.
public final class Sandbox: Sendable {
    /// What the gateway really did with a sale.
    public struct Entry: Decodable, Equatable, Sendable {
        public let performs_received: Int, charges: Int
    }

    public static let shared = Result { try Sandbox() }

    public let parties: Parties
    public let folder: URL
    public var readyFile: URL { folder.appendingPathComponent("ready.json") }

    private init() throws {
        guard let program = ProcessInfo.processInfo.environment["SALEKIT_SANDBOX"] else {
            throw TestFailure("SALEKIT_SANDBOX must name the salekit-sandbox program")
        }
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("salekit-shop-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let ready = folder.appendingPathComponent("ready.json")
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        // Ends with this process, however that ends: then the pipe that the shell reads from is closed. KILL, because
        // Foundation starts processes with the signals blocked that its own threads block.
        let script = #""$@" >/dev/null & read -r _; kill -KILL $!; rm -rf "$0""#
        process.arguments = [
            "-c", script, folder.path, program, "serve", "--control", "--gateway-port", "0", "--merchant-port", "0", "--ready-file",
            ready.path,
        ]
        let lifeline = Pipe()
        process.standardInput = lifeline
        try process.run()
        _ = Unmanaged.passRetained(lifeline)
        let end = Date() + 60
        while !FileManager.default.fileExists(atPath: ready.path) {
            guard process.isRunning, Date() < end else { throw TestFailure("the sandbox did not start") }
            usleep(20_000)
        }
        parties = try Parties(readyFile: ready)
    }

    /// Has the sales of `device` go by `script` (JSON).
    public func script(_ device: String, _ script: String) async throws {
        _ = try await ask("sandbox/scripts/\(device)", posting: Data(script.utf8))
    }

    /// The ledger's entry; `nil` if perform sale never arrived.
    public func entry(_ invoiceId: String) async throws -> Entry? {
        try await ask("sandbox/ledger/\(invoiceId)").map { try JSONDecoder().decode(Entry.self, from: $0) }
    }

    /// Has a cardholder sit down before `page`: who `authenticates`, `cancels` and so on.
    public func visit(_ page: URL, _ conduct: String) async throws {
        _ = try await ask("sandbox/cardholder", posting: JSONEncoder().encode(["url": page.absoluteString, "conduct": conduct]))
    }

    /// Has the gateway end a sale now that it is processing: `approve` or `decline`.
    public func end(_ invoiceId: String, _ end: String) async throws {
        let answer = try await ask("api/sales/\(invoiceId)/end", of: parties.inspectorURL, posting: JSONEncoder().encode(["end": end]))
        guard answer != nil else { throw TestFailure("the gateway has no sale \(invoiceId)") }
    }

    /// Asks the merchant something, or another party. `nil` for 404.
    private func ask(_ path: String, of party: URL? = nil, posting body: Data? = nil) async throws -> Data? {
        var request = URLRequest(url: (party ?? parties.plainMerchantURL).appendingPathComponent(path))
        if let body {
            request.httpMethod = "POST"
            request.httpBody = body
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
            // The inspector changes nothing without it.
            request.setValue("tests", forHTTPHeaderField: "X-SaleKit-Inspector")
        }
        return try await withCheckedThrowingContinuation { waiting in
            URLSession.shared.dataTask(with: request) { data, answer, error in
                switch (answer as? HTTPURLResponse)?.statusCode ?? 0 {
                case 200..<300: waiting.resume(returning: data ?? Data())
                case 404: waiting.resume(returning: nil)
                case let status: waiting.resume(throwing: error ?? TestFailure("\(path): \(status)"))
                }
            }.resume()
        }
    }
}
