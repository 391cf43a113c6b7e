//! The stored sales.

public import Foundation
public import SaleKitGenerated

/// The stored sales.
public struct PendingSales: Hashable, Sendable, Codable {
    /// Sales that this client can resume, the oldest first.
    public let sales: [PendingSale]
    /// Sales of other gateways or merchants, the oldest first. Resume them with a client that has theirs.
    public let foreign: [ForeignSale]
    /// Sales whose snapshot cannot be used. Ask the merchant's server about them, then forget them.
    public let damaged: [DamagedSale]

    package init(sales: [PendingSale], foreign: [ForeignSale], damaged: [DamagedSale]) {
        self.sales = sales
        self.foreign = foreign
        self.damaged = damaged
    }

    init(_ pending: SaleKitGenerated.PendingSales) {
        sales = pending.sales.map(PendingSale.init)
        foreign = pending.foreign.map(ForeignSale.init)
        damaged = pending.damaged
    }
}

/// A stored sale that is unfinished, or finished and neither acknowledged nor forgotten.
public struct PendingSale: Hashable, Sendable, Codable, Identifiable {
    /// Its id.
    public let id: Sale.ID
    /// Its state when it was last stored.
    public let state: SaleState
    /// The amount.
    public let amount: Money
    /// The merchant's id of the order.
    public let merchantOrderId: String?
    /// `invoiceId`, if it was initiated.
    public let invoiceId: String?
    /// When it was started.
    public let startedAt: Date

    package init(id: Sale.ID, state: SaleState, amount: Money, merchantOrderId: String?, invoiceId: String?, startedAt: Date) {
        self.id = id
        self.state = state
        self.amount = amount
        self.merchantOrderId = merchantOrderId
        self.invoiceId = invoiceId
        self.startedAt = startedAt
    }

    init(_ sale: SaleKitGenerated.PendingSale) {
        id = sale.id
        state = SaleState(sale.state)
        amount = sale.amount
        merchantOrderId = sale.merchantOrderId
        invoiceId = sale.invoiceId
        startedAt = Date(timeIntervalSince1970: Double(sale.startedAtMillis) / 1000)
    }
}

/// A stored sale of another gateway, or for another merchant's server, than the client has. Only a client that has
/// those may resume, acknowledge or forget it.
public struct ForeignSale: Hashable, Sendable, Codable, Identifiable {
    /// Its id.
    public let id: Sale.ID
    /// The gateway and the merchant's server that the sale belongs to.
    public let parties: Parties
    /// The amount.
    public let amount: Money
    /// The merchant's id of the order.
    public let merchantOrderId: String?
    /// `invoiceId`, if it was initiated.
    public let invoiceId: String?
    /// When it was started.
    public let startedAt: Date

    init(_ sale: SaleKitGenerated.ForeignSale) {
        id = sale.id
        parties = sale.parties
        amount = sale.amount
        merchantOrderId = sale.merchantOrderId
        invoiceId = sale.invoiceId
        startedAt = Date(timeIntervalSince1970: Double(sale.startedAtMillis) / 1000)
    }
}
