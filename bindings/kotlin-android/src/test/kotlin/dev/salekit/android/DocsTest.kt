package dev.salekit.android

import dev.salekit.Fixtures
import dev.salekit.MapStore
import dev.salekit.PendingSale
import dev.salekit.SaleClient
import dev.salekit.SaleOutcome
import dev.salekit.Sandbox
import dev.salekit.android.docs.ShopApp
import dev.salekit.android.docs.finishPending
import dev.salekit.android.docs.message
import dev.salekit.android.docs.pay
import dev.salekit.android.docs.sandbox
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import java.io.File
import java.io.IOException

/** The Kotlin in docs/android.md compiles and does what it says. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 35])
class DocsTest {
    @Test
    fun `what the page shows is what is compiled here, word for word`() {
        val page = File(System.getProperty("salekit.docs"), "android.md").readText()
        val compiled = File("src/test/kotlin/dev/salekit/android/docs/Shop.kt").readText().substringAfterLast("\nimport ")
        val shown = Regex("```kotlin\n(.*?)\n```", RegexOption.DOT_MATCHES_ALL).findAll(page).map { it.groupValues[1] }
        // The first is Gradle's; the one for unit tests is compiled in bindings/kotlin-testing.
        val own = shown.drop(1).filter { "FakeSales()" !in it }
        assertEquals(compiled.substringAfter("\n\n").trim(), own.joinToString("\n\n"))
    }

    @Test
    @Config(application = ShopApp::class)
    fun `the app starts`() {
        FakeKeystore.install()
        val client = (app as ShopApp).client
        assertEquals(emptyList<PendingSale>(), runBlocking { client.pending() }.sales)
        client.close()
    }

    @Test
    fun `the sale is made`() = runBlocking {
        val store = MapStore()
        SaleClient(Fixtures.config(), store = store).use { client ->
            for ((code, text) in listOf("123" to "Paid 10.50 EUR", "116" to "Please try another card.")) {
                val settled = mutableListOf<SaleOutcome>()
                val outcome = pay(client, DeviceSerial.of(app), "order $code", Fixtures.card(code)) { _, outcome -> settled += outcome }
                assertEquals(text, message(outcome))
                assertEquals(listOf(outcome), settled)
            }
            assertTrue(store.sales.isEmpty())
        }
    }

    @Test
    fun `what was left behind is settled and forgotten, but for what another process runs`() = runBlocking {
        val store = MapStore()
        SaleClient(Fixtures.config(), store = store).use { client ->
            val elsewhere = client.start(Fixtures.request("123")).also { it.outcome() }.id
            val id = client.start(Fixtures.request("123")).also { it.outcome() }.id
            store.runsElsewhere = elsewhere
            val settled = mutableMapOf<String, SaleOutcome>()
            finishPending(client) { sale, outcome -> settled[sale.id] = outcome }
            assertEquals(setOf(id), settled.keys)
            assertTrue(settled[id] is SaleOutcome.Approved)
            assertEquals(listOf(elsewhere), store.sales)
        }
    }

    @Test
    fun `an outcome that cannot be settled is returned, and the next start settles it, and the other sales whatever becomes of it`() = runBlocking {
        val store = MapStore()
        SaleClient(Fixtures.config(), store = store).use { client ->
            val outcome = pay(client, DeviceSerial.of(app), "order", Fixtures.card("123")) { _, _ -> throw IOException("the shop's server is away") }
            assertTrue("$outcome", outcome is SaleOutcome.Approved)
            val unsettled = store.sales.single()
            client.start(Fixtures.request("123")).outcome()
            finishPending(client) { sale, _ -> if (sale.id == unsettled) throw IOException("the shop's server is away") }
            assertEquals(listOf(unsettled), store.sales)
            val settled = mutableListOf<String>()
            finishPending(client) { sale, _ -> settled += sale.id }
            assertEquals(listOf(unsettled), settled)
            assertTrue(store.sales.isEmpty())
        }
    }

    @Test
    fun `the sandbox's certificate is taken`() = SaleClient(sandbox(Sandbox.shared.caPem)).use { assertNotNull(it) }
}
