//! The privacy manifest, which Xcode reads from the package's bundle and from nowhere else.

import Foundation
import Testing

@Suite struct PrivacyTests {
    private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../..").standardized

    @Test func theBundleOfTheLibraryHasIt() throws {
        // Bundles lie beside the program of the tests.
        let built = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        let bundle = built.appendingPathComponent("SaleKit_SaleKit.resources/PrivacyInfo.xcprivacy")
        let content = try PropertyListSerialization.propertyList(from: Data(contentsOf: bundle), format: nil)
        let manifest = try #require(content as? [String: Any])
        #expect(manifest["NSPrivacyTracking"] as? Bool == false)
        let collected = try #require(manifest["NSPrivacyCollectedDataTypes"] as? [[String: Any]])
        let kinds = collected.compactMap { $0["NSPrivacyCollectedDataType"] as? String }
        #expect(kinds.contains("NSPrivacyCollectedDataTypePaymentInfo"))
    }

    @Test(arguments: ["Package.swift", "../../Package.swift"])
    func bothManifestsNameIt(manifest: String) throws {
        let text = try String(contentsOf: Self.package.appendingPathComponent(manifest), encoding: .utf8)
        #expect(text.contains("resources: [.process(\"PrivacyInfo.xcprivacy\")]"))
    }
}
