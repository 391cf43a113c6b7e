package dev.salekit

import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.Timeout
import java.util.Collections
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit

/** Code of the app's that does not come back holds up its own kind of call at most. */
@Timeout(3, unit = TimeUnit.MINUTES)
class BlockedTest {
    private val sandbox = Sandbox.shared
    private val end = CountDownLatch(1)

    @AfterEach
    fun letGo() = end.countDown()

    /** Where the app's code stays until the test is over. */
    private inner class Trap {
        private val fallen = CountDownLatch(1)

        fun stay() {
            fallen.countDown()
            end.await()
        }

        fun awaitSomebody() = assertTrue(fallen.await(1, TimeUnit.MINUTES), "nobody is in the trap")
    }

    /** A merchant that answers nothing, and on whose threads its code stays. */
    private class StuckMerchant(val trap: Trap) : MerchantBackend {
        override suspend fun accessToken(serialNumber: String): String = trap.stay().let { "" }

        override suspend fun initiate(question: InitiateSaleRequest): InitiatedSale = error("not asked for")

        override suspend fun sessionToken(question: InvoiceRequest, wantsVoid: Boolean) = error("not asked for")

        override suspend fun storedCard(question: InvoiceRequest): StoredCard = error("not asked for")
    }

    /** A whole sale with a page, an own merchant's answers and an outcome, on a client of its own. */
    private fun aSaleGoesOn() {
        val person = Person(sandbox)
        val asked = Collections.synchronizedList(mutableListOf<String>())
        val merchant = object : MerchantBackend {
            override suspend fun accessToken(serialNumber: String): String {
                asked += "accessToken"
                return sandbox.ask(MerchantPaths.documented().accessToken!!, null)["session"].asJsonObject["accessToken"].asString
            }

            override suspend fun initiate(question: InitiateSaleRequest): InitiatedSale {
                asked += "initiate"
                val answer = sandbox.ask(
                    MerchantPaths.documented().initiate,
                    """{
                        "consumer": { "device": { "serialNumber": "${question.consumer.serialNumber}" } },
                        "transaction": { "amountCentis": ${question.amount.minorUnits}, "currency": "EUR" },
                        "session": { "accessToken": "${question.accessToken}" }
                    }""",
                )
                val session = answer["session"].asJsonObject
                return InitiatedSale(
                    answer["endpointId"].asString,
                    answer["invoiceId"].asString,
                    session["nonce"].asString,
                    session["signature"].asString,
                )
            }

            override suspend fun sessionToken(question: InvoiceRequest, wantsVoid: Boolean) = throw MerchantException.Refused(404)

            override suspend fun storedCard(question: InvoiceRequest) = throw MerchantException.Refused(404)
        }
        SaleClient(Fixtures.config(), person, MapStore(), merchant).use { client ->
            val sale = client.start(Fixtures.request("321"))
            assertEquals(Charge.CHARGED, sale.outcomeFuture().get(1, TimeUnit.MINUTES).charge)
            assertEquals(listOf("accessToken", "initiate"), asked.toList())
            eventually("the page to be opened and closed") { sale.id in person.shown && sale.id in person.dismissed }
        }
    }

    @Test
    fun `a listener that blocks holds up neither merchant nor pages nor outcomes nor another's listener`() {
        SaleClient(Fixtures.config()).use { client ->
            val trap = Trap()
            val sale = client.start(Fixtures.request())
            sale.observe { trap.stay() }
            trap.awaitSomebody()
            aSaleGoesOn()
            val last = CountDownLatch(1)
            sale.observe { if (it is SaleState.Finished) last.countDown() }
            assertEquals(Charge.CHARGED, runBlocking { sale.outcome() }.charge)
            assertTrue(last.await(1, TimeUnit.MINUTES))
            letGo()
        }
    }

