//! What an app configures once, in Foundation's types. What is allowed, and every default, is the core's to say.

public import Foundation
public import SaleKitGenerated

/// What an app configures once. Addresses and pins are checked when the client is made, before anything is sent.
public struct SaleClientConfig: Equatable, Sendable {
    /// The gateway's base URL as the brand's documents give it, for example `https://sandbox.toptechpay.net/payment`.
    public var gatewayURL: URL
    /// The base URL of the merchant's server.
    public var merchantURL: URL
    /// A directory of the app's own for snapshots of sales, outside of backups: they hold session tokens. Without one
    /// and without a ``SnapshotStore``, a killed app cannot go on with its sales.
    public var storeDirectory: URL?
    /// The merchant's paths. A path that is `nil` is a thing the merchant does not offer.
    public var merchantPaths = MerchantPaths.documented
    /// The pace of status requests.
    public var pacing = PacingProfile.strict
    /// How long things may take.
    public var timeouts = Timeouts()
    /// TlsSettings beyond Mozilla's roots.
    public var tls = TlsSettings()
    /// Allows `http` for loopback addresses, here and for the challenge's page. For tests on one machine.
    public var allowsLoopbackHTTP = false

    /// A configuration with every default.
    public init(gatewayURL: URL, merchantURL: URL, storeDirectory: URL? = nil) {
        self.gatewayURL = gatewayURL
        self.merchantURL = merchantURL
        self.storeDirectory = storeDirectory
    }
}

/// How long things may take, in seconds; `nil` keeps SaleKit's default.
public struct Timeouts: Equatable, Sendable {
    /// The gateway's processing, before the outcome is called unknown; 3 minutes by default.
    public var processing: TimeInterval?
    /// The cardholder's challenge; 10 minutes by default.
    public var challenge: TimeInterval?
    /// Asking the merchant's server for a lost session token; 30 seconds by default.
    public var recovery: TimeInterval?
    /// Making a connection; 10 seconds by default.
    public var connect: TimeInterval?
    /// A whole answer; 30 seconds by default.
    public var answer: TimeInterval?

    /// SaleKit's defaults.
    public init() {}
}

/// TlsSettings beyond the defaults.
public struct TlsSettings: Equatable, Sendable {
    /// PEM text with certificates that are trusted besides Mozilla's roots: for a sandbox, or a company's own CA.
    public var extraRootsPEM: String?
    /// Public keys of which each server's chain must hold one. A host with pins must have two or more.
    public var pins: [PublicKeyPin] = []

    /// Nothing beyond the defaults.
    public init() {}
}

/// The SHA-256 of a certificate's SubjectPublicKeyInfo (RFC 7469), for one host.
public struct PublicKeyPin: Equatable, Sendable {
    /// The host's name, for example `gate.toptechpay.net`.
    public var host: String
    /// `sha256/` and 44 characters of base64.
    public var pin: String
    /// From then on the pin is not asked for any more; `nil` for never.
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

    /// The gateways whose documents SaleKit was built from.
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

/// Seconds as the contract counts. What is no time (below zero, not a number) is none; what has no room is the most.
private func milliseconds(_ seconds: TimeInterval) -> UInt64 {
    guard seconds > 0 else { return 0 }
    return UInt64(exactly: (seconds * 1000).rounded()) ?? .max
}
