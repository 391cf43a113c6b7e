// What runs behind a client and a sale: the native library, or the fakes of salekit-testing.

package dev.salekit

import dev.salekit.ffi.Sale as FfiSale
import dev.salekit.ffi.SaleClient as FfiSaleClient
import dev.salekit.ffi.SaleState as FfiSaleState
import dev.salekit.ffi.SaleStateListener as FfiSaleStateListener
import dev.salekit.ffi.Subscription as FfiSubscription

/** Runs a [SaleClient]; see there for each call. */
internal interface ClientCore : AutoCloseable {
    fun start(request: SaleRequest): SaleCore

    suspend fun resume(saleId: String): SaleCore

    fun running(saleId: String): SaleCore?

    suspend fun pending(): PendingSales

    suspend fun acknowledge(saleId: String)

    suspend fun forget(saleId: String)

    suspend fun preconnect()

    fun appForeground()

    fun appBackground()

    fun networkAvailable()
}

/** Runs a [Sale]; see there for each call. */
internal interface SaleCore {
    val id: String

    val invoiceId: String?

    val state: SaleState

    val challenge: Challenge?

    suspend fun outcome(): SaleOutcome

    suspend fun storedCard(): StoredCard?

    fun observe(listener: SaleStateListener): AutoCloseable

    fun cancel()
}

/** The native library's client. */
internal class FfiClientCore private constructor(private val ffi: FfiSaleClient) : ClientCore {
    override fun start(request: SaleRequest): SaleCore = bridged {
        val ffiRequest = request.toFfi()
        when (val source = request.source) {
            is CardForm -> FfiSaleCore(ffi.start(ffiRequest, source.ffi))
            is StoredCardPayment -> source.spend { code ->
                FfiSaleCore(ffi.startWithStoredCard(ffiRequest, source.card.toFfi(), code))
            }
        }
    }

    override suspend fun resume(saleId: String): SaleCore = bridged { FfiSaleCore(ffi.resume(saleId)) }

    override fun running(saleId: String): SaleCore? = bridged { ffi.running(saleId)?.let(::FfiSaleCore) }

    override suspend fun pending(): PendingSales = bridged { ffi.pending().toPublic() }

    override suspend fun acknowledge(saleId: String): Unit = bridged { ffi.acknowledge(saleId) }

    override suspend fun forget(saleId: String): Unit = bridged { ffi.forget(saleId) }

    override suspend fun preconnect(): Unit = bridged { ffi.preconnect() }

    override fun appForeground(): Unit = bridged { ffi.appForeground() }

    override fun appBackground(): Unit = bridged { ffi.appBackground() }

    override fun networkAvailable(): Unit = bridged { ffi.networkAvailable() }

    override fun close(): Unit = ffi.close()

    companion object {
        @JvmSynthetic
        internal fun of(
            config: SaleClientConfig,
            presenter: RedirectPresenter?,
            store: SnapshotStore?,
            merchant: MerchantBackend?,
            merchantHeaders: MerchantHeaders?,
        ): FfiClientCore = bridged {
            FfiClientCore(
                FfiSaleClient(
                    config = config.toFfi(),
                    presenter = presenter?.let(::PresenterAdapter),
                    store = store?.let(::StoreAdapter),
                    merchant = merchant?.let(::MerchantAdapter),
                    merchantHeaders = merchantHeaders?.let(::HeadersAdapter),
                ),
            )
        }
    }
}

/** The native library's sale. */
internal class FfiSaleCore(private val ffi: FfiSale) : SaleCore {
    override val id: String get() = bridged { ffi.id() }

    override val invoiceId: String? get() = bridged { ffi.invoiceId() }

    override val state: SaleState get() = bridged { ffi.state().toPublic() }

    override val challenge: Challenge? get() = bridged { ffi.challenge()?.let(::SaleChallenge) }

    override suspend fun outcome(): SaleOutcome = bridged { ffi.outcome().toPublic() }

    override suspend fun storedCard(): StoredCard? = bridged { ffi.storedCard()?.toPublic() }

    override fun observe(listener: SaleStateListener): AutoCloseable =
        FfiPlace(bridged { ffi.observe(ListenerAdapter(listener)) })

    override fun cancel(): Unit = bridged { ffi.cancel() }
}

/** A listener's subscription to a sale. */
private class FfiPlace(private val ffi: FfiSubscription) : AutoCloseable {
    @Synchronized
    override fun close() {
        if (!ffi.uniffiIsDestroyed) {
            bridged { ffi.stop() }
            ffi.close()
        }
    }
}

private class ListenerAdapter(private val listener: SaleStateListener) : FfiSaleStateListener {
    override fun onState(state: FfiSaleState) = called { listener.onState(state.toPublic()) }
}
