package dev.salekit

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import java.util.Collections
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger

/** What the tests' sales have in common. */
object Fixtures {
    const val VISA = "4111111111111111"
    const val EMAIL = "ada@example.com"
    const val HOLDER = "ADA LOVELACE"

    private val devices = AtomicInteger()

    /** A device that no other test uses, so that a script for it concerns no other test. */
    fun device(): String = "kotlin-${ProcessHandle.current().pid()}-${devices.incrementAndGet()}"

    fun config(sandbox: Sandbox = Sandbox.shared, directory: String? = null, timeouts: Timeouts = Timeouts()) =
        SaleClientConfig(
            gatewayUrl = sandbox.gatewayUrl,
            merchantUrl = sandbox.merchantUrl,
            storeDirectory = directory,
            pacing = PacingProfile.TEST,
            timeouts = timeouts,
            tls = TlsSettings(extraRootsPem = sandbox.caPem),
        )

    /** A form with a card in it; the sandbox's gateway decides by the security code. */
    fun card(securityCode: String, number: String = VISA, expiry: String = "12/2040", holder: String = HOLDER) =
        CardForm().apply {
            paste(CardField.NUMBER, number.toByteArray())
            paste(CardField.EXPIRY, expiry.toByteArray())
            paste(CardField.PRINTED_NAME, holder.toByteArray())
            paste(CardField.SECURITY_CODE, securityCode.toByteArray())
        }

    fun request(
        securityCode: String = "123",
        device: String = device(),
        source: SourceOfFunds = card(securityCode),
        merchantOrderId: String? = null,
    ) = SaleRequest(Money(1050, "EUR"), Consumer(device, EMAIL), source, merchantOrderId = merchantOrderId)
}

/** A store of the app's own that does not outlive the process. */
open class MapStore : SnapshotStore {
    val snapshots = ConcurrentHashMap<String, ByteArray>()

    /** The sale that another process runs. */
    @Volatile var runsElsewhere: String? = null

    /** The sales that have a snapshot; what is kept of earlier sales' invoices is none. */
    val sales get() = snapshots.keys.filter { it != "0".repeat(32) }

    override fun save(saleId: String, snapshot: ByteArray) {
        snapshots[saleId] = snapshot
    }

    override fun load(saleId: String) = snapshots[saleId]

    override fun list() = snapshots.keys.toList()

    override fun lock(name: String) = if (name == runsElsewhere) StoreLock.TAKEN else StoreLock.UNSUPPORTED

    override fun remove(saleId: String) {
        snapshots.remove(saleId)
    }
}

/**
 * Somebody with a browser: opens the page, does what they do there, and comes back to the app. Waits for [mayVisit] first:
 * until then the sale stays in its challenge.
 */
class Person(
    private val sandbox: Sandbox,
    private val conduct: String = "authenticates",
    private val mayVisit: CountDownLatch = CountDownLatch(0),
) : RedirectPresenter {
    val shown: MutableList<String> = Collections.synchronizedList(mutableListOf())
    val dismissed: MutableList<String> = Collections.synchronizedList(mutableListOf())

    override fun show(challenge: Challenge) {
        shown += challenge.saleId
        if (conduct == "walks_away") return
        CoroutineScope(Dispatchers.IO).launch {
            mayVisit.await()
            sandbox.visit(challenge.url, conduct)
            challenge.returned()
        }
    }

    override fun dismiss(challenge: Challenge) {
        dismissed += challenge.saleId
    }
}
