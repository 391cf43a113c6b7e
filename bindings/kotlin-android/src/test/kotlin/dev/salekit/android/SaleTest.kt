package dev.salekit.android

import android.app.Activity
import android.content.Intent
import android.net.Uri
import dev.salekit.Fixtures
import dev.salekit.MapStore
import dev.salekit.Sale
import dev.salekit.SaleClient
import dev.salekit.SaleKitException
import dev.salekit.SaleOutcome
import dev.salekit.SaleState
import dev.salekit.Sandbox
import dev.salekit.SnapshotStore
import dev.salekit.eventually
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import java.util.concurrent.atomic.AtomicInteger

/** Sales with a challenge, of a real client with the sandbox; the browser is this test. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 35])
class SaleTest {
    private val sandbox = Sandbox.shared
    private val browser = giveBrowser()

    @Before
    fun pages() = forgetPages()

    /** A client as an app has it. */
    private fun client(store: SnapshotStore? = null) = SaleClient(Fixtures.config(), CustomTabPresenter(app), store)

    /** Ends the sale, and with it what it asks of the presenter: the next test gets none of that. */
    private fun Sale.stop() {
        cancel()
        runBlocking { outcome() }
    }

    private fun nextIntent(what: String): Intent {
        var next: Intent? = null
        eventually(what) { started().also { next = it } != null }
        return next!!
    }

    @Test
    fun `the page is opened, comes back by its link and is closed, and the sale is approved`() {
        giveReturnLink()
        client().use { client ->
            val sale = client.start(Fixtures.request("321"))
            val activity = launch(nextIntent("the page to be asked for"))
            val page = started()!!
            assertEquals((sale.state as SaleState.Challenge).url, page.dataString)
            activity.covered()
            sandbox.visit(page.dataString!!, "authenticates")
            activity.broughtForward(Intent(Intent.ACTION_VIEW, Uri.parse(RETURN_LINK)).addCategory(Intent.CATEGORY_BROWSABLE))
            assertTrue(runBlocking { sale.outcome() } is SaleOutcome.Approved)
            assertTrue(activity.get().isFinishing)
        }
    }

    @Test
    fun `a sale that is decided while its page is open takes the page away`() {
        client().use { client ->
            val sale = client.start(Fixtures.request("321"))
            val activity = launch(nextIntent("the page to be asked for")).covered()
            sandbox.visit(started()!!.dataString!!, "authenticates")
            val close = nextIntent("the page to be closed")
            assertTrue(activity.broughtForward(close).get().isFinishing)
            assertTrue(runBlocking { sale.outcome() } is SaleOutcome.Approved)
        }
    }

    @Test
    fun `the sale learns that its page was closed, and of a browser that is not there`() {
        client().use { client ->
            val sale = client.start(Fixtures.request("321"))
            val activity = launch(nextIntent("the page to be asked for"))
            eventually("the page to be known as open") { (sale.state as? SaleState.Challenge)?.isOpen == true }
            activity.covered().uncovered()
            eventually("the page to be known as closed") { (sale.state as? SaleState.Challenge)?.isOpen == false }
            sale.stop()

            removeBrowser(browser)
            val other = client.start(Fixtures.request("321"))
            eventually("the page to be known as not there") { (other.state as? SaleState.Challenge)?.isOpen == false }
            other.stop()
        }
    }

    @Test
    fun `what happens to the page of a sale that has ended as unknown does not start it again`() {
        client(MapStore()).use { client ->
            val sale = client.start(Fixtures.request("321"))
            val activity = launch(nextIntent("the page to be asked for")).covered()
            eventually("the page to be known as open") { (sale.state as? SaleState.Challenge)?.isOpen == true }
            val challenge = sale.challenge!!
            sale.cancel()
            assertTrue(runBlocking { sale.outcome() } is SaleOutcome.Unknown)
            // The sale was known to the page, and is not when another event comes later still.
            activity.uncovered()
            challenge.failed()
            challenge.closed()
            challenge.returned()
            assertNull(client.running(sale.id))
            val error = runCatching { runBlocking { client.acknowledge(sale.id) } }.exceptionOrNull()
            assertTrue("$error", error is SaleKitException.SaleOutcomeUnknown)
        }
    }

    @Test
    fun `the next process goes on with what was stored, whatever became of the page`() {
        FakeKeystore.install()
        val first = client(AppPrivateSnapshotStore(app))
        val sale = first.start(Fixtures.request("321"))
        launch(nextIntent("the page to be asked for"))
        val page = started()!!
        eventually("the challenge to be stored") {
            first.appBackground()
            runBlocking { first.pending() }.sales.any { it.state is SaleState.Challenge }
        }
        sandbox.visit(page.dataString!!, "authenticates")
        client(AppPrivateSnapshotStore(app)).use { second ->
            assertEquals(listOf(sale.id), runBlocking { second.pending() }.sales.map { it.id })
            val outcome = runBlocking { second.resume(sale.id).outcome() }
            assertTrue("$outcome", outcome is SaleOutcome.Approved)
            runBlocking { second.acknowledge(sale.id) }
            assertEquals(listOf("0".repeat(32)), AppPrivateSnapshotStore(app).list())
        }
        first.close()
    }

    @Test
    fun `an app that goes to the background stores its sales`() {
        val saves = AtomicInteger()
        val store = object : MapStore() {
            override fun save(saleId: String, snapshot: ByteArray) = super.save(saleId, snapshot).also { saves.incrementAndGet() }
        }
        client(store).use { client ->
            AppHooks(app, client).use {
                val activity = Robolectric.buildActivity(Activity::class.java).setup()
                val sale = client.start(Fixtures.request("321"))
                assertNotNull(nextIntent("the page to be asked for"))
                val before = saves.get()
                activity.pause().stop()
                eventually("the sale to be stored") { saves.get() > before }
                sale.stop()
            }
        }
    }
}
