//! The entry point for an app: starts, resumes and acknowledges sales.

public import SaleKitGenerated

/// Starts, resumes and acknowledges sales. Create one and keep it as long as the app runs.
///
/// The async calls here run to their end even if the calling task is cancelled.
public final class SaleClient: Sendable {
    private let core: any ClientCore

    /// A client with another implementation than the core: `SaleKitTesting` uses this for unit tests of apps.
    package init(_ core: any ClientCore) { self.core = core }

    /// A client. It sends nothing yet.
    ///
    /// - Parameters:
    ///   - config: Addresses and timeouts; checked here.
    ///   - presenter: Shows the challenge's page. Without one the app itself opens the page of
    ///     ``SaleState/challenge(url:isOpen:)``.
    ///   - store: Keeps snapshots. Without one they go to ``SaleClientConfig/storeDirectory``.
    ///   - merchant: Answers for the merchant. Without one SaleKit speaks the documented messages with the merchant's
    ///     server.
    ///   - merchantHeaders: The app's headers for those messages, called for each request. A backend makes its own
    ///     requests, so SaleKit does not call this if there is one.
    /// - Throws: ``SaleKitError/invalidInput(field:rule:detail:)`` if the configuration is not usable.
    public init(
        config: SaleClientConfig,
        presenter: (any RedirectPresenter)? = nil,
        store: (any SnapshotStore)? = nil,
        merchant: (any MerchantBackend)? = nil,
        merchantHeaders: MerchantHeaders? = nil
    ) throws(SaleKitError) {
        let client = try calling {
            try SaleKitGenerated.SaleClient(
                config: config.generated,
                presenter: presenter.map(PresenterBridge.init),
                store: store.map(StoreBridge.init),
                merchant: merchant.map(MerchantBridge.init),
                merchantHeaders: merchantHeaders.map(HeadersBridge.init)
            )
        }
        core = RustClient(core: client)
    }

    /// Starts a sale with the card of `form`, and wipes the form. The sale runs to its end even if the app releases the
    /// object.
    ///
    /// - Throws: ``SaleKitError/invalidInput(field:rule:detail:)`` if something is missing or wrong,
    ///   ``SaleKitError/orderInUse(saleId:)`` if another sale with the same merchant order id is running. Nothing was
    ///   sent then, and the form stays as it is.
    public func start(_ request: SaleRequest, with form: CardForm) throws(SaleKitError) -> Sale {
        try Sale(core.start(request, with: form))
    }

    /// Starts a sale with a card that the merchant keeps.
    ///
    /// - Parameter securityCode: Three or four ASCII digits, which the cardholder enters again for this sale. This call
    ///   wipes and empties the array in every case, also if it throws.
    /// - Throws: ``SaleKitError/invalidInput(field:rule:detail:)`` if something is wrong,
    ///   ``SaleKitError/orderInUse(saleId:)`` if another sale with the same merchant order id is running. Nothing was
    ///   sent then.
    public func start(
        _ request: SaleRequest, with card: StoredCard, securityCode: inout [UInt8]
    ) throws(SaleKitError) -> Sale {
        try Sale(core.start(request, with: card, securityCode: &securityCode))
    }

    /// Resumes a stored sale: SaleKit asks the gateway for its status. A finished sale returns its outcome again. For
    /// an unknown outcome SaleKit asks the gateway again. A sale that still runs is returned as it is. To find only
    /// running sales, use ``running(_:)``.
    ///
    /// - Throws: ``SaleKitError/saleNotFound(saleId:)``, ``SaleKitError/saleStillRunning(saleId:)`` if another process
    ///   of the app runs it, ``SaleKitError/saleDamaged(saleId:detail:)``,
    ///   ``SaleKitError/saleForeign(saleId:saleParties:clientParties:)``, or the store's errors.
    public func resume(_ id: Sale.ID) async throws(SaleKitError) -> Sale {
        try Sale(await core.resume(id))
    }

    /// The sale with this id, if it runs in this process, otherwise `nil`. Starts nothing, and reads no storage.
    ///
    /// - Throws: ``SaleKitError/invalidInput(field:rule:detail:)`` if `id` is not the id of a sale.
    public func running(_ id: Sale.ID) throws(SaleKitError) -> Sale? {
        guard let sale = try core.running(id) else { return nil }
        return try Sale(sale)
    }

    /// The stored sales: those that are unfinished, or finished and neither acknowledged nor forgotten. After a
    /// restart, ask for them first, resume each of ``PendingSales/sales``, and settle their outcomes. What this run of
    /// the app has started is listed, too.
    ///
    /// - Throws: The store's errors, if it cannot be read at all.
    public func pending() async throws(SaleKitError) -> PendingSales {
        try await core.pending()
    }

    /// Removes a sale whose outcome is final: approved, declined or not charged. Call it once the outcome is settled:
    /// your own server knows it, or the payer has seen it. A sale that is not stored (any more) is no error.
    ///
    /// - Throws: ``SaleKitError/saleStillRunning(saleId:)`` or ``SaleKitError/saleUnfinished(saleId:)`` if it has not
    ///   ended: resume it. ``SaleKitError/saleOutcomeUnknown(saleId:)``: resume it later, or ``forget(_:)`` it.
    ///   ``SaleKitError/saleForeign(saleId:saleParties:clientParties:)``, ``SaleKitError/saleDamaged(saleId:detail:)``,
    ///   or the store's errors.
    public func acknowledge(_ id: Sale.ID) async throws(SaleKitError) {
        try await core.acknowledge(id)
    }

    /// Removes a sale whose outcome is unknown, or whose snapshot is damaged. **The payer may have been charged.**
    /// SaleKit never asks about the sale again, and only the merchant's server can find out how it ended. Call it when
    /// that server has taken the sale over, not to tidy up: ``resume(_:)`` may still learn the outcome. A sale that is
    /// not stored (any more) is no error.
    ///
    /// A snapshot also counts as damaged if a later version of SaleKit wrote it, or if the store fails to read it.
    /// Nothing is removed if the store says that it may not be read, as the Keychain does before the first unlock.
    ///
    /// - Throws: ``SaleKitError/saleStillRunning(saleId:)`` or ``SaleKitError/saleUnfinished(saleId:)`` if it has not
    ///   ended: resume it. ``SaleKitError/saleOutcomeFinal(saleId:)``: settle it and ``acknowledge(_:)`` it.
    ///   ``SaleKitError/saleForeign(saleId:saleParties:clientParties:)``, or the store's errors.
    public func forget(_ id: Sale.ID) async throws(SaleKitError) {
        try await core.forget(id)
    }

    /// Opens connections ahead of time: call it when the card form appears. Failures do not matter.
    public func preconnect() async { await core.preconnect() }

    /// The app came to the foreground: running sales ask for their status at once.
    public func appForeground() { core.appForeground() }

    /// The app goes to the background and may be killed there: running sales store their snapshots.
    public func appBackground() { core.appBackground() }

    /// The device has a network again: running sales ask for their status at once.
    public func networkAvailable() { core.networkAvailable() }
}