    @Test
    fun `a collector that blocks inside of the flow holds up nothing else`() {
        val presenter = object : RedirectPresenter {
            override fun show(challenge: Challenge) = Unit

            override fun dismiss(challenge: Challenge) = Unit
        }
        SaleClient(Fixtures.config(), presenter).use { client ->
            val trap = Trap()
            val sale = client.start(Fixtures.request("321"))
            // The sale stays there until somebody visits the page, so the next state comes after this one was collected.
            eventually("the challenge") { sale.state is SaleState.Challenge }
            val isCollecting = CountDownLatch(1)
            // Its code runs on the thread that delivers the state.
            CoroutineScope(Dispatchers.Unconfined).launch {
                sale.states.collect { if (isCollecting.count > 0) isCollecting.countDown() else trap.stay() }
            }
            assertTrue(isCollecting.await(1, TimeUnit.MINUTES))
            sandbox.visit((sale.state as SaleState.Challenge).url, "authenticates")
            client.appForeground()
            trap.awaitSomebody()
            aSaleGoesOn()
            assertEquals(Charge.CHARGED, runBlocking { sale.outcome() }.charge)
            letGo()
        }
    }

    @Test
    fun `a presenter that blocks holds up neither logs nor outcomes nor another client's pages`() {
        val trap = Trap()
        val presenter = object : RedirectPresenter {
            override fun show(challenge: Challenge) = trap.stay()

            override fun dismiss(challenge: Challenge) = Unit
        }
        SaleClient(Fixtures.config(), presenter).use { client ->
            val sale = client.start(Fixtures.request("321"))
            trap.awaitSomebody()
            val lines = Collections.synchronizedList(mutableListOf<LogLine>())
            SaleKit.setLogSink({ lines += it }, LogLevel.DEBUG)
            aSaleGoesOn()
            eventually("lines of the log") { lines.isNotEmpty() }
            SaleKit.setLogSink(null)
            sandbox.visit((sale.state as SaleState.Challenge).url, "authenticates")
            client.appForeground()
            assertEquals(Charge.CHARGED, runBlocking { sale.outcome() }.charge)
            letGo()
        }
    }

    @Test
    fun `a log sink that blocks holds up no sale`() {
        val trap = Trap()
        SaleKit.setLogSink({ trap.stay() }, LogLevel.DEBUG)
        aSaleGoesOn()
        trap.awaitSomebody()
        aSaleGoesOn()
        SaleKit.setLogSink(null)
        letGo()
    }

    @Test
    fun `a merchant whose calls all block holds up no other sale's pages, and its own sales can be ended`() {
        val trap = Trap()
        SaleClient(Fixtures.config(), merchant = StuckMerchant(trap)).use { client ->
            // More than the threads that coroutines for blocking work have by themselves.
            val stuck = (1..70).map { client.start(Fixtures.request()) }
            trap.awaitSomebody()
            runBlocking {
                SaleClient(Fixtures.config()).use { other ->
                    assertEquals(Charge.CHARGED, other.start(Fixtures.request()).outcome().charge)
                }
            }
            val person = Person(sandbox)
            SaleClient(Fixtures.config(), person).use { other ->
                assertEquals(Charge.CHARGED, other.start(Fixtures.request("321")).outcomeFuture().get(1, TimeUnit.MINUTES).charge)
            }
            stuck.forEach(Sale::cancel)
            for (sale in stuck) assertEquals(Charge.NOT_CHARGED, sale.outcomeFuture().get(1, TimeUnit.MINUTES).charge)
            letGo()
        }
    }

    @Test
    fun `code that blocks where an outcome is delivered holds up no other outcome`() {
        // A sale that had ended already would catch this thread in the trap.
        val isWaitedFor = CountDownLatch(1)
        SaleClient(Fixtures.config(), Person(sandbox, mayVisit = isWaitedFor)).use { client ->
            val trap = Trap()
            val sale = client.start(Fixtures.request("321"))
            CoroutineScope(Dispatchers.Unconfined).launch {
                sale.outcome()
                trap.stay()
            }
            val future: CompletableFuture<Unit> = sale.outcomeFuture().thenApply { trap.stay() }
            isWaitedFor.countDown()
            trap.awaitSomebody()
            aSaleGoesOn()
            assertEquals(Charge.CHARGED, runBlocking { sale.outcome() }.charge)
            letGo()
            future.get(1, TimeUnit.MINUTES)
        }
    }
}
