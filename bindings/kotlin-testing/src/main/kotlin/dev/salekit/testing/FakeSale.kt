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
 * A sale that goes on as the test says: [move], [challenge], [end]. Listeners are called at once, on the test's thread.
 *
 * @property id the sale's id
 * @property request what the code under test asked for; `null` if the sale was resumed
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

    /** The sale's page, if it wants one shown now. */
    @Volatile
    public var challenge: FakeChallenge? = null
        private set

    /** `invoiceId`, which the test gives. */
    @Volatile
    public var invoiceId: String? = null

    /** Whether the code under test asked to end the sale. What becomes of that is the test's to say. */
    @Volatile
    public var isCancelled: Boolean = false
        private set

    /** Where it stands. */
    public val state: SaleState get() = states.value

    /** The sale stands at [state] now. For a page use [challenge], for the end [end]. */
    public fun move(state: SaleState) {
        check(this.state !is SaleState.Finished) { "the sale has ended" }
        leavePage()
        show(state)
    }

    /** The sale wants the page at [url] shown: the presenter is called, if there is one. */
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

    /** The sale ends with [outcome]. */
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
            // As with a real sale, it changes nothing.
        }
    }

    /** What the sale of the client is made of. */
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
