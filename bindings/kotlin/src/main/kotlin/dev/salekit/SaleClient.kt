package dev.salekit

import java.util.concurrent.CompletableFuture
import kotlin.coroutines.cancellation.CancellationException

/**
 * Starts, resumes and acknowledges sales. Create one and keep it as long as the app runs. May be used from any thread.
 *
 * Creating a client sends nothing. Without a presenter the app opens the page of [SaleState.Challenge] itself. Without
 * a store snapshots go to [SaleClientConfig.storeDirectory]. Without a merchant backend SaleKit exchanges the
 * documented messages with the merchant's server, and adds the headers of `merchantHeaders` if there are any. A backend
 * makes its own requests, so SaleKit does not call `merchantHeaders` then.
 *
 * @throws SaleKitException.InvalidInput if the configuration is not usable
 */
public class SaleClient private constructor(private val core: ClientCore) : AutoCloseable {
    /** A client. In an app's unit tests use one of `salekit-testing` instead. */
    @JvmOverloads
    @Throws(SaleKitException::class)
    public constructor(
        config: SaleClientConfig,
        presenter: RedirectPresenter? = null,
        store: SnapshotStore? = null,
        merchant: MerchantBackend? = null,
        merchantHeaders: MerchantHeaders? = null,
    ) : this(FfiClientCore.of(config, presenter, store, merchant, merchantHeaders))

    /**
     * Starts a sale, and wipes the [CardForm] that it is paid with. If this throws, nothing was sent. If a card detail
     * is missing or wrong, or another sale with the same merchant order id is running, the form stays as it is; for any
     * other exception it is wiped. The sale runs to its end even if the app keeps no reference to it.
     *
     * @throws SaleKitException.InvalidInput if a value of the request is not usable
     * @throws SaleKitException.OrderInUse if another sale with its merchant order id is running
     */
    @Throws(SaleKitException::class)
    public fun start(request: SaleRequest): Sale = Sale.of(core.start(request))

    /**
     * Resumes a stored sale: SaleKit asks the gateway for its status. A finished sale returns its outcome again. For an
     * unknown outcome SaleKit asks the gateway again. A sale that still runs in this process is returned as it is. To
     * find only running sales, use [running].
     *
     * @throws SaleKitException.SaleNotFound if no sale with this id is stored
     * @throws SaleKitException.SaleStillRunning if another process of the app runs it
     * @throws SaleKitException.SaleDamaged if its snapshot cannot be used
     * @throws SaleKitException.SaleForeign if it belongs to another gateway or merchant than this client has
     */
    @Throws(SaleKitException::class, CancellationException::class)
    public suspend fun resume(saleId: String): Sale = Sale.of(core.resume(saleId))

    /** [resume] for Java. */
    public fun resumeFuture(saleId: String): CompletableFuture<Sale> = futureOf { resume(saleId) }

    /**
     * The sale with this id if it runs in this process, else `null`. Nothing is started, and no storage is read.
     *
     * @throws SaleKitException.InvalidInput if [saleId] is not a sale's id
     */
    @Throws(SaleKitException::class)
    public fun running(saleId: String): Sale? = core.running(saleId)?.let(Sale::of)

    /**
     * The stored sales: those that are unfinished, or finished and neither acknowledged nor forgotten. After a restart,
     * call this first, resume each of [PendingSales.sales], and settle their outcomes. What this run of the app has
     * started is listed, too.
     *
     * @throws SaleKitException if the store cannot be read at all
     */
    @Throws(SaleKitException::class, CancellationException::class)
    public suspend fun pending(): PendingSales = core.pending()

    /** [pending] for Java. */
    public fun pendingFuture(): CompletableFuture<PendingSales> = futureOf { pending() }

    /**
     * Removes a sale whose outcome is final: approved, declined or not charged. Call it once the outcome is settled:
     * your own server knows it, or the payer has seen it. If the sale is not stored (any more), nothing happens.
     *
     * @throws SaleKitException.SaleStillRunning if it is running: wait for its outcome
     * @throws SaleKitException.SaleUnfinished if it has not ended: resume it
     * @throws SaleKitException.SaleOutcomeUnknown if its outcome is unknown: resume it later, or [forget] it
     * @throws SaleKitException.SaleForeign if it belongs to another gateway or merchant than this client has
     * @throws SaleKitException.SaleDamaged if its snapshot cannot be used: ask the merchant's server, then [forget] it
     */
    @Throws(SaleKitException::class, CancellationException::class)
    public suspend fun acknowledge(saleId: String): Unit = core.acknowledge(saleId)

    /** [acknowledge] for Java. */
    public fun acknowledgeFuture(saleId: String): CompletableFuture<Void?> = futureOf {
        acknowledge(saleId)
        null
    }

    /**
     * Removes a sale whose outcome is unknown, or whose snapshot is damaged. **The payer may have been charged.**
     * SaleKit never asks about the sale again, and only the merchant's server can find out how it ended. Call it when
     * that server has taken the sale over, not to tidy up: [resume] may still learn the outcome. If the sale is not
     * stored (any more), nothing happens.
     *
     * A snapshot also counts as damaged if a later version of SaleKit wrote it, or if the store fails to read it
     * ([SnapshotStoreException.Kind.FAILED]). Nothing is removed if the store may not be read
     * ([SnapshotStoreException.Kind.DENIED]).
     *
     * @throws SaleKitException.SaleStillRunning if it is running: wait for its outcome
     * @throws SaleKitException.SaleUnfinished if it has not ended: resume it
     * @throws SaleKitException.SaleOutcomeFinal if its outcome is known: settle it and [acknowledge] it
     * @throws SaleKitException.SaleForeign if it belongs to another gateway or merchant than this client has
     */
    @Throws(SaleKitException::class, CancellationException::class)
    public suspend fun forget(saleId: String): Unit = core.forget(saleId)

    /** [forget] for Java. */
    public fun forgetFuture(saleId: String): CompletableFuture<Void?> = futureOf {
        forget(saleId)
        null
    }

    /** Opens connections ahead of time: call it when the card form appears. Failures do not matter. */
    @Throws(SaleKitException::class, CancellationException::class)
    public suspend fun preconnect(): Unit = core.preconnect()

    /** [preconnect] for Java. */
    public fun preconnectFuture(): CompletableFuture<Void?> = futureOf {
        preconnect()
        null
    }

    /** The app came to the foreground. SaleKit asks for the status of the running sales at once. */
    public fun appForeground(): Unit = core.appForeground()

    /**
     * The app goes to the background, where the system may kill it. SaleKit stores the snapshots of the running sales.
     */
    public fun appBackground(): Unit = core.appBackground()

    /** The device has a network again. SaleKit asks for the status of the running sales at once. */
    public fun networkAvailable(): Unit = core.networkAvailable()

    /** Releases this client. Later calls to it throw [IllegalStateException]. Running sales continue to their ends. */
    override fun close() {
        core.close()
    }

    internal companion object {
        /** A client that uses [core] instead of the native library. */
        @JvmSynthetic
        internal fun of(core: ClientCore): SaleClient = SaleClient(core)
    }
}
