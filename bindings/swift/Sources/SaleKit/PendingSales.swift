//! What an earlier run of the app left behind.

public import Foundation
public import SaleKitGenerated

/// Sales that an earlier run of the app left behind.
public struct PendingSales: Equatable, Sendable {
    /// Sales that can be resumed or acknowledged, the oldest first.
    public let sales: [PendingSale]
    /// Sales whose snapshot cannot be used. Ask the shop's server about them.
    public let damaged: [DamagedSale]

    init(_ pending: SaleKitGenerated.Pending) {
        sales = pending.sales.map(PendingSale.init)
        damaged = pending.damaged
    }
}

/// A stored sale that is unfinished, or finished and not acknowledged.
public struct PendingSale: Equatable, Sendable, Identifiable {
    /// Its id.
    public let id: Sale.ID
    /// Where it stood when it was stored last.
    public let state: SaleState
    /// The amount.
    public let amount: Money
    /// The app's own name for it.
    public let label: String?
    /// `invoiceId`, if it was initiated.
    public let invoiceId: String?
    /// When it was started.
    public let started: Date

    init(_ sale: SaleKitGenerated.PendingSale) {
        id = sale.id
        state = SaleState(sale.state)
        amount = sale.amount
        label = sale.label
        invoiceId = sale.invoiceId
        started = Date(timeIntervalSince1970: Double(sale.startedMs) / 1000)
    }
}
