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
// Start, outcome, settle, acknowledge what is final. An exception means that nothing was sent.
suspend fun pay(client: SaleClient, serialNumber: String, form: CardForm, settle: Settle): SaleOutcome {
    val request = SaleRequest(Money.parse("10.50", "EUR"), Consumer(serialNumber), form)
    return conclude(client, client.start(request), settle)
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

// In src/debug, so that no release trusts it.
fun sandbox(caPem: String) = SaleClientConfig(
    gatewayUrl = "https://10.0.2.2:8443/paynet",
    merchantUrl = "https://10.0.2.2:8444",
    tls = TlsSettings(extraRootsPem = caPem),
)
