//! A stored sale in a challenge, as the core would tell of it: no app can make one.

@testable import SaleKit
import SaleKitGenerated

func storedChallenge(page: String) -> PendingSales {
    let sale = SaleKitGenerated.PendingSale(
        id: "7", state: .challenge(url: page, isOpen: true), amount: Money(minor: 1050, currency: "EUR"),
        label: "order 7", invoiceId: "invoice-1", startedMs: 7)
    let damaged = DamagedSale(id: "8", invoiceId: "invoice-1", detail: "no")
    return PendingSales(Pending(sales: [sale], damaged: [damaged]))
}
