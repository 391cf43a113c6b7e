//! The scenarios that every language runs, against a real sandbox.

import Foundation
import SaleKit
import Testing

@Suite struct ScenarioTests {
    @Test func theListIsThere() {
        #expect(Scenario.list.count >= 20)
        #expect(Scenario.refused.count >= 9)
    }

    @Test(arguments: Scenario.list)
    func endsAsExpectedAndAsTheLedgerSays(_ scenario: Scenario) async throws {
        let sandbox = try Sandbox.shared.get()
        let device = "swift-scenario-\(scenario.number)"
        try await sandbox.script(device, scenario.script)
        let store = WatchedStore()
        let client = try scenario.client(sandbox, store)
        let options = try scenario.options(device: device)
        var ended = try await scenario.watch(client.start(options, with: scenario.typed.form()), sandbox, store)
        if scenario.value("repeat") == .bool(true) {
            let card = try #require(await ended.sale.storedCard(), "no stored card: \(ended.outcome)")
            var code = Array(scenario.text("security_code").utf8)
            store.watches(nil)
            let sale = try client.start(options, with: card, securityCode: &code)
            #expect(code.isEmpty)
            ended = try await scenario.watch(sale, sandbox, store)
        }
        if scenario.value("reports_after_end") == .bool(true) { try await reportLate(client, ended) }
        try await check(scenario.own["expect"], ended, sandbox)
    }

    /// Reports everything that can happen to a page, now that the sale has ended: it stays ended, and as it is.
    private func reportLate(_ client: SaleClient, _ ended: Scenario.Ended) async throws {
        #expect(!ended.pages.isEmpty)
        for challenge in ended.pages {
            challenge.failed()
            challenge.closed()
            challenge.returned()
        }
        #expect(try client.running(ended.sale.id) == nil, "it runs again")
        #expect(await ended.sale.outcome == ended.outcome)
    }

    private func check(_ expected: JSONValue, _ ended: Scenario.Ended, _ sandbox: Sandbox) async throws {
        let facts = facts(ended.outcome)
        for (name, value) in try #require(expected.object) {
            switch name {
            case "states":
                var seen = ended.seen[...]
                for state in try #require(value.list) {
                    let found = seen.firstIndex(of: state.text ?? "")
                    try #require(found != nil, "\(state) in \(ended.seen)")
                    seen = seen.suffix(from: seen.index(after: found ?? 0))
                }
            case "pages": #expect(.number(ended.pages.count) == value)
            case "ledger": break
            default: #expect(facts[name] == value, "\(name) of \(ended.outcome)")
            }
        }
        let entry = try await sandbox.entry(ended.sale.invoiceId)
        guard let ledger = expected["ledger"].object else {
            #expect(entry == nil, "perform sale was never sent")
            return
        }
        let truth = try #require(entry)
        for (name, value) in ledger {
            switch name {
            case "performs_received": #expect(.number(truth.performs_received) == value)
            case "charges": #expect(.number(truth.charges) == value)
            case "state": #expect(.text(truth.state) == value)
            default: Issue.record("the ledger has no \(name)")
            }
        }
    }

    @Test(arguments: Scenario.refused)
    func whatIsRefusedNamesItsFieldAndRuleAndNotItsValue(_ scenario: Scenario) throws {
        let client = try SaleClient(config: Sandbox.shared.get().parties.config)
        do {
            _ = try client.start(scenario.options(device: "swift-refused"), with: scenario.typed.form())
            Issue.record("it was not refused")
        } catch let error as SaleKitError {
            guard case .invalidInput(let field, let rule, _) = error else { throw error }
            #expect(.text(field) == scenario.own["field"])
            if scenario.own["rule"] != .null { #expect(.text(rule) == scenario.own["rule"]) }
            #expect(!"\(error) \(error.localizedDescription)".contains(scenario.text("card")))
        }
    }
}
