//! The other parties of a sale as tests see them: where they listen, and a card that the sandbox knows. Shared by the
//! tests and the process that they start.

public import Foundation
public import SaleKit

/// Where a sandbox listens, as its ready file says.
public struct Parties: Codable, Sendable {
    public let gatewayURL: URL
    public let merchantURL: URL
    public let rootsPEM: String
    /// The merchant and its remote control without TLS: Foundation trusts no authority of ours on Linux.
    public let plainMerchantURL: URL

    enum CodingKeys: String, CodingKey {
        case gatewayURL = "gateway_url"
        case merchantURL = "merchant_url"
        case rootsPEM = "ca_pem"
        case plainMerchantURL = "plain_merchant_url"
    }

    /// Reads a ready file.
    public init(readyFile: URL) throws {
        self = try JSONDecoder().decode(Parties.self, from: Data(contentsOf: readyFile))
    }

    /// A configuration that reaches these parties.
    public var config: SaleClientConfig {
        var config = SaleClientConfig(gatewayURL: gatewayURL, merchantURL: merchantURL)
        config.pacing = .test
        config.tls.extraRootsPEM = rootsPEM
        return config
    }
}

/// What a cardholder types.
public struct Typed: Sendable {
    public var number = "4111111111111111"
    public var expiry = "12/2040"
    public var holder = "ADA LOVELACE"
    /// The code decides what the sandbox does: 123 approves, 321 asks for a challenge, 116 declines.
    public var code = "123"

    public init() {}

    public init(code: String) { self.code = code }

    /// A form with all of it pasted in.
    public func form() throws -> CardForm {
        let form = try CardForm()
        for (text, field) in [
            (number, CardField.number), (expiry, .expiry), (code, .securityCode), (holder, .printedName),
        ] {
            var bytes = Array(text.utf8)
            try form.paste(&bytes, into: field)
        }
        return form
    }
}

extension SaleRequest {
    /// 10.50 EUR from a device. An e-mail is needed to sell with the stored card later.
    public static func lunch(device: String) throws -> SaleRequest {
        SaleRequest(
            amount: try Money("10.50", "EUR"),
            consumer: Consumer(serialNumber: device, email: "ada@example.com"),
            merchantOrderId: "lunch",
            // One test makes several.
            allowsDuplicate: true
        )
    }
}
