package dev.salekit

import dev.salekit.readme.finishPending
import dev.salekit.readme.message
import dev.salekit.readme.pay
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File

/** The README's program is a file that compiles, makes sales, and goes on with those that were left. */
class ReadmeTest {
    private val readme = File(System.getProperty("salekit.readme"))

    @Test
    fun `the program is in the README word for word`() {
        val lines = readme.resolveSibling("src/test/kotlin/dev/salekit/readme/MakingASale.kt").readText()
        val code = lines.substringAfter("package dev.salekit.readme\n\n").trim()
        assertTrue("```kotlin\n$code\n```" in readme.readText())
    }

    @Test
    fun `the program makes sales, settles each and leaves none behind`() = runBlocking {
        val store = MapStore()
        SaleClient(Fixtures.config(), store = store).use { client ->
            val settled = mutableListOf<Pair<Sale, SaleOutcome>>()
            for ((code, text) in listOf("123" to "Paid 10.50 EUR", "116" to "Please try another card.")) {
                val outcome = pay(client, Fixtures.card(code)) { sale, outcome -> settled += sale to outcome }
                assertEquals(text, message(outcome))
                assertEquals(outcome, settled.last().second)
            }
            assertEquals(2, settled.size)
            assertTrue(store.sales.isEmpty())
        }
    }

    @Test
    fun `the program settles what an earlier run left, and keeps what is unknown`() = runBlocking {
        val store = MapStore()
        val config = Fixtures.config(timeouts = Timeouts(processingMillis = 1_000))
        SaleClient(config, store = store).use { client ->
            val left = client.start(Fixtures.request("123")).also { it.outcome() }
            val unknown = client.start(Fixtures.request("217")).also { it.outcome() }
            val settled = mutableMapOf<String, SaleOutcome>()
            finishPending(client) { sale, outcome -> synchronized(settled) { settled[sale.id] = outcome } }
            assertEquals(Charge.CHARGED, settled[left.id]!!.charge)
            assertEquals(Charge.UNKNOWN, settled[unknown.id]!!.charge)
            assertEquals(listOf(unknown.id), store.sales)
        }
    }
}
