// What docs/android.md shows, word for word and in its order: see DocsTest.

package dev.salekit.android.docs

import android.app.Application
import dev.salekit.*
import dev.salekit.android.*
import kotlinx.coroutines.*

class ShopApp : Application() {
    lateinit var client: SaleClient
        private set

    override fun onCreate() {
        super.onCreate()
        val config = SaleClientConfig("https://sandbox.example/payment", "https://shop.example")
        client = SaleClient(config, CustomTabPresenter(this), AppPrivateSnapshotStore(this))
        AppHooks(this, client)
    }
}

// For a view model, in its scope; `form` is the CardForm behind the entry fields. The serial number is `DeviceSerial.of(app)`.
// Start, outcome, settle, acknowledge what is final. Only an exception of `start` means that nothing was sent. After another one
// the sale goes on: it is stored, and the order cannot be paid a second time.
suspend fun pay(client: SaleClient, serialNumber: String, orderId: String, form: CardForm, settle: Settle): SaleOutcome {
    val request = SaleRequest(Money.parse("10.50", "EUR"), Consumer(serialNumber), form, merchantOrderId = orderId)
    val sale = client.start(request)
    return conclude(client, sale, settle)
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

// When the app starts: pending, resume each, outcome, settle, acknowledge what is final.
suspend fun finishPending(client: SaleClient, settle: Settle) = coroutineScope {
    for (pending in client.pending().sales) launch {
        try {
            conclude(client, client.resume(pending.id), settle)
        } catch (_: SaleKitException) { // another process may be running it: the next start tries again
        }
    }
}

// In src/debug, so that no release trusts it.
fun sandbox(caPem: String) = SaleClientConfig(
    gatewayUrl = "https://10.0.2.2:8443/paynet",
    merchantUrl = "https://10.0.2.2:8444",
    tls = TlsSettings(extraRootsPem = caPem),
)
