package dev.salekit

import dev.salekit.readme.Settle
import dev.salekit.readme.finishPending
import dev.salekit.readme.front.keepCard
import dev.salekit.readme.front.payAgain
import dev.salekit.readme.front.pay as paySimply
import dev.salekit.readme.message
import dev.salekit.readme.pay
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File
import java.io.IOException

/** The READMEs' programs are files that compile, make sales, and resume those that were left. */
class ReadmeTest {
    private val readme = File(System.getProperty("salekit.readme"))
    private val frontPage = readme.resolveSibling("../../README.md")

    /** For a sale that the gateway never decides: the others get the ordinary time. */
    private val impatient = Fixtures.config(timeouts = Timeouts(processingMillis = 1_000))

    @Test
    fun `the short sale is in both READMEs word for word`() {
        val code = compiled("front/Sale.kt").substringAfter("package dev.salekit.readme.front\n\n").trim()
        for (page in listOf(frontPage, readme)) assertTrue("```kotlin\n$code\n```" in page.readText(), "$page")
    }

    @Test
    fun `the short sale shows how it ended, and keeps only what is unknown`() = runBlocking {
        val store = MapStore()
        val (declined, unknown) = DeclineAdvice.TRY_ANOTHER_CARD to UnknownAdvice.RESUME_OR_ASK_MERCHANT
        val texts = listOf("123" to Charge.CHARGED.displayMessage, "116" to declined.displayMessage, "217" to unknown.displayMessage)
        for ((code, text) in texts) {
            SaleClient(if (code == "217") impatient else Fixtures.config(), store = store).use { client ->
                val shown = mutableListOf<String>()
                paySimply(client, "order $code", Fixtures.card(code)) { shown += it }
                assertEquals(listOf(text), shown)
                assertEquals(if (code == "217") 1 else 0, store.sales.size)
            }
        }
    }

    @Test
    fun `the stored card is in the page about them word for word, and pays again`() = runBlocking {
        val code = compiled("front/StoredCards.kt").substringAfter("import dev.salekit.*\n\n").trim()
        assertTrue("```kotlin\n$code\n```" in readme.resolveSibling("../../docs/saved-cards.md").readText())
        SaleClient(Fixtures.config(), store = MapStore()).use { client ->
            val request = Fixtures.request("123")
            val sale = client.start(request)
            val kept = mutableListOf<StoredCard>()
            keepCard(sale) { kept += it }
            val securityCode = "123".toByteArray()
            val again = payAgain(client, request.consumer, kept.single(), securityCode)
            assertEquals(Charge.CHARGED, again.outcome().charge)
            assertTrue(securityCode.all { it == 0.toByte() })
        }
    }

    @Test
    fun `the program is in the README word for word`() {
        val code = compiled("MakingASale.kt").substringAfter("package dev.salekit.readme\n\n").trim()
        assertTrue("```kotlin\n$code\n```" in readme.readText())
    }

    @Test
    fun `the program makes sales, settles each and leaves none behind`() = runBlocking {
        val store = MapStore()
        SaleClient(Fixtures.config(), store = store).use { client ->
            val settled = mutableListOf<Pair<Sale, SaleOutcome>>()
            for ((code, text) in listOf("123" to "Paid 10.50 EUR", "116" to "Please try another card.")) {
                val outcome = pay(client, "order $code", Fixtures.card(code)) { sale, outcome -> settled += sale to outcome }
                assertEquals(text, message(outcome))
                assertEquals(outcome, settled.last().second)
            }
            assertEquals(2, settled.size)
            assertTrue(store.sales.isEmpty())
        }
    }

    @Test
    fun `the program settles what an earlier run left, and keeps what is unknown or another process runs`() = runBlocking {
        val store = MapStore()
        val (elsewhere, left) = SaleClient(Fixtures.config(), store = store).use { client ->
            List(2) { client.start(Fixtures.request("123")).also { it.outcome() } }
        }
        SaleClient(impatient, store = store).use { client ->
            val unknown = client.start(Fixtures.request("217")).also { it.outcome() }
            store.runsElsewhere = elsewhere.id
            val settled = mutableMapOf<String, SaleOutcome>()
            finishPending(client) { sale, outcome -> synchronized(settled) { settled[sale.id] = outcome } }
            assertEquals(Charge.CHARGED, settled[left.id]!!.charge)
            assertEquals(Charge.UNKNOWN, settled[unknown.id]!!.charge)
            assertEquals(setOf(elsewhere.id, unknown.id), store.sales.toSet())
        }
    }

    @Test
    fun `an outcome that cannot be settled is returned, and the next start settles it, and the other sales whatever becomes of it`() = runBlocking {
        val store = MapStore()
        SaleClient(Fixtures.config(), store = store).use { client ->
            val failures = listOf<Settle>({ _, _ -> throw IOException("the shop's server is away") }, { _, _ -> withTimeout(0) {} })
            for ((number, fails) in failures.withIndex()) {
                val outcome = pay(client, "order $number", Fixtures.card("123"), fails)
                assertEquals(Charge.CHARGED, outcome.charge)
                assertEquals(number + 1, store.sales.size)
            }
            val unsettled = store.sales
            val other = client.start(Fixtures.request("116")).also { it.outcome() }
            finishPending(client) { sale, outcome ->
                val number = unsettled.indexOf(sale.id)
                if (number >= 0) failures[number](sale, outcome)
            }
            assertEquals(unsettled.toSet(), store.sales.toSet())
            val settled = mutableMapOf<String, SaleOutcome>()
            finishPending(client) { sale, outcome -> synchronized(settled) { settled[sale.id] = outcome } }
            assertEquals(unsettled.toSet(), settled.filterValues { it.charge == Charge.CHARGED }.keys)
            assertTrue(store.sales.isEmpty() && other.id !in settled)
        }
    }

    @Test
    fun `a caller that is cancelled while its sale is settled ends, and the sale stays stored`() = runBlocking {
        val store = MapStore()
        SaleClient(Fixtures.config(), store = store).use { client ->
            var isReturned = false
            val settling = CompletableDeferred<Unit>()
            val paying = launch {
                pay(client, "order", Fixtures.card("123")) { _, _ ->
                    settling.complete(Unit)
                    awaitCancellation()
                }
                isReturned = true
            }
            settling.await()
            paying.cancelAndJoin()
            assertTrue(!isReturned && store.sales.size == 1)
        }
    }

    private fun compiled(name: String) = readme.resolveSibling("src/test/kotlin/dev/salekit/readme/$name").readText()
}
