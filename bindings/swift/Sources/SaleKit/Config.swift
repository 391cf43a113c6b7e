//! What an app configures once, in Foundation's types. What is allowed, and every default, is the core's to say.

public import Foundation
public import SaleKitGenerated

/// What an app configures once. Addresses and pins are checked when the client is made, before anything is sent.
public struct Config: Equatable, Sendable {
    /// The gateway's base URL as the brand's documents give it, for example `https://sandbox.toptechpay.net/payment`.
    public var gatewayURL: URL
    /// The base URL of the shop's server.
    public var shopURL: URL
    /// A directory of the app's own for snapshots of sales, outside of backups: they hold session tokens. Without one
    /// and without a ``SnapshotStore``, a killed app cannot go on with its sales.
    public var storeDirectory: URL?
    /// The shop's paths. A path that is `nil` is a thing the shop does not offer.
    public var shopPaths = ShopPaths.documented
    /// The pace of status requests.
    public var pacing = PacingProfile.strict
    /// How long things may take.
    public var patience = Patience()
    /// Trust beyond Mozilla's roots.
    public var trust = Trust()
    /// Allows `http` for loopback addresses, here and for the challenge's page. For tests on one machine.
    public var allowsLoopbackHTTP = false

    /// A configuration with every default.
    public init(gatewayURL: URL, shopURL: URL, storeDirectory: URL? = nil) {
        self.gatewayURL = gatewayURL
        self.shopURL = shopURL
        self.storeDirectory = storeDirectory
    }
}

/// How long things may take, in seconds; `nil` keeps SaleKit's default.
public struct Patience: Equatable, Sendable {
    /// The gateway's processing, before the outcome is called unknown; 3 minutes by default.
    public var processing: TimeInterval?
    /// The cardholder's challenge; 10 minutes by default.
    public var challenge: TimeInterval?
    /// Asking the shop's server for a lost session token; 30 seconds by default.
    public var recovery: TimeInterval?
    /// Making a connection; 10 seconds by default.
    public var connect: TimeInterval?
    /// A whole answer; 30 seconds by default.
    public var answer: TimeInterval?

    /// SaleKit's defaults.
    public init() {}
}

/// Trust beyond the defaults.
public struct Trust: Equatable, Sendable {
    /// PEM text with certificates that are trusted besides Mozilla's roots: for a sandbox, or a company's own CA.
    public var extraRootsPEM: String?
    /// Public keys of which each server's chain must hold one. A host with pins must have two or more.
    public var pins: [KeyPin] = []

    /// Nothing beyond the defaults.
    public init() {}
}

/// The SHA-256 of a certificate's SubjectPublicKeyInfo (RFC 7469), for one host.
public struct KeyPin: Equatable, Sendable {
    /// The host's name, for example `gate.toptechpay.net`.
    public var host: String
    /// `sha256/` and 44 characters of base64.
    public var pin: String
    /// From then on the pin is not asked for any more; `nil` for never.
    public var expires: Date?

    /// A pin.
    public init(host: String, pin: String, expires: Date? = nil) {
        self.host = host
        self.pin = pin
        self.expires = expires
    }
}

/// A gateway's two environments.
public struct BrandProfile: Equatable, Sendable {
    /// The brand's name.
    public let name: String
    /// Base URL for tests.
    public let sandboxURL: URL
    /// Base URL for real money.
    public let productionURL: URL

    /// The gateways whose documents SaleKit was built from.
    public static let all: [BrandProfile] = brandProfiles().compactMap { profile in
        guard let sandbox = URL(checked: profile.sandboxUrl), let production = URL(checked: profile.productionUrl)
        else { return nil }
        return BrandProfile(name: profile.name, sandboxURL: sandbox, productionURL: production)
    }
}

extension ShopPaths {
    /// The paths that the protocol's documents and samples use.
    public static var documented: ShopPaths { documentedShopPaths() }
}

extension Config {
    var generated: SaleKitGenerated.Config {
        SaleKitGenerated.Config(
            gatewayUrl: gatewayURL.absoluteString,
            shopUrl: shopURL.absoluteString,
            storeDirectory: storeDirectory?.path,
            shopPaths: shopPaths,
            pacing: pacing,
            patience: SaleKitGenerated.Patience(
                processingMs: patience.processing.map(milliseconds),
                challengeMs: patience.challenge.map(milliseconds),
                recoveryMs: patience.recovery.map(milliseconds),
                connectMs: patience.connect.map(milliseconds),
                answerMs: patience.answer.map(milliseconds)
            ),
            trust: SaleKitGenerated.Trust(
                extraRootsPem: trust.extraRootsPEM,
                pins: trust.pins.map { pin in
                    SaleKitGenerated.KeyPin(
                        host: pin.host,
                        pin: pin.pin,
                        expiresMs: (pin.expires?.timeIntervalSince1970).map(milliseconds)
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
