package dev.salekit.readme

import dev.salekit.*
import kotlinx.coroutines.*

// Start, outcome, settle, acknowledge what is final. Only an exception of `start` means that nothing was sent. After another one
// the sale goes on: it is stored, and the order cannot be paid a second time.
suspend fun pay(client: SaleClient, orderId: String, card: CardForm, settle: Settle): SaleOutcome {
    val request = SaleRequest(Money.parse("10.50", "EUR"), Consumer(serialNumber = "device-1"), card, merchantOrderId = orderId)
    val sale = client.start(request)
    return conclude(client, sale, settle)
}

// When the app starts: pending, resume each, outcome, settle, acknowledge what is final.
suspend fun finishPending(client: SaleClient, settle: Settle) = coroutineScope {
    for (pending in client.pending().sales) launch {
        try {
            conclude(client, client.resume(pending.id), settle)
        } catch (_: SaleKitException) { // another process may be running it: the next start tries again
        }
    }
}

// Tell your own server, or show it. It may be called twice for one sale, so a second time must change nothing. If it throws, the
// sale stays stored.
typealias Settle = suspend (Sale, SaleOutcome) -> Unit

suspend fun conclude(client: SaleClient, sale: Sale, settle: Settle): SaleOutcome {
    val outcome = sale.outcome()
    try {
        settle(sale, outcome)
        // An unknown outcome stays stored: the next start asks for it again.
        if (outcome.charge != Charge.UNKNOWN) client.acknowledge(sale.id)
    } catch (_: Exception) { // the outcome counts all the same, and the next start settles the sale again
        currentCoroutineContext().ensureActive() // a cancelled caller ends here
    }
    return outcome
}

fun message(outcome: SaleOutcome): String = when (outcome) {
    is SaleOutcome.Approved -> "Paid ${outcome.amountToShow}"
    is SaleOutcome.Declined -> outcome.advice.displayMessage
    is SaleOutcome.NotCharged -> outcome.reason.displayMessage
    is SaleOutcome.Unknown -> outcome.advice.displayMessage // never "failed": it may be charged
}
