//! The implementations behind a client and a sale: the Rust core, or the replacement in `SaleKitTesting`.

import SaleKitGenerated

/// The implementation of a ``SaleClient``, which documents each call.
package protocol ClientCore: Sendable {
    func start(_ request: SaleRequest, with form: CardForm) throws(SaleKitError) -> any SaleCore
    func start(_ request: SaleRequest, with card: StoredCard, securityCode: inout [UInt8]) throws(SaleKitError) -> any SaleCore
    func resume(_ id: Sale.ID) async throws(SaleKitError) -> any SaleCore
    func running(_ id: Sale.ID) throws(SaleKitError) -> (any SaleCore)?
    func pending() async throws(SaleKitError) -> PendingSales
    func acknowledge(_ id: Sale.ID) async throws(SaleKitError)
    func forget(_ id: Sale.ID) async throws(SaleKitError)
    func preconnect() async
    func appForeground()
    func appBackground()
    func networkAvailable()
}

/// The implementation of a ``Sale``, which documents each call.
package protocol SaleCore: Sendable {
    var id: String { get throws(SaleKitError) }
    var invoiceId: String? { get }
    var state: SaleState? { get }
    var challenge: Challenge? { get }
    func outcome() async throws(SaleKitError) -> SaleOutcome
    func storedCard() async throws(SaleKitError) -> StoredCard?
    /// Passes the current state and later ones to `relay`. Call the returned function to stop that. `nil` if the sale
    /// cannot report states.
    func observe(_ relay: StateRelay) -> (@Sendable () -> Void)?
    func cancel()
}

/// The client of the Rust core.
struct RustClient: ClientCore {
    let core: SaleKitGenerated.SaleClient

    func start(_ request: SaleRequest, with form: CardForm) throws(SaleKitError) -> any SaleCore {
        RustSale(core: try calling { try core.start(request: request, form: form.core) })
    }

    func start(_ request: SaleRequest, with card: StoredCard, securityCode: inout [UInt8]) throws(SaleKitError) -> any SaleCore {
        let started = try calling {
            try wiping(&securityCode) { code in
                try core.startWithStoredCard(request: request, card: card, securityCode: code)
            }
        }
        return RustSale(core: started)
    }

    func resume(_ id: Sale.ID) async throws(SaleKitError) -> any SaleCore {
        RustSale(core: try await waiting { [core] in try await core.resume(saleId: id) })
    }

    func running(_ id: Sale.ID) throws(SaleKitError) -> (any SaleCore)? {
        try calling { try core.running(saleId: id) }.map(RustSale.init)
    }

    func pending() async throws(SaleKitError) -> PendingSales {
        PendingSales(try await waiting { [core] in try await core.pending() })
    }

    func acknowledge(_ id: Sale.ID) async throws(SaleKitError) {
        try await waiting { [core] in try await core.acknowledge(saleId: id) }
    }

    func forget(_ id: Sale.ID) async throws(SaleKitError) {
        try await waiting { [core] in try await core.forget(saleId: id) }
    }

    func preconnect() async { try? await core.preconnect() }

    func appForeground() { try? core.appForeground() }

    func appBackground() { try? core.appBackground() }

    func networkAvailable() { try? core.networkAvailable() }
}

/// The sale of the Rust core.
struct RustSale: SaleCore {
    let core: SaleKitGenerated.Sale

    var id: String { get throws(SaleKitError) { try calling { try core.id() } } }

    var invoiceId: String? { (try? core.invoiceId()).flatMap { $0 } }

    var state: SaleState? { (try? core.state()).map(SaleState.init) }

    var challenge: Challenge? { (try? core.challenge()).flatMap { $0 }.flatMap(Challenge.init) }

    func outcome() async throws(SaleKitError) -> SaleOutcome {
        SaleOutcome(try await waiting { [core] in try await core.outcome() })
    }

    func storedCard() async throws(SaleKitError) -> StoredCard? {
        try await waiting { [core] in try await core.storedCard() }
    }

    func observe(_ relay: StateRelay) -> (@Sendable () -> Void)? {
        guard let subscription = try? core.observe(listener: relay) else { return nil }
        return { try? subscription.stop() }
    }

    func cancel() { try? core.cancel() }
}
