//! What is bought.

public import SaleKit

/// An order, as the shop's server would hand it to the app: what it costs, and who may pay it.
public struct Order: Equatable, Sendable, Identifiable {
    /// The merchant order id. Two sales with the same one never run at once.
    public let id: String
    /// What is in it, and what each costs.
    public let lines: [Line]
    /// What it costs.
    public let total: Money
    /// The token that the shop's server made for this order and this user. The sandbox needs none.
    public let accessToken: String?

    /// An order.
    public init(id: String, lines: [Line], total: Money, accessToken: String? = nil) {
        self.id = id
        self.lines = lines
        self.total = total
        self.accessToken = accessToken
    }

    /// Something that is bought.
    public struct Line: Equatable, Sendable, Identifiable {
        public let name: String
        public let price: Money
        public var id: String { name }
    }

    /// The sample's only order.
    public static func lunch(id: String = "\(Int.random(in: 100_000...999_999))") throws(SaleKitError) -> Order {
        let lines = [Line(name: Words.lunch, price: try Money("8.50", "EUR")), Line(name: Words.tea, price: try Money("2.00", "EUR"))]
        return Order(id: id, lines: lines, total: try Money("10.50", "EUR"))
    }
}

/// A sale that an earlier run of the app left, or that this one left for another order, and what has become of it.
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

    /// Whether its end is waited for.
    var isRunning: Bool { problem == nil && state?.outcome == nil }
}

extension SaleState {
    /// How the sale ended, when it has.
    var outcome: SaleOutcome? {
        if case .finished(let outcome) = self { outcome } else { nil }
    }
}
