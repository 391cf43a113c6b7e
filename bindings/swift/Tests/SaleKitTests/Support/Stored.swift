//! A stored sale in a challenge, as the core would tell of it: no app can make one.

@testable import SaleKit
import SaleKitGenerated

func storedChallenge(page: String) -> PendingSales {
    let sale = SaleKitGenerated.PendingSale(
        id: "7", state: .challenge(url: page, isOpen: true), amount: Money(minor: 1050, currency: "EUR"),
        label: "order 7", invoiceId: "invoice-1", startedMs: 7)
    let damaged = DamagedSale(
        id: "8", invoiceId: "invoice-1", label: "order 7", amount: Money(minor: 1050, currency: "EUR"), detail: "no")
    let foreign = SaleKitGenerated.ForeignSale(
        id: "9", parties: Parties(gatewayUrl: "https://gateway.example/paynet", merchant: .appBackend),
        amount: Money(minor: 1050, currency: "EUR"), label: "order 7", invoiceId: "invoice-1", startedMs: 7)
    return PendingSales(Pending(sales: [sale], foreign: [foreign], damaged: [damaged]))
}
