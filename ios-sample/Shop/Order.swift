//! What is bought.

public import Foundation
public import SaleKit

/// An order, as the shop's server would hand it to the app: what it costs, and who may pay it.
public struct Order: Equatable, Sendable, Identifiable {
    /// The merchant order id. Two sales with the same one never run at once.
    public let id: String
    /// What it is.
    public let title: String
    /// What it costs.
    public let amount: Money
    /// The token that the shop's server made for this order and this user. The sandbox needs none.
    public let accessToken: String?

    /// An order.
    public init(id: String, title: String, amount: Money, accessToken: String? = nil) {
        self.id = id
        self.title = title
        self.amount = amount
        self.accessToken = accessToken
    }

    /// The sample's only product.
    public static func lunch(id: String = "lunch-\(UUID().uuidString.prefix(8).lowercased())") throws(SaleKitError) -> Order {
        Order(id: id, title: Words.lunch, amount: try Money("10.50", "EUR"))
    }
}

/// A sale that an earlier run of the app left, and what has become of it.
public struct LeftOverSale: Equatable, Sendable, Identifiable {
    public let id: Sale.ID
    public let amount: Money
    /// The order that it is for.
    public let orderId: String?
    /// Where it stands; `nil` while it is resumed.
    public var state: SaleState?
    /// Why it could not be resumed, as a sentence for the payer. It stays stored.
    public var problem: String?

    /// Whether the order may not be paid again: it is paid, or nobody knows.
    var isInTheWay: Bool { state?.outcome?.charge != .notCharged }
}

extension SaleState {
    /// How the sale ended, when it has.
    var outcome: SaleOutcome? {
        if case .finished(let outcome) = self { outcome } else { nil }
    }
}
