//! Where a sale stands and how it ends. The only types here that say something about money.

public import Foundation
public import SaleKitGenerated

/// Where a sale stands. Only ``finished(_:)`` says anything about money.
public enum SaleState: Hashable, Sendable {
    /// The merchant's server is asked for an access token and an invoice. Nothing can be charged yet.
    case initiating
    /// Perform sale is about to be sent or on its way.
    case performing
    /// The answer to perform sale was lost; the merchant's server is asked where the sale can be found.
    case recovering
    /// The gateway is processing.
    case processing
    /// The cardholder authenticates with the issuer in the browser. `url` is checked to be `https`; it is `nil` only in a
    /// stored sale and right after one is resumed: pages are not stored, and the gateway is asked for it. `isOpen` says
    /// whether the page is, or may still be, open.
    case challenge(url: URL?, isOpen: Bool)
    /// The end.
    case finished(SaleOutcome)
    /// A state that later versions may add. Treat it like ``processing``.
    case other(String)
}

/// How a sale ended: the one type that says whether money moved.
public enum SaleOutcome: Hashable, Sendable, Codable {
    /// The gateway says that the sale is approved: the cardholder's account is charged.
    case approved(SaleReceipt)
    /// The gateway says that the sale is declined: not charged.
    case declined(Decline)
    /// The sale ended before anything could be charged, provably.
    case notCharged(NotCharged)
    /// The sale may be charged or not; asking again later may tell. Never show it as a failure.
    case unknown(UnknownOutcome)

    /// Whether money moved.
    public var charge: Charge {
        switch self {
        case .approved: OutcomeCharges.approved
        case .declined: OutcomeCharges.declined
        case .notCharged: OutcomeCharges.notCharged
        case .unknown: OutcomeCharges.unknown
        }
    }
}

extension SaleReceipt {
    /// Whether the gateway confirmed another amount than the one that was asked for, for example a part of it.
    public var amountDiffers: Bool { amount != nil && amount != requestedAmount }

    /// The amount to show to the payer: the confirmed one, or the one asked for where the gateway confirmed none.
    public var amountToShow: Money { amount ?? requestedAmount }
}

/// States are what apps log, and a page's address is the cardholder's way into the challenge: it is not shown.
extension SaleState: CustomStringConvertible, CustomReflectable {
    /// The state, without a page's address.
    public var description: String {
        switch self {
        case .initiating: "initiating"
        case .performing: "performing"
        case .recovering: "recovering"
        case .processing: "processing"
        case .challenge(_, let isOpen): "challenge(isOpen: \(isOpen))"
        case .finished(let outcome): "finished(\(outcome))"
        case .other(let name): "other(\(name))"
        }
    }

    /// As `description`.
    public var customMirror: Mirror { Mirror(self, children: [], displayStyle: .enum) }
}

/// Without a page's address, which is a secret of the sale: ask ``Sale/challenge`` for it.
extension SaleState: Codable {
    private enum Written: Codable {
        case initiating, performing, recovering, processing
        case challenge(isOpen: Bool)
        case finished(SaleOutcome)
        case other(String)
    }

    public init(from decoder: any Decoder) throws {
        self =
            switch try Written(from: decoder) {
            case .initiating: .initiating
            case .performing: .performing
            case .recovering: .recovering
            case .processing: .processing
            case .challenge(let isOpen): .challenge(url: nil, isOpen: isOpen)
            case .finished(let outcome): .finished(outcome)
            case .other(let name): .other(name)
            }
    }

    public func encode(to encoder: any Encoder) throws {
        let written: Written =
            switch self {
            case .initiating: .initiating
            case .performing: .performing
            case .recovering: .recovering
            case .processing: .processing
            case .challenge(_, let isOpen): .challenge(isOpen: isOpen)
            case .finished(let outcome): .finished(outcome)
            case .other(let name): .other(name)
            }
        try written.encode(to: encoder)
    }
}

extension SaleState {
    init(_ state: SaleKitGenerated.SaleState) {
        self =
            switch state {
            case .initiating: .initiating
            case .performing: .performing
            case .recovering: .recovering
            case .processing: .processing
            case .challenge(let url, let isOpen):
                .challenge(url: url.isEmpty ? nil : URL(checked: url), isOpen: isOpen)
            case .finished(let outcome): .finished(SaleOutcome(outcome))
            case .other(let name): .other(name)
            }
    }

    /// The outcome, at the end.
    var outcome: SaleOutcome? {
        if case .finished(let outcome) = self { outcome } else { nil }
    }
}

extension SaleOutcome {
    init(_ outcome: SaleKitGenerated.SaleOutcome) {
        self =
            switch outcome {
            case .approved(let receipt): .approved(receipt)
            case .declined(let decline): .declined(decline)
            case .notCharged(let notCharged): .notCharged(notCharged)
            case .unknown(let unknown): .unknown(unknown)
            }
    }
}

extension URL {
    /// An address as the core writes it. The WHATWG's rules, which it follows, leave some characters as they are (`|` in
    /// a query) that Foundation before iOS 17 takes in percent-encoding only.
    init?(checked address: String) {
        if let url = URL(string: address) {
            self = url
            return
        }
        let allowed = CharacterSet.urlQueryAllowed.union(CharacterSet(charactersIn: "#%[]"))
        guard let encoded = address.addingPercentEncoding(withAllowedCharacters: allowed), let url = URL(string: encoded)
        else { return nil }
        self = url
    }
}
