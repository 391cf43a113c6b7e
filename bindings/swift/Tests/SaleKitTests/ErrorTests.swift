//! What errors say.

import Fixtures
import Foundation
import SaleKit
import Testing

@Suite struct ErrorTests {
    @Test func everyErrorHasACodeOfItsOwnAndASentence() {
        let parties = SaleKit.Parties(gatewayUrl: "https://gateway.example", merchant: .appBackend)
        let all: [SaleKitError: String] = [
            .invalidInput(field: "transaction.currency", rule: "currency", detail: "is no currency"): "invalid_input",
            .saleNotFound(saleId: "s"): "sale_not_found",
            .saleStillRunning(saleId: "s"): "sale_still_running",
            .saleUnfinished(saleId: "s"): "sale_unfinished",
            .saleOutcomeUnknown(saleId: "s"): "sale_outcome_unknown",
            .saleOutcomeFinal(saleId: "s"): "sale_outcome_final",
            .orderInUse(saleId: "s"): "order_in_use",
            .saleForeign(saleId: "s", saleParties: parties, clientParties: parties): "sale_foreign",
            .saleDamaged(saleId: "s", detail: "cut off"): "sale_damaged",
            .storageFull(detail: "full"): "storage_full",
            .storageDenied(detail: "denied"): "storage_denied",
            .storageFailed(detail: "failed"): "storage_failed",
            .merchantUnavailable(failure: .timedOut, detail: "no answer in time"): "merchant_unavailable",
            .noRandomness(detail: "none"): "no_randomness",
            .internal(detail: "panic"): "internal",
        ]
        for (error, code) in all {
            #expect(error.code == code)
            // What an alert shows is for the payer, and what a log shows for developers.
            #expect(!error.description.isEmpty && error.localizedDescription == error.displayMessage)
            #expect(error.localizedDescription != error.description)
        }
        let input = SaleKitError.invalidInput(field: "transaction.currency", rule: "currency", detail: "is no currency")
        #expect("\(input)" == "transaction.currency: is no currency")
    }

    @Test func aConfigurationIsCheckedBeforeAnythingIsSent() throws {
        func refusal(_ change: (inout SaleClientConfig) throws -> Void) rethrows -> SaleKitError? {
            var config = SaleClientConfig(gatewayURL: URL(fileURLWithPath: "/"), merchantURL: URL(fileURLWithPath: "/"))
            if let url = URL(string: "https://gateway.example/payment") { (config.gatewayURL, config.merchantURL) = (url, url) }
            try change(&config)
            do throws(SaleKitError) { _ = try SaleClient(config: config) } catch { return error }
            return nil
        }
        #expect(refusal { _ in } == nil)
        let plain = try #require(URL(string: "http://gateway.example"))
        #expect(refusal { $0.gatewayURL = plain }?.code == "invalid_input")
        #expect(refusal { $0.pacing = .test }?.code == "invalid_input")
        #expect(refusal { $0.tls.extraRootsPEM = "no certificate" }?.code == "invalid_input")
        #expect(refusal { $0.tls.pins = [PublicKeyPin(host: "gateway.example", pin: "sha256/short")] }?.code == "invalid_input")
    }
}
