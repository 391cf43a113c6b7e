package dev.salekit

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import java.util.concurrent.CompletableFuture

/**
 * A sale. It runs by itself: releasing this object, or cancelling a coroutine that waits for its end, does not affect
 * the payment. Only [cancel] does.
 *
 * Made by [SaleClient.start] and [SaleClient.resume]. May be used from any thread.
 */
public class Sale private constructor(private val core: SaleCore) {
    /** The sale's own id: with it the sale can be resumed and acknowledged. */
    public val id: String by lazy(LazyThreadSafetyMode.PUBLICATION) { core.id }

    /** `invoiceId`, once the merchant's server has given it. */
    public val invoiceId: String? get() = core.invoiceId

    /** The present state. */
    public val state: SaleState get() = core.state

    /**
     * The present state and every later one. A slow collector misses states in between, never the last one, which is
     * [SaleState.Finished]. The flow does not complete; wait for the end with [outcome].
     */
    public val states: StateFlow<SaleState> by lazy {
        val latest = MutableStateFlow(state)
        // SaleKit holds the listener, and with it the flow, until the sale ends: this object may be gone by then.
        core.observe { latest.value = it }
        latest.asStateFlow()
    }

    /**
     * Waits for the end. Cancelling the coroutine ends the waiting and nothing else. You may call it again, and several
     * callers may wait at once.
     *
     * @throws SaleKitException.Internal if the waiting itself failed, which says nothing about the sale
     */
    @Throws(SaleKitException::class, kotlin.coroutines.cancellation.CancellationException::class)
    public suspend fun outcome(): SaleOutcome = core.outcome()

    /** [outcome] for Java. Cancelling the future ends the waiting and nothing else. */
    public fun outcomeFuture(): CompletableFuture<SaleOutcome> = futureOf { outcome() }

    /**
     * The card that the merchant keeps for later sales. This waits for the end, and asks the merchant's server for the
     * card if the sale is approved. The sale itself does not wait for this. Call it at once, or after a restart (call
     * [SaleClient.resume] first), until the sale is acknowledged. Cancelling the coroutine ends this request and
     * nothing else.
     *
     * @return `null` if there is no such card: the sale is not approved or was paid with a stored card, or the
     *   merchant's server does not offer the request or keeps no card. The server learns of the card from the gateway
     *   at about the time when the sale is approved, so SaleKit asks up to three times within a few seconds.
     * @throws SaleKitException.MerchantUnavailable if the merchant's server could not be asked; ask again later
     */
    @Throws(SaleKitException::class, kotlin.coroutines.cancellation.CancellationException::class)
    public suspend fun storedCard(): StoredCard? = core.storedCard()

    /** [storedCard] for Java. Cancelling the future ends this request and nothing else. */
    public fun storedCardFuture(): CompletableFuture<StoredCard?> = futureOf { storedCard() }

    /**
     * Calls [listener] with the present state and every later one, to the end, on a thread of SaleKit. Calls to one
     * listener come one at a time; other listeners may be called at the same time. A slow listener misses states in
     * between, never the last one. Four listeners that do not return delay the other listeners and state flows of the
     * process, and nothing else. SaleKit holds the listener until the end or until the subscription is closed,
     * whichever comes first.
     */
    public fun observe(listener: SaleStateListener): Subscription =
        Subscription.of(core.observe(listener))

    /**
     * Asks to end the sale. Before perform sale is sent, the sale ends at once. After that, this only ends the waiting,
     * and the gateway's decision counts: an approved sale stays approved.
     */
    public fun cancel(): Unit = core.cancel()

    /**
     * The page to show while the state is [SaleState.Challenge], else `null`: for apps without a [RedirectPresenter].
     * Get it when you show the page, and report to it what happens to the page.
     */
    public val challenge: Challenge? get() = core.challenge

    override fun toString(): String = "Sale($id)"

    internal companion object {
        @JvmSynthetic
        internal fun of(core: SaleCore): Sale = Sale(core)
    }
}

/** Receives the states of a sale. See [Sale.observe]. */
public fun interface SaleStateListener {
    /** The sale is in [state] now. An exception from this call changes nothing. Must not block for long. */
    public fun onState(state: SaleState)
}

/** A listener's subscription to a sale. Dropping the reference does not end it; [close] does. */
public class Subscription private constructor(private val end: AutoCloseable) : AutoCloseable {
    /** Ends it: once this has returned, no new call to the listener begins. May be called twice. */
    override fun close(): Unit = end.close()

    internal companion object {
        @JvmSynthetic
        internal fun of(end: AutoCloseable): Subscription = Subscription(end)
    }
}
