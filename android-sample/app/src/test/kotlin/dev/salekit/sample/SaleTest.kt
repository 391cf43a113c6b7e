package dev.salekit.sample

import androidx.compose.ui.test.assertTextContains
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performTextInput
import dev.salekit.CardField
import dev.salekit.Sandbox
import dev.salekit.android.DeviceSerial
import dev.salekit.eventually
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotNull
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config

/** The whole app, from the keystrokes to the gateway's ledger, with the real library and the real sandbox. */
@RunWith(RobolectricTestRunner::class)
@Config(application = SandboxApp::class, sdk = [24, 35], qualifiers = "w411dp-h731dp-xxhdpi")
class SaleTest {
    @get:Rule val rule = createEmptyComposeRule()
    private val screens = Screens(rule)
    private val app get() = RuntimeEnvironment.getApplication() as ShopApp

    private fun stored() = runBlocking { app.client.pending() }.sales

    /** Which of the sentences there are for "again" is offered. */
    private fun offersToPay() = screens.isSeen("Pay again") || screens.isSeen(Screens.PAY)

    @Test
    fun approved(): Unit = screens.open().use {
        screens.pay("123")
        screens.see("Paid")
        assertTrue(screens.isSeen("\u2066Visa •••• 1111\u2069"))
        assertFalse(offersToPay())
        eventually("the sale to be acknowledged") { stored().isEmpty() }
    }

    @Test
    fun declined(): Unit = screens.open().use {
        screens.pay("116")
        screens.see("Please try another card.")
        screens.tap("Pay again")
        // The same order, and an empty card.
        assertTrue(screens.isSeen(Screens.PAY))
        screens.pay("123")
        screens.see("Paid")
    }

    @Test
    fun `a challenge is confirmed on the bank's page, which can be opened again`(): Unit = screens.open().use {
        screens.pay("321")
        screens.page()
        screens.see("Confirm the payment with your bank")
        screens.tap("Open the page")
        screens.confirm(screens.page())
        screens.see("Paid")
    }

    @Test
    fun `what is unknown can be asked about, and not be paid again`(): Unit = screens.open().use {
        screens.pay("321")
        val page = screens.page()
        screens.see("Confirm the payment with your bank")
        screens.tap("Stop waiting")
        screens.see("We are finding out")
        assertFalse(offersToPay())
        assertEquals(1, stored().size)
        screens.confirm(page)
        screens.tap("Check again")
        screens.see("Paid")
        eventually("the sale to be acknowledged") { stored().isEmpty() }
    }

    @Test
    fun `the next order is paid with the saved card and its code`(): Unit = screens.open().use {
        screens.pay("123")
        screens.see("Paid")
        assertNotNull(app.savedCard)
        screens.tap("New order")
        screens.see("Saved card")
        for (key in "123") rule.onNodeWithText(screens.label(CardField.SECURITY_CODE)).performTextInput("$key")
        rule.onNodeWithText(screens.label(CardField.SECURITY_CODE)).assertTextContains("•••")
        screens.tap(Screens.PAY)
        screens.see("Paid")
    }

    @Test
    fun `a sale that a killed process has left is picked up at the start`() {
        screens.open().use {
            screens.pay("321")
            screens.page().let { page ->
                eventually("the challenge to be stored") {
                    app.client.appBackground()
                    stored().any { it.state is dev.salekit.SaleState.Challenge }
                }
                screens.confirm(page)
            }
        }
        // Another process: its application has a client of its own, on the same folder.
        app.onCreate()
        screens.open().use {
            screens.see("Paid")
            assertTrue(screens.isSeen("An earlier payment"))
            screens.tap("New order")
            assertTrue(screens.isSeen("Saved card"))
        }
        assertTrue(stored().isEmpty())
    }

    @Test
    fun `a rotation changes nothing on any screen`(): Unit = screens.open().use { scenario ->
        screens.type("321")
        scenario.recreate()
        rule.waitForIdle()
        scenario.onActivity { assertTrue(it.model.card.isComplete) }
        screens.tap(Screens.PAY)
        val page = screens.page()
        screens.see("Confirm the payment with your bank")
        scenario.recreate()
        screens.see("Confirm the payment with your bank")
        screens.confirm(page)
        screens.see("Paid")
        scenario.recreate()
        screens.see("Paid")
    }

    @Test
    @Config(application = OfflineApp::class)
    fun `without a network nothing is charged, and the payer may try again`(): Unit = screens.open().use {
        screens.pay("123")
        screens.see("The shop could not be reached. You have not been charged. Please try again.")
        assertTrue(screens.isSeen("Pay again"))
    }

    @Test
    @Config(application = HeldSaveApp::class)
    fun `a shop that does not answer is waited for`(): Unit = screens.open().use {
        Sandbox.shared.script(DeviceSerial.of(app), """{ "faults": [{ "message": "initiate", "kind": "stall", "ms": 1500 }] }""")
        screens.pay("123")
        screens.see("Preparing your order…")
        (app as HeldSaveApp).isSeen.countDown()
        screens.see("Paid")
    }

    @Test
    fun `what is missing is said when it is tried to pay`(): Unit = screens.open().use {
        screens.tap(Screens.PAY)
        assertEquals(4, rule.onAllNodes(androidx.compose.ui.test.hasText("Please fill this in.") and androidx.compose.ui.test.hasNoClickAction(), useUnmergedTree = true).fetchSemanticsNodes().size)
        assertTrue(stored().isEmpty())
    }
}
