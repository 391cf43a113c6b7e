package dev.salekit.testing

import dev.salekit.Charge
import dev.salekit.RedirectPresenter
import dev.salekit.SaleCore
import dev.salekit.SaleOutcome
import dev.salekit.SaleRequest
import dev.salekit.SaleState
import dev.salekit.SaleStateListener
import dev.salekit.StoredCard
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.first
import java.util.concurrent.CopyOnWriteArrayList

/**
 * A sale that the test controls with [move], [challenge] and [end]. Listeners are called at once, on the test's thread.
 *
 * @property id the sale's id
 * @property request the request of the code under test; `null` if the sale was resumed
 */
public class FakeSale internal constructor(
    public val id: String,
    public val request: SaleRequest?,
    initial: SaleState,
    private val presenter: RedirectPresenter?,
    private val card: () -> StoredCard?,
) {
    private val states = MutableStateFlow(initial)
    private val listeners = CopyOnWriteArrayList<SaleStateListener>()

    /** The page to show now, if the sale has one. */
    @Volatile
    public var challenge: FakeChallenge? = null
        private set

    /** `invoiceId`, which the test sets. */
    @Volatile
    public var invoiceId: String? = null

    /** Whether the code under test called `cancel`. The test decides what follows. */
    @Volatile
    public var isCancelled: Boolean = false
        private set

    /** The present state. */
    public val state: SaleState get() = states.value

    /** Moves the sale to [state]. For a page use [challenge], for the end [end]. */
    public fun move(state: SaleState) {
        check(this.state !is SaleState.Finished) { "the sale has ended" }
        leavePage()
        show(state)
    }

    /** Makes the sale show the page at [url]: the presenter is called, if there is one. */
    public fun challenge(url: String): FakeChallenge {
        check(state !is SaleState.Finished) { "the sale has ended" }
        leavePage()
        val page = FakeChallenge(id, url)
        challenge = page
        show(SaleState.Challenge(url = url, isOpen = presenter != null))
        try {
            presenter?.show(page)
        } catch (_: Exception) {
            page.failed()
        }
        return page
    }

    /** Ends the sale with [outcome]. */
    public fun end(outcome: SaleOutcome) {
        check(state !is SaleState.Finished) { "the sale has ended" }
        leavePage()
        outcome.invoiceId?.let { invoiceId = it }
        show(SaleState.Finished(outcome))
    }

    private fun show(state: SaleState) {
        states.value = state
        listeners.forEach { it.onState(state) }
    }

    private fun leavePage() {
        val page = challenge ?: return
        challenge = null
        try {
            presenter?.dismiss(page)
        } catch (_: Exception) {
            // As in a real sale, the exception changes nothing.
        }
    }

    /** Runs the `Sale` that the code under test gets. */
    internal val core: SaleCore = object : SaleCore {
        override val id get() = this@FakeSale.id

        override val invoiceId get() = this@FakeSale.invoiceId

        override val state get() = this@FakeSale.state

        override val challenge get() = this@FakeSale.challenge

        override suspend fun outcome(): SaleOutcome =
            (states.first { it is SaleState.Finished } as SaleState.Finished).outcome

        override suspend fun storedCard(): StoredCard? = if (outcome().charge == Charge.CHARGED) card() else null

        override fun observe(listener: SaleStateListener): AutoCloseable {
            listeners += listener
            listener.onState(state)
            return AutoCloseable { listeners -= listener }
        }

        override fun cancel() {
            isCancelled = true
        }
    }
}
