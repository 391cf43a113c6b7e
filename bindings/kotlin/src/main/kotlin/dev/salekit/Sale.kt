package dev.salekit

import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import java.util.concurrent.CompletableFuture

/**
 * A sale. It runs by itself: letting go of this object, or cancelling a coroutine that waits for its end, does not touch
 * the payment. The only cancel is [cancel].
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
     * The present state and every later one. Being a state flow it conflates: a slow collector misses states in between,
     * never the last one, which is [SaleState.Finished]. It does not complete; wait for the end with [outcome].
     */
    public val states: StateFlow<SaleState> by lazy {
        val latest = MutableStateFlow(state)
        // Held by SaleKit until the sale's end, and the flow with it: this object may be gone by then.
        core.observe { latest.value = it }
        latest.asStateFlow()
    }

    /**
     * Waits for the end. Cancelling the coroutine ends the waiting and nothing else; the outcome can be asked for again,
     * and by as many as like.
     *
     * @throws SaleKitException.Internal if the waiting itself failed, which says nothing about the sale
     */
    @Throws(SaleKitException::class, kotlin.coroutines.cancellation.CancellationException::class)
    public suspend fun outcome(): SaleOutcome = core.outcome()

    /** [outcome] for Java. Cancelling the future ends the waiting and nothing else. */
    public fun outcomeFuture(): CompletableFuture<SaleOutcome> = futureOf { outcome() }

    /**
     * The card that the merchant keeps for later sales: waits for the end, and asks the merchant's server for the card if the sale
     * is approved. The sale itself waits for nothing of it. Ask at once, or after a restart ([SaleClient.resume] the sale
     * first), until the sale is acknowledged. Cancelling the coroutine ends the asking and nothing else.
     *
     * @return `null` if there is no such card: the sale is not approved or was paid with a stored card, or the merchant's
     *   server does not offer the question or keeps no card. It learns of the card from the gateway, about when the sale
     *   is approved, so it is asked up to three times within some seconds.
     * @throws SaleKitException.MerchantUnavailable if the merchant's server could not be asked; ask again later
     */
    @Throws(SaleKitException::class, kotlin.coroutines.cancellation.CancellationException::class)
    public suspend fun storedCard(): StoredCard? = core.storedCard()

    /** [storedCard] for Java. Cancelling the future ends the asking and nothing else. */
    public fun storedCardFuture(): CompletableFuture<StoredCard?> = futureOf { storedCard() }

    /**
     * Tells [listener] the present state and every later one, to the end, on a thread of SaleKit's: one after the other,
     * while other listeners may be told at the same time. A slow listener misses states in between, never the last one.
     * Four that do not come back hold up the other listeners and state flows of the process, and nothing else. SaleKit
     * holds the listener until the end or until the subscription is closed, whichever comes first.
     */
    public fun observe(listener: SaleStateListener): Subscription =
        Subscription.of(core.observe(listener))

    /**
     * Asks to end the sale. Before perform sale is sent that is done at once; later it only ends the waiting, and what
     * the gateway decides counts: an approved sale stays approved.
     */
    public fun cancel(): Unit = core.cancel()

    /**
     * The page that the sale wants shown, while its state is [SaleState.Challenge], else `null`: for apps without a
     * [RedirectPresenter]. Take it when you show the page, and report to it what becomes of the page.
     */
    public val challenge: Challenge? get() = core.challenge

    override fun toString(): String = "Sale($id)"

    internal companion object {
        @JvmSynthetic
        internal fun of(core: SaleCore): Sale = Sale(core)
    }
}

/** Is told the states of a sale. See [Sale.observe]. */
public fun interface SaleStateListener {
    /** The sale is in [state] now. What is thrown here changes nothing. Must not wait for long. */
    public fun onState(state: SaleState)
}

/** A listener's place at a sale. Letting go of it changes nothing; [close] ends it. */
public class Subscription private constructor(private val end: AutoCloseable) : AutoCloseable {
    /** Ends it: once this has returned no new call to the listener begins. Twice is allowed. */
    override fun close(): Unit = end.close()

    internal companion object {
        @JvmSynthetic
        internal fun of(end: AutoCloseable): Subscription = Subscription(end)
    }
}
