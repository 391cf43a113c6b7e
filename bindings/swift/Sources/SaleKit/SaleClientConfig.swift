//! What an app configures once, in Foundation's types. The core checks the values and has every default.

public import Foundation
public import SaleKitGenerated

/// What an app configures once. Addresses and pins are checked when the client is made, before anything is sent.
public struct SaleClientConfig: Equatable, Sendable {
    /// The gateway's base URL as the brand's documents give it, for example `https://sandbox.toptechpay.net/payment`.
    public var gatewayURL: URL
    /// The base URL of the merchant's server.
    public var merchantURL: URL
    /// A private directory of the app for snapshots of sales. Exclude it from backups: snapshots contain session
    /// tokens. Without a directory and without a ``SnapshotStore``, an app that was killed cannot resume its sales.
    public var storeDirectory: URL?
    /// The merchant's paths. If a path is `nil`, the merchant's server does not offer that endpoint.
    public var merchantPaths = MerchantPaths.documented
    /// The pace of status requests.
    public var pacing = PacingProfile.strict
    /// How long things may take.
    public var timeouts = Timeouts()
    /// TLS settings in addition to Mozilla's roots.
    public var tls = TlsSettings()
    /// Allows `http` for loopback addresses, in this configuration and for the challenge's page. For tests on one
    /// machine.
    public var allowsLoopbackHTTP = false

    /// A configuration with all defaults.
    public init(gatewayURL: URL, merchantURL: URL, storeDirectory: URL? = nil) {
        self.gatewayURL = gatewayURL
        self.merchantURL = merchantURL
        self.storeDirectory = storeDirectory
    }
}

/// How long things may take, in seconds; `nil` keeps SaleKit's default.
public struct Timeouts: Equatable, Sendable {
    /// How long the gateway may process the sale before the outcome is unknown; 3 minutes by default.
    public var processing: TimeInterval?
    /// The cardholder's challenge; 10 minutes by default.
    public var challenge: TimeInterval?
    /// Asking the merchant's server for a lost session token; 30 seconds by default.
    public var recovery: TimeInterval?
    /// Making a connection; 10 seconds by default.
    public var connect: TimeInterval?
    /// Receiving a complete answer; 30 seconds by default.
    public var answer: TimeInterval?

    /// SaleKit's defaults.
    public init() {}
}

/// TLS settings in addition to the defaults.
public struct TlsSettings: Equatable, Sendable {
    /// PEM text with certificates to trust in addition to Mozilla's roots, for example a sandbox's or a company's CA.
    public var extraRootsPEM: String?
    /// Pinned public keys. The chain of a pinned host must contain one of them. Give each pinned host at least two.
    public var pins: [PublicKeyPin] = []

    /// The defaults only.
    public init() {}
}

/// The SHA-256 of a certificate's SubjectPublicKeyInfo (RFC 7469), for one host.
public struct PublicKeyPin: Equatable, Sendable {
    /// The host's name, for example `gate.toptechpay.net`.
    public var host: String
    /// `sha256/` and 44 characters of base64.
    public var pin: String
    /// When the pin expires; `nil` for never. An expired pin is not checked.
    public var expiresAt: Date?

    /// A pin.
    public init(host: String, pin: String, expiresAt: Date? = nil) {
        self.host = host
        self.pin = pin
        self.expiresAt = expiresAt
    }
}

/// A gateway's two environments.
public struct GatewayProfile: Equatable, Sendable {
    /// The brand's name.
    public let name: String
    /// Base URL for tests.
    public let sandboxURL: URL
    /// Base URL for real money.
    public let productionURL: URL

    /// Base URLs of the gateways whose documents SaleKit was built from.
    public static let all: [GatewayProfile] = gatewayProfiles().compactMap { profile in
        guard let sandbox = URL(checked: profile.sandboxUrl), let production = URL(checked: profile.productionUrl)
        else { return nil }
        return GatewayProfile(name: profile.name, sandboxURL: sandbox, productionURL: production)
    }
}

extension MerchantPaths {
    /// The paths that the protocol's documents and samples use.
    public static var documented: MerchantPaths { documentedMerchantPaths() }
}

extension SaleClientConfig {
    var generated: SaleKitGenerated.SaleClientConfig {
        SaleKitGenerated.SaleClientConfig(
            gatewayUrl: gatewayURL.absoluteString,
            merchantUrl: merchantURL.absoluteString,
            storeDirectory: storeDirectory?.path,
            merchantPaths: merchantPaths,
            pacing: pacing,
            timeouts: SaleKitGenerated.Timeouts(
                processingMillis: timeouts.processing.map(milliseconds),
                challengeMillis: timeouts.challenge.map(milliseconds),
                recoveryMillis: timeouts.recovery.map(milliseconds),
                connectMillis: timeouts.connect.map(milliseconds),
                answerMillis: timeouts.answer.map(milliseconds)
            ),
            tls: SaleKitGenerated.TlsSettings(
                extraRootsPem: tls.extraRootsPEM,
                pins: tls.pins.map { pin in
                    SaleKitGenerated.PublicKeyPin(
                        host: pin.host,
                        pin: pin.pin,
                        expiresAtMillis: (pin.expiresAt?.timeIntervalSince1970).map(milliseconds)
                    )
                }
            ),
            allowsLoopbackHttp: allowsLoopbackHTTP
        )
    }
}

/// Converts seconds to milliseconds. A negative time or NaN becomes 0; one that is too large becomes the maximum.
private func milliseconds(_ seconds: TimeInterval) -> UInt64 {
    guard seconds > 0 else { return 0 }
    return UInt64(exactly: (seconds * 1000).rounded()) ?? .max
}
