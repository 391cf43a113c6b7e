package dev.salekit.sample

import android.os.Looper
import dev.salekit.CardField
import dev.salekit.Consumer
import dev.salekit.Fixtures
import dev.salekit.Money
import dev.salekit.SaleRequest
import dev.salekit.SaleState
import dev.salekit.eventually
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

/** Sales that were left, and a payer who does not wait until they are found. Nothing runs on the main thread unless the test lets it. */
@RunWith(RobolectricTestRunner::class)
@Config(application = FullDiskApp::class, sdk = [24, 35])
class PickUpTest {
    private val app get() = RuntimeEnvironment.getApplication() as ShopApp

    /** A sale that is over, and that nobody has acknowledged. */
    private fun leave(cents: Long, securityCode: String = "123") = runBlocking {
        app.client.start(SaleRequest(Money(cents, "EUR"), Consumer(Fixtures.device()), Fixtures.card(securityCode))).outcome()
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
        leave(100, "217")
        val model = CheckoutModel(app)
        val left = model.ended()
        assertTrue(left.isEarlier)
        val order = model.checkout.value.order
        model.next()
        assertTrue(model.checkout.value.order != order)
        model.payWithCard()
        assertFalse(model.ended().isEarlier)
    }
}
