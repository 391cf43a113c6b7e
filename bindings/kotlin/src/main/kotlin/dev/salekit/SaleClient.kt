package dev.salekit

import java.util.concurrent.CompletableFuture
import kotlin.coroutines.cancellation.CancellationException

/**
 * Where an app begins: starts, resumes and acknowledges sales. One for the life of the app; may be used from any thread.
 *
 * Making one sends nothing. Without a presenter the app opens the page of [SaleState.Challenge] itself. Without a store
 * snapshots go to [SaleClientConfig.storeDirectory]. Without a merchant backend the documented messages are spoken with the
 * merchant's server, with the headers of `merchantHeaders`, if there are any; a backend makes requests of its own, and
 * `merchantHeaders` is not asked then.
 *
 * @throws SaleKitException.InvalidInput if the configuration is not usable
 */
public class SaleClient private constructor(private val core: ClientCore) : AutoCloseable {
    /** A client. Unit tests of apps take one of `salekit-testing` in its place. */
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
     * Starts a sale. On an exception nothing was sent; if something of the card is missing or wrong, or another sale with
     * the merchant order id runs, the form is left as it is, else it is wiped. The sale runs to its end whether or not anybody holds it.
     *
     * @throws SaleKitException.InvalidInput if something of the request is not usable
     * @throws SaleKitException.OrderInUse if another sale with its merchant order id runs
     */
    @Throws(SaleKitException::class)
    public fun start(request: SaleRequest): Sale = Sale.of(core.start(request))

    /**
     * Goes on with a stored sale: asks how it stands. A finished one tells its outcome again; an unknown outcome is asked
     * for again. A sale that still runs is returned as it is; [running] finds only those.
     *
     * @throws SaleKitException.SaleNotFound if there is none with this id
     * @throws SaleKitException.SaleStillRunning if another process of the app runs it
     * @throws SaleKitException.SaleDamaged if its snapshot cannot be used
     * @throws SaleKitException.SaleForeign if it belongs to another gateway or merchant than this client has
     */
    @Throws(SaleKitException::class, CancellationException::class)
    public suspend fun resume(saleId: String): Sale = Sale.of(core.resume(saleId))

    /** [resume] for Java. */
    public fun resumeFuture(saleId: String): CompletableFuture<Sale> = futureOf { resume(saleId) }

    /**
     * The sale with this id, if it runs in this process, else `null`. Nothing is started, and no storage is read.
     *
     * @throws SaleKitException.InvalidInput if [saleId] is no sale's id
     */
    @Throws(SaleKitException::class)
    public fun running(saleId: String): Sale? = core.running(saleId)?.let(Sale::of)

    /**
     * The stored sales: those that are unfinished, or finished and neither acknowledged nor forgotten. After a restart, ask
     * for them first, resume each of [PendingSales.sales], and settle their outcomes.
     *
     * @throws SaleKitException if the store cannot be read at all
     */
    @Throws(SaleKitException::class, CancellationException::class)
    public suspend fun pending(): PendingSales = core.pending()

    /** [pending] for Java. */
    public fun pendingFuture(): CompletableFuture<PendingSales> = futureOf { pending() }

    /**
     * Removes a sale whose outcome is final: approved, declined or not charged. Call it once the outcome is settled: your
     * own server knows it, or the payer has seen it. A sale that is not stored (any more) is no error.
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
     * Removes a sale whose outcome is unknown, or whose snapshot is damaged. **The payer may have been charged.** SaleKit
     * never asks about the sale again, and only the merchant's server can find out how it ended. Call it when that server
     * has taken the sale over, not to tidy up: [resume] may still learn the outcome. A sale that is not stored (any more)
     * is no error.
     *
     * A snapshot also counts as damaged if a later version of SaleKit wrote it, or if the store fails to read it
     * ([SnapshotStoreException.Kind.FAILED]). Nothing is removed if the store says that it may not be read.
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

    /** The app came to the foreground: running sales ask at once how they stand. */
    public fun appForeground(): Unit = core.appForeground()

    /** The app goes to the background and may be killed there: running sales store their snapshots. */
    public fun appBackground(): Unit = core.appBackground()

    /** The device has a network again: running sales ask at once how they stand. */
    public fun networkAvailable(): Unit = core.networkAvailable()

    /** Releases this client; calls to it throw [IllegalStateException] then. Sales that run go on to their ends. */
    override fun close() {
        core.close()
    }

    internal companion object {
        /** A client on top of something else than the core. */
        @JvmSynthetic
        internal fun of(core: ClientCore): SaleClient = SaleClient(core)
    }
}
