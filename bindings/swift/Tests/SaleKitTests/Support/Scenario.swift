//! The scenarios of `bindings/scenarios.json`, which every language runs, with the defaults behind each.

import Fixtures
import Foundation
import SaleKit
import Testing

struct Scenario: Sendable, CustomTestStringConvertible {
    let number: Int
    let own: JSONValue
    let defaults: JSONValue

    var testDescription: String { own["name"].text ?? "scenario \(number)" }

    static let list = read("scenarios")
    static let refused = read("refused")

    /// Reads a list of the file. One that cannot be read is empty, which a test of its own finds.
    private static func read(_ name: String) -> [Scenario] {
        let file = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../../scenarios.json")
        guard let data = try? Data(contentsOf: file.standardizedFileURL),
            let all = try? JSONDecoder().decode(JSONValue.self, from: data)
        else { return [] }
        return (all[name].list ?? []).enumerated().map { number, own in
            Scenario(number: number, own: own, defaults: all["defaults"])
        }
    }

    func value(_ name: String) -> JSONValue { own[name] == .null ? defaults[name] : own[name] }
    func text(_ name: String) -> String { value(name).text ?? "" }

    var typed: Typed {
        var typed = Typed(code: text("security_code"))
        typed.number = text("card")
        typed.expiry = text("expiry")
        typed.holder = text("holder")
        return typed
    }

    func options(device: String) throws -> SaleRequest {
        SaleRequest(
            amount: try Money(text("amount"), text("currency")),
            consumer: Consumer(serialNumber: device, email: text("email"))
        )
    }

    /// At the test pace, as all of these tests.
    func client(_ sandbox: Sandbox, _ store: WatchedStore) throws -> SaleClient {
        var config = sandbox.parties.config
        config.timeouts.processing = seconds("processing_window_ms")
        config.timeouts.challenge = seconds("challenge_window_ms")
        config.timeouts.recovery = seconds("recovery_window_ms")
        return try SaleClient(config: config, store: store)
    }

    private func seconds(_ name: String) -> TimeInterval? { value(name).number.map { Double($0) / 1000 } }

    /// The script for the sandbox.
    var script: Data {
        get throws { try JSONEncoder().encode(value("script")) }
    }

    struct Ended {
        let sale: Sale
        let outcome: SaleOutcome
        let seen: [String]
        let pages: [Challenge]
    }

    /// Watches a sale to its end, with this scenario's cardholder.
    func watch(_ sale: Sale, _ sandbox: Sandbox, _ store: WatchedStore) async throws -> Ended {
        store.watches(sale)
        var seen: [String] = []
        var pages: [Challenge] = []
        for await state in sale.states {
            if seen.last != word(state) { seen.append(word(state)) }
            // Before the store lets the sale go on.
            if text("cancel_when") == word(state) {
                // What is cancelled is asked about once more: the gateway, whose answer stalls, must have decided by then.
                if state == .performing { try await wait { try await sandbox.entry(sale.invoiceId)?.state == "approved" } }
                sale.cancel()
            }
            store.saw(word(state))
            // The sale may have moved on.
            guard case .challenge = state, let challenge = sale.challenge, pages.last?.url != challenge.url else { continue }
            pages.append(challenge)
            let conduct = text("cardholder")
            if conduct == "closes_browser" {
                challenge.closed()
                continue
            }
            Task {
                // The second page of a chain replaces the first one; its user sees the new one.
                try? await sandbox.visit(challenge.url, conduct)
                if conduct != "walks_away" { challenge.returned() }
            }
        }
        return Ended(sale: sale, outcome: await sale.outcome, seen: seen, pages: pages)
    }
}
