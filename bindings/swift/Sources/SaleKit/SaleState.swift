//! The state of a sale, and how it ends. Only these types say anything about money.

public import Foundation
public import SaleKitGenerated

/// The state of a sale. Only ``finished(_:)`` says anything about money.
public enum SaleState: Hashable, Sendable {
    /// SaleKit asks the merchant's server for an access token and an invoice. Nothing can be charged yet.
    case initiating
    /// SaleKit is about to send perform sale, or waits for its answer.
    case performing
    /// The answer to perform sale was lost. SaleKit asks the merchant's server for the sale's session token.
    case recovering
    /// The gateway is processing the sale.
    case processing
    /// The cardholder authenticates with the issuer in the browser. `url` is checked to be `https`. It is `nil` only
    /// after decoding, because the coded form leaves it out: use ``Sale/challenge``. `isOpen` says whether the page is, or may still be, open.
    case challenge(url: URL?, isOpen: Bool)
    /// The sale has ended.
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
    /// The sale is not charged, and that is proven.
    case notCharged(NotCharged)
    /// The sale may or may not be charged. Asking again later may answer that. Never show it as a failure.
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
    /// Whether the gateway confirmed another amount than the requested one, for example a part of it.
    public var amountDiffers: Bool { amount != nil && amount != requestedAmount }

    /// The amount to show to the payer: the confirmed one, or the requested one if the gateway confirmed none.
    public var amountToShow: Money { amount ?? requestedAmount }
}

/// Apps log states, and a page's address gives access to the cardholder's challenge. So the address is not shown.
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

    /// The same as `description`.
    public var customMirror: Mirror { Mirror(self, children: [], displayStyle: .enum) }
}

/// The coded form leaves out a page's address, which is a secret of the sale. To get it, use ``Sale/challenge``.
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

    /// The outcome, once the sale has ended.
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
    /// Reads an address as the core writes it. The core follows the WHATWG URL rules, which leave some characters as
    /// they are (`|` in a query). Foundation before iOS 17 accepts those only percent-encoded.
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
