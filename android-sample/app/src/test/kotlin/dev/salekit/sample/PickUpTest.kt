package dev.salekit.sample

import android.os.Looper
import dev.salekit.CardField
import dev.salekit.Charge
import dev.salekit.Consumer
import dev.salekit.Fixtures
import dev.salekit.Money
import dev.salekit.SaleRequest
import dev.salekit.SaleState
import dev.salekit.eventually
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import java.util.concurrent.CountDownLatch

/** Sales that were left, and a payer who does not wait until they are found. Nothing runs on the main thread unless the test lets it. */
@RunWith(RobolectricTestRunner::class)
@Config(application = FullDiskApp::class, sdk = [24, 35])
class PickUpTest {
    private val app get() = RuntimeEnvironment.getApplication() as ShopApp

    private fun start(cents: Long, securityCode: String) =
        app.client.start(SaleRequest(Money(cents, "EUR"), Consumer(Fixtures.device()), Fixtures.card(securityCode)))

    /** A sale that is charged, and that nobody has acknowledged. */
    private fun leave(cents: Long): Unit = runBlocking {
        assertEquals(Charge.CHARGED, start(cents, "123").outcome().charge)
    }

    /** A sale that the gateway never decides, and that is not waited for any longer. Answers with its id. */
    private fun leaveUnknown(cents: Long): String = runBlocking {
        val sale = start(cents, "217")
        sale.states.first { it is SaleState.Processing }
        sale.cancel()
        assertEquals(Charge.UNKNOWN, sale.outcome().charge)
        sale.id
    }

    private fun CheckoutModel.payWithCard() {
        val typed = mapOf(
            CardField.NUMBER to "4111111111111111",
            CardField.EXPIRY to "12/2040",
            CardField.SECURITY_CODE to "123",
            CardField.PRINTED_NAME to "Ada Lovelace",
        )
        for ((field, text) in typed) card.form.paste(field, text.toByteArray())
        card.refresh()
        pay()
    }

    private fun CheckoutModel.ended(): ShownSale {
        eventually("the sale to end") {
            shadowOf(Looper.getMainLooper()).idle()
            checkout.value.sale?.state is SaleState.Finished
        }
        return checkout.value.sale!!
    }

    /** The end of a sale that the gateway never decides: the payer stops waiting. */
    private fun CheckoutModel.stopped(): ShownSale {
        eventually("the sale to wait for the bank") {
            shadowOf(Looper.getMainLooper()).idle()
            checkout.value.sale?.state is SaleState.Processing
        }
        stop()
        return ended()
    }

    @Test
    fun `the payer's own sale comes first, and each sale is shown once`() {
        leave(100)
        val model = CheckoutModel(app)
        model.payWithCard()
        val own = model.ended()
        assertEquals(Money(1050, "EUR"), own.amount)
        assertFalse(own.isEarlier)
        // It is acknowledged, but stays stored. Another one is left behind it.
        leave(200)
        for (cents in listOf(100L, 200L)) {
            model.next()
            val left = model.ended()
            assertEquals(Money(cents, "EUR"), left.amount)
            assertTrue(left.isEarlier)
        }
    }

    @Test
    fun `a left sale that nobody can tell of does not close the shop`(): Unit {
        leaveUnknown(100)
        val model = CheckoutModel(app)
        val left = model.stopped()
        assertTrue(left.isEarlier)
        val order = model.checkout.value.order
        model.next()
        assertTrue(model.checkout.value.order != order)
        model.payWithCard()
        assertFalse(model.ended().isEarlier)
    }

    @Test
    fun `a sale that is asked about again does not take the place of one that was paid for since`() {
        val left = leaveUnknown(100)
        val model = CheckoutModel(app)
        assertTrue(model.stopped().isEarlier)
        val mayLoad = CountDownLatch(1)
        (app as FullDiskApp).mayLoad = mayLoad
        model.checkAgain()
        model.next()
        model.payWithCard()
        mayLoad.countDown()
        eventually("the earlier sale to run again") { app.client.running(left) != null }
        val own = model.ended()
        assertEquals(Money(1050, "EUR"), own.amount)
        assertFalse(own.isEarlier)
        // The other one goes on, until it is not waited for any longer.
        app.client.running(left)!!.cancel()
    }
}
