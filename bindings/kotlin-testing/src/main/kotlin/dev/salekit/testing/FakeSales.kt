package dev.salekit.testing

import dev.salekit.Challenge
import dev.salekit.ClientCore
import dev.salekit.DamagedSale
import dev.salekit.ForeignSale
import dev.salekit.PendingSale
import dev.salekit.PendingSales
import dev.salekit.RedirectPresenter
import dev.salekit.SaleClient
import dev.salekit.SaleCore
import dev.salekit.SaleOutcome
import dev.salekit.SaleRequest
import dev.salekit.SaleState
import dev.salekit.StoredCard
import java.util.Collections

/**
 * Sales for an app's unit tests. The test controls the sales of [client], a [SaleClient]. Nothing is sent, no native
 * library is loaded, and nothing happens by itself.
 *
 * ```kotlin
 * val sales = FakeSales()
 * val model = CheckoutModel(sales.client)
 * model.pay()
 * sales.last.challenge("https://acs.example/page")
 * sales.last.end(Outcomes.approved(Money(1050, "EUR")))
 * ```
 *
 * A sale starts as [SaleState.Initiating], and stays so until the test moves it. Call [endWith] and [failWith], and set
 * [storedCard], before the sale starts. May be used from any thread.
 *
 * Requests are not checked, and their cards are not read: pass an empty `CardForm()`.
 *
 * @param presenter shows the pages of challenges, like the presenter of a real client
 */
public class FakeSales @JvmOverloads constructor(private val presenter: RedirectPresenter? = null) {
    private val lock = Any()
    private val sales = mutableListOf<FakeSale>()
    private val scripts = ArrayDeque<Script>()
    private val stored = linkedMapOf<String, PendingSale>()

    /** The client for the code under test. */
    public val client: SaleClient = SaleClient.of(Core())

    /** The sales that were started or resumed, in order. */
    public val started: List<FakeSale> get() = synchronized(lock) { sales.toList() }

    /** The sale that was started or resumed last. */
    public val last: FakeSale get() = started.lastOrNull() ?: error("no sale was started")

    /** The ids of the sales that were acknowledged, in order. */
    public val acknowledged: List<String> get() = acknowledgedIds.toList()

    /** The ids of the sales that were forgotten, in order. */
    public val forgotten: List<String> get() = forgottenIds.toList()

    /** The names of other calls, in order: `preconnect`, `appForeground`, `appBackground`, `networkAvailable`. */
    public val calls: List<String> get() = callNames.toList()

    /** Sales of other gateways or merchants, which [SaleClient.pending] also lists. */
    @Volatile
    public var foreign: List<ForeignSale> = emptyList()

    /** Sales that cannot be read, which [SaleClient.pending] also lists. */
    @Volatile
    public var damaged: List<DamagedSale> = emptyList()

    /** The card that the merchant keeps for approved sales: the result of `Sale.storedCard`. */
    @Volatile
    public var storedCard: StoredCard? = null

    private val acknowledgedIds = Collections.synchronizedList(mutableListOf<String>())
    private val forgottenIds = Collections.synchronizedList(mutableListOf<String>())
    private val callNames = Collections.synchronizedList(mutableListOf<String>())

    /**
     * Scripts the next sale that has no script yet: when it is started or resumed, it passes [states] and ends with
     * [outcome] by itself.
     */
    public fun endWith(outcome: SaleOutcome, vararg states: SaleState) {
        synchronized(lock) { scripts += Script.End(states.toList(), outcome) }
    }

    /** Makes the next call of `start` or `resume` that has no script yet throw [exception]. See [Exceptions]. */
    public fun failWith(exception: Exception) {
        synchronized(lock) { scripts += Script.Fail(exception) }
    }

    /** Adds a sale that an earlier run of the app left: [SaleClient.pending] lists it, and it can be resumed. */
    public fun leave(sale: PendingSale) {
        synchronized(lock) { stored[sale.id] = sale }
    }

    private sealed interface Script {
        class End(val states: List<SaleState>, val outcome: SaleOutcome) : Script

        class Fail(val exception: Exception) : Script
    }

    private fun begin(id: String?, request: SaleRequest?, state: SaleState): FakeSale {
        val (sale, script) = synchronized(lock) {
            val script = scripts.removeFirstOrNull()
            if (script is Script.Fail) throw script.exception
            val sale = FakeSale(id ?: "%032x".format(sales.size + 1), request, state, presenter) { storedCard }
            sales += sale
            sale to script as Script.End?
        }
        script?.states?.forEach(sale::move)
        script?.outcome?.let(sale::end)
        return sale
    }

    private inner class Core : ClientCore {
        override fun start(request: SaleRequest): SaleCore = begin(null, request, SaleState.Initiating).core

        override suspend fun resume(saleId: String): SaleCore {
            running(saleId)?.let { return it }
            val ended = synchronized(lock) { sales.lastOrNull { it.id == saleId && saleId !in acknowledged && saleId !in forgotten } }
            if (ended != null && synchronized(lock) { scripts.isEmpty() && saleId !in stored }) return ended.core
            val left = synchronized(lock) { stored[saleId] } ?: if (ended == null) throw Exceptions.saleNotFound(saleId) else null
            val state = left?.state ?: SaleState.Processing
            val sale = begin(saleId, null, if (state is SaleState.Finished) SaleState.Processing else state)
            // A finished sale returns its outcome again.
            if (state is SaleState.Finished && sale.state !is SaleState.Finished) sale.end(state.outcome)
            return sale.core
        }

        override fun running(saleId: String): SaleCore? =
            started.lastOrNull { it.id == saleId && it.state !is SaleState.Finished }?.core

        override suspend fun pending(): PendingSales = synchronized(lock) {
            val gone = acknowledged + forgotten
            PendingSales(stored.values.filter { it.id !in gone }, foreign, damaged)
        }

        override suspend fun acknowledge(saleId: String) {
            val state = stateOf(saleId) ?: return
            if (state !is SaleState.Finished) throw Exceptions.saleStillRunning(saleId)
            if (state.outcome is SaleOutcome.Unknown) throw Exceptions.saleOutcomeUnknown(saleId)
            acknowledgedIds += saleId
        }

        override suspend fun forget(saleId: String) {
            val state = stateOf(saleId)
            if (state != null && state !is SaleState.Finished) throw Exceptions.saleStillRunning(saleId)
            if (state is SaleState.Finished && state.outcome !is SaleOutcome.Unknown) throw Exceptions.saleOutcomeFinal(saleId)
            forgottenIds += saleId
        }

        private fun stateOf(saleId: String): SaleState? =
            started.lastOrNull { it.id == saleId }?.state ?: synchronized(lock) { stored[saleId]?.state }

        override suspend fun preconnect() {
            callNames += "preconnect"
        }

        override fun appForeground() {
            callNames += "appForeground"
        }

        override fun appBackground() {
            callNames += "appBackground"
        }

        override fun networkAvailable() {
            callNames += "networkAvailable"
        }

        override fun close() {
            callNames += "close"
        }
    }
}

/** A page of a challenge in a test, and what the app reported about it. */
public class FakeChallenge internal constructor(override val saleId: String, override val url: String) : Challenge {
    private val reported = Collections.synchronizedList(mutableListOf<String>())

    /** What was reported, in order: `returned`, `closed` or `failed`. */
    public val reports: List<String> get() = reported.toList()

    override fun returned() {
        reported += "returned"
    }

    override fun closed() {
        reported += "closed"
    }

    override fun failed() {
        reported += "failed"
    }

    /** Without the address. */
    override fun toString(): String = "Challenge($saleId)"
}
