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
        val presenter = CustomTabPresenter(this)
        client = SaleClient(config, presenter, AppPrivateSnapshotStore(this))
        presenter.attach(client)
        AppHooks(this, client)
    }
}

// For a view model, in its scope; `form` is the CardForm behind the entry fields. The serial number is `DeviceSerial.of(app)`.
suspend fun pay(client: SaleClient, serialNumber: String, form: CardForm): String {
    val request = SaleRequest(Money.parse("10.50", "EUR"), Consumer(serialNumber), form)
    return when (val outcome = client.start(request).outcome()) {
        is SaleOutcome.Approved -> "Paid ${outcome.amountToShow}"
        is SaleOutcome.Declined -> outcome.advice.displayMessage
        is SaleOutcome.NotCharged -> outcome.reason.displayMessage
        is SaleOutcome.Unknown -> outcome.advice.displayMessage // never "failed": it may be charged
    }
}

suspend fun goOn(client: SaleClient, settle: suspend (PendingSale, SaleOutcome) -> Unit) = coroutineScope {
    for (pending in client.pending().sales) launch {
        val outcome = client.resume(pending.id).outcome()
        settle(pending, outcome)
        if (outcome !is SaleOutcome.Unknown) client.acknowledge(pending.id)
    }
}

// In src/debug, so that no release trusts it.
fun sandbox(caPem: String) = SaleClientConfig(
    gatewayUrl = "https://10.0.2.2:8443/paynet",
    shopUrl = "https://10.0.2.2:8444",
    trust = Trust(extraRootsPem = caPem),
)
