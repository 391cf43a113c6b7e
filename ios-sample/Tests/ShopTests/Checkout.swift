//! The app as a test uses it: its screen, and a sandbox behind it.

import Foundation
import Sandbox
import SaleKit
import Testing

@testable import Shop
@testable import SwiftUI
@testable import UIKit

/// Remembers the pages that it was to show.
final class Presenter: RedirectPresenter, @unchecked Sendable {
    private let lock = NSLock()
    private var challenges: [Challenge] = []

    var shown: [Challenge] { lock.withLock { challenges } }
    func show(_ challenge: Challenge) { lock.withLock { challenges.append(challenge) } }
    func dismiss(_ challenge: Challenge) {}
}

/// How a page is drawn.
enum Look: String, CaseIterable, Sendable {
    case light, dark, rtl, large

    var environment: EnvironmentValues {
        var values = EnvironmentValues()
        switch self {
        case .light: break
        case .dark: values.colorScheme = .dark
        case .rtl: values.layoutDirection = .rightToLeft
        case .large: values.dynamicTypeSize = .accessibility1
        }
        return values
    }
}

@MainActor final class Checkout {
    static let paid = "The payment was made."
    static let pay = "Pay \u{2066}10.50 EUR\u{2069}"
    /// A sale that the gateway processes until a test decides it.
    static let undecided = #"{"processing_delay_ms": 3600000}"#

    let sandbox: Sandbox
    let device: String
    let store: URL
    let presenter = Presenter()
    let client: SaleClient
    let model: CheckoutModel
    let stage: Stage

    /// An app that starts. One with the `device` and `store` of another is the same one, started again.
    init(
        device: String = "shop-\(UUID())", store: URL? = nil, orderId: String? = nil, snapshots: MemoryStore? = nil,
        delaysTasks: Bool = false, configure: (inout SaleClientConfig) -> Void = { _ in }
    ) throws {
        sandbox = try Sandbox.shared.get()
        self.device = device
        self.store = store ?? sandbox.folder.appendingPathComponent("store-\(UUID())")
        var config = sandbox.parties.config(store: self.store)
        configure(&config)
        client = try SaleClient(config: config, presenter: presenter, store: snapshots)
        model = try CheckoutModel(
            client: client, presenter: presenter,
            consumer: Consumer(serialNumber: device, email: "ada@example.com"),
            order: orderId.map { try Order.lunch(id: $0) } ?? .lunch())
        stage = Stage(CheckoutView(model: model), delaysTasks: delaysTasks)
    }

    func type(code: String, number: String = "4111111111111111") {
        stage.field("number")?.type(number)
        stage.field("expiry")?.type("1240")
        stage.field("security_code")?.type(code)
        stage.field("printed_name")?.type("Ada Lovelace")
        _ = UIResponder.first?.resignFirstResponder()
    }

    /// Waits until the page has these words; fails after a minute.
    func shows(_ words: String) async throws {
        let end = Date() + 60
        while !stage.text.contains(words) {
            guard Date() < end else { throw TestFailure("no \"\(words)\" on: \(stage.text)") }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Waits for what no page tells; fails after a minute.
    func until(_ isSo: () async throws -> Bool) async throws {
        let end = Date() + 60
        while try await !isSo() {
            guard Date() < end else { throw TestFailure("it never became so") }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// Has the gateway decide the order's sale, which it is processing: `approve` or `decline`.
    func decide(_ end: String) async throws {
        let sale = try await client.pending().sales.first { $0.merchantOrderId == model.order.id }
        try await sandbox.end(#require(sale?.invoiceId), end)
    }

    /// Waits for the end of the sale, so that nothing of the model's comes between the end and what the test does next; fails
    /// after a minute.
    func ends() async throws {
        let end = Date() + 60
        while case .paying = model.screen {
            guard Date() < end else { throw TestFailure("\(model.screen)") }
            await Task.yield()
        }
    }

    /// Waits until there is a page that has not been seen yet.
    func page(_ number: Int = 1) async throws -> Challenge {
        try await until { presenter.shown.count >= number }
        return presenter.shown[number - 1]
    }

    var isEntryEmpty: Bool {
        ["number", "expiry", "security_code", "printed_name"].allSatisfy { stage.field($0)?.drawn == "" }
    }

    /// How often the gateway was sent perform sale for an invoice, and charged it.
    func charges(_ invoiceId: String) async throws -> [Int]? {
        try await sandbox.entry(invoiceId).map { [$0.performs_received, $0.charges] }
    }

    /// Leaves the page for the pictures, if they are wanted, in every look.
    func picture(_ name: String) throws {
        guard let folder = ProcessInfo.processInfo.environment["SALEKIT_PICTURES"], !folder.isEmpty else { return }
        for look in Look.allCases {
            let page = stage.html(look.environment)
            try page.write(toFile: "\(folder)/\(name)-\(look.rawValue).html", atomically: true, encoding: .utf8)
        }
    }
}
