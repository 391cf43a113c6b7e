package dev.salekit.sample

import androidx.annotation.VisibleForTesting
import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import dev.salekit.Charge
import dev.salekit.Consumer
import dev.salekit.Money
import dev.salekit.Sale
import dev.salekit.SaleKitException
import dev.salekit.SaleOutcome
import dev.salekit.SaleRequest
import dev.salekit.SaleState
import dev.salekit.SourceOfFunds
import dev.salekit.android.DeviceSerial
import dev.salekit.compose.CardFormHolder
import dev.salekit.compose.StoredCardCode
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.update
import kotlinx.coroutines.launch
import java.io.IOException

/** The checkout: survives rotations, and picks up after a killed process what is stored of its sales. */
class CheckoutModel(
    private val app: ShopApp,
    val card: CardFormHolder = CardFormHolder(),
    val code: StoredCardCode = StoredCardCode(),
) : ViewModel(card, code) {
    private val latest = MutableStateFlow(Checkout(Order.next(), app.savedCard))
    val checkout: StateFlow<Checkout> = latest.asStateFlow()

    private var running: Sale? = null
    private var watching: Job? = null

    /** The sales that were shown already: this model's own, and those that it picked up. Some of them are still stored. */
    private val shown = mutableSetOf<String>()

    init {
        viewModelScope.launch {
            // Before anything is sold: what became of the sales that an earlier process has left?
            if (!pickUp()) app.client.preconnect()
        }
    }

    fun pay() {
        if (running != null || !card.check()) return
        start { card.form }
        card.refresh()
    }

    fun payWithSavedCard() {
        val saved = latest.value.savedCard ?: return
        if (running == null) start { code.payment(saved) }
    }

    fun useAnotherCard() {
        code.wipe()
        latest.update { it.copy(savedCard = null) }
    }

    /** Shows the bank's page again, for a payer who has closed it. */
    fun openPage() {
        val challenge = running?.challenge ?: return
        try {
            app.presenter.show(challenge)
        } catch (_: RuntimeException) {
            // There is no browser, for example. When SaleKit calls the presenter, an exception has the same effect.
            challenge.failed()
        }
    }

    /** Ends the waiting. What the gateway decides counts all the same, so the end may be "unknown". */
    fun stop() {
        running?.cancel()
    }

    /** Asks once more what became of a sale whose outcome is not known. */
    fun checkAgain() {
        val id = running?.id ?: return
        val sale = latest.value.sale ?: return
        viewModelScope.launch {
            try {
                val resumed = app.client.resume(id)
                // The payer did not wait for this, and has gone on to another order. The sale runs on, and stays stored.
                if (running?.id == id) watch(resumed, sale.amount, sale.isEarlier)
            } catch (refused: SaleKitException) {
                if (running?.id == id) latest.update { it.copy(refusal = refused.displayMessage) }
            }
        }
    }

    /** After a sale that is not charged: the same order, once more. */
    fun payAgain() {
        leave()
        latest.update { Checkout(it.order, app.savedCard) }
    }

    /** After a sale that is charged, or may be: a new order, or the next of the sales that were left. */
    fun next() {
        leave()
        latest.update { Checkout(Order.next(), app.savedCard) }
        viewModelScope.launch { pickUp() }
    }

    /** A screen as it is, for a picture or a preview; nothing is paid. */
    @VisibleForTesting
    internal fun showForPicture(checkout: Checkout) {
        latest.value = checkout
    }

    /** [take] takes a code out of its field. It is called last, so that no code is left over if something else is missing. */
    private fun start(take: () -> SourceOfFunds?) {
        val order = latest.value.order
        try {
            val consumer = Consumer(DeviceSerial.of(app))
            val source = take() ?: return
            watch(app.client.start(SaleRequest(order.total, consumer, source, merchantOrderId = order.number)), order.total, isEarlier = false)
        } catch (refused: SaleKitException) {
            // Nothing was sent.
            latest.update { it.copy(refusal = refused.displayMessage) }
        } catch (_: IOException) {
            // The device's serial number could not be stored. Nothing was sent here either.
            latest.update { it.copy(refusal = app.getString(R.string.storage_failed)) }
        }
    }

    /** Goes on with the oldest sale that an earlier process has left, if there is one. */
    private suspend fun pickUp(): Boolean {
        val left = try {
            app.client.pending().sales.filter { it.id !in shown }
        } catch (_: SaleKitException) {
            return false
        }
        for (sale in left) {
            val resumed = try {
                app.client.resume(sale.id)
            } catch (_: SaleKitException) {
                // Another process has it, for example. It stays stored.
                continue
            }
            // The payer did not wait for this, and has started a sale. The next order comes back to this one.
            if (running != null) return true
            watch(resumed, sale.amount, isEarlier = true)
            return true
        }
        return false
    }

    private fun watch(sale: Sale, amount: Money, isEarlier: Boolean) {
        running = sale
        shown += sale.id
        watching?.cancel()
        watching = viewModelScope.launch {
            launch { sale.states.collect { if (it !is SaleState.Finished) show(ShownSale(amount, it, isEarlier)) } }
                .also { states -> sale.states.first { it is SaleState.Finished }; states.cancel() }
            settle(sale, sale.outcome())
            show(ShownSale(amount, sale.state, isEarlier))
        }
    }

    private fun show(sale: ShownSale) = latest.update { it.copy(sale = sale, refusal = null) }

    /** A shop tells its server here. What is not final stays stored, and is asked for again at the next start. */
    private suspend fun settle(sale: Sale, outcome: SaleOutcome) {
        if (outcome.charge == Charge.UNKNOWN) return
        try {
            if (outcome is SaleOutcome.Approved) sale.storedCard()?.let { app.savedCard = it }
            app.client.acknowledge(sale.id)
        } catch (_: SaleKitException) {
            // Then the next start settles it again.
        }
    }

    private fun leave() {
        watching?.cancel()
        running = null
        card.wipe()
        code.wipe()
    }
}
