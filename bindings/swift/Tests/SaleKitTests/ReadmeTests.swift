//! The README's sale is a file of these tests.

import Fixtures
import Foundation
import SaleKit
import Testing

@Suite struct ReadmeTests {
    @Test func theTenLinesMakeASale() async throws {
        let sandbox = try Sandbox.shared.get()
        let approved = try await pay(with: Typed().form(), config: sandbox.parties.config, device: "readme-1")
        #expect(approved == "paid 10.50 EUR")
        let declined = try await pay(with: Typed(code: "116").form(), config: sandbox.parties.config, device: "readme-2")
        #expect(declined == Advice.tryAnotherCard.message)
    }

    @Test func theReadmeShowsThem() throws {
        let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let code = try String(contentsOf: here.appendingPathComponent("MakingASale.swift"), encoding: .utf8)
        let readme = here.appendingPathComponent("../../README.md").standardizedFileURL
        #expect(try String(contentsOf: readme, encoding: .utf8).contains("```swift\n\(code)```\n"))
    }
}
