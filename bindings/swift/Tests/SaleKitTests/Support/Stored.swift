//! A stored sale in a challenge, as the core would tell of it: no app can make one.

@testable import SaleKit
import SaleKitGenerated

func storedChallenge(page: String) -> SaleKit.PendingSales {
    let sale = SaleKitGenerated.PendingSale(
        id: "7", state: .challenge(url: page, isOpen: true), amount: Money(minorUnits: 1050, currency: "EUR"),
        merchantOrderId: "order 7", invoiceId: "invoice-1", startedAtMillis: 7)
    let damaged = DamagedSale(
        id: "8", invoiceId: "invoice-1", merchantOrderId: "order 7", amount: Money(minorUnits: 1050, currency: "EUR"), detail: "no")
    let foreign = SaleKitGenerated.ForeignSale(
        id: "9", parties: Parties(gatewayUrl: "https://gateway.example/paynet", merchant: .appBackend),
        amount: Money(minorUnits: 1050, currency: "EUR"), merchantOrderId: "order 7", invoiceId: "invoice-1", startedAtMillis: 7)
    return SaleKit.PendingSales(SaleKitGenerated.PendingSales(sales: [sale], foreign: [foreign], damaged: [damaged]))
}
