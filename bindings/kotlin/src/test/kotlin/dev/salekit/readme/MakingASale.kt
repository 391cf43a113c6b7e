package dev.salekit.readme

import dev.salekit.*
import kotlinx.coroutines.*

// Start, outcome, settle, acknowledge what is final. An exception means that nothing was sent.
suspend fun pay(client: SaleClient, card: CardForm, settle: Settle): SaleOutcome {
    val request = SaleRequest(Money.parse("10.50", "EUR"), Consumer(serialNumber = "device-1"), card)
    return conclude(client, client.start(request), settle)
}

// When the app starts: pending, resume each, outcome, settle, acknowledge what is final.
suspend fun finishPending(client: SaleClient, settle: Settle) = coroutineScope {
    for (pending in client.pending().sales) launch {
        val sale = try {
            client.resume(pending.id)
        } catch (_: SaleKitException) { // another process may be running it: the next start tries again
            return@launch
        }
        conclude(client, sale, settle)
    }
}

// Tell your own server, or show it. It may be called twice for one sale, so a second time must change nothing.
typealias Settle = suspend (Sale, SaleOutcome) -> Unit

suspend fun conclude(client: SaleClient, sale: Sale, settle: Settle): SaleOutcome {
    val outcome = sale.outcome()
    settle(sale, outcome)
    if (outcome.charge != Charge.UNKNOWN) { // an unknown outcome stays stored: the next start asks for it again
        try {
            client.acknowledge(sale.id)
        } catch (_: SaleKitException) { // then the next start settles it again
        }
    }
    return outcome
}

fun message(outcome: SaleOutcome): String = when (outcome) {
    is SaleOutcome.Approved -> "Paid ${outcome.amountToShow}"
    is SaleOutcome.Declined -> outcome.advice.displayMessage
    is SaleOutcome.NotCharged -> outcome.reason.displayMessage
    is SaleOutcome.Unknown -> outcome.advice.displayMessage // never "failed": it may be charged
}
