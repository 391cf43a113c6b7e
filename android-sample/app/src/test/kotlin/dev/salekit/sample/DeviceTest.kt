package dev.salekit.sample

import android.content.ComponentName
import android.os.Looper
import dev.salekit.CardField
import dev.salekit.SaleState
import dev.salekit.eventually
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import java.io.File

/** Devices that lack something: a browser, or space. The app neither crashes nor says anything wrong about money. */
@RunWith(RobolectricTestRunner::class)
@Config(application = SandboxApp::class, sdk = [24, 35])
class DeviceTest {
    private val app get() = RuntimeEnvironment.getApplication() as ShopApp

    private fun CheckoutModel.pay(securityCode: String) {
        val typed = mapOf(
            CardField.NUMBER to "4111111111111111",
            CardField.EXPIRY to "12/2040",
            CardField.SECURITY_CODE to securityCode,
            CardField.PRINTED_NAME to "Ada Lovelace",
        )
        for ((field, text) in typed) card.form.paste(field, text.toByteArray())
        card.refresh()
        pay()
    }

    private fun CheckoutModel.comesTo(what: String, isThere: (Checkout) -> Boolean) = eventually(what) {
        shadowOf(Looper.getMainLooper()).idle()
        isThere(checkout.value)
    }

    private val Checkout.challenge get() = sale?.state as? SaleState.Challenge

    @Test
    fun `without a browser the bank's page is closed, however often it is opened again`() {
        val model = CheckoutModel(app)
        model.pay("321")
        model.comesTo("the bank's page to be open") { it.challenge?.isOpen == true }
        shadowOf(app.packageManager).removeActivity(ComponentName("com.browser", "com.browser.Main"))
        repeat(2) {
            model.openPage()
            model.comesTo("the bank's page to be closed") { it.challenge?.isOpen == false }
        }
        model.stop()
        model.comesTo("the end") { it.sale?.state is SaleState.Finished }
    }

    @Test
    fun `without space for the device's id nothing is sent, and the payer can pay when there is some`() {
        val model = CheckoutModel(app)
        // No file can be written there.
        val inTheWay = File(app.noBackupFilesDir, "salekit-device.new").apply { mkdirs() }
        model.pay("123")
        assertEquals("The device's storage failed. Please try again.", model.checkout.value.refusal)
        assertNull(model.checkout.value.sale)
        assertTrue(runBlocking { app.client.pending() }.sales.isEmpty())
        inTheWay.delete()
        // The card is still in its fields.
        model.pay()
        model.comesTo("the end") { it.sale?.state is SaleState.Finished }
        assertNull(model.checkout.value.refusal)
        assertNotNull(app.savedCard)
    }
}
