package dev.salekit.sample

import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performTextInput
import dev.salekit.CardBrand
import dev.salekit.CardField
import dev.salekit.CardSummary
import dev.salekit.DeclineAdvice
import dev.salekit.Money
import dev.salekit.NotChargedReason
import dev.salekit.SaleOutcome
import dev.salekit.SaleState
import dev.salekit.StoredCard
import dev.salekit.UnknownAdvice
import dev.salekit.UnknownReason
import org.junit.Assert.assertTrue
import org.junit.Assume.assumeTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import androidx.test.core.app.ActivityScenario

/** Each screen as it looks: light, dark, from right to left, and with large text. Not of a sandbox, whose ids differ from run to run. */
@RunWith(RobolectricTestRunner::class)
@Config(application = SandboxApp::class, sdk = [35], qualifiers = "w411dp-h731dp-xhdpi")
class PicturesTest {
    @get:Rule val rule = createEmptyComposeRule()
    private val screens = Screens(rule)
    private val amount = Money(1050, "EUR")

    private fun ActivityScenario<CheckoutActivity>.show(change: (Checkout) -> Checkout) {
        onActivity { it.model.showForPicture(change(it.model.checkout.value.copy(order = Order.next().copy(number = "104213")))) }
        rule.waitForIdle()
    }

    private fun sale(state: SaleState, isEarlier: Boolean = false) = { checkout: Checkout -> checkout.copy(sale = ShownSale(amount, state, isEarlier)) }

    private val approved = SaleOutcome.Approved(
        "10000000-0000-4000-8000-000000000007", "700300", null, amount, amount, null, null, null, null,
        CardSummary(CardBrand.VISA, "1111", 16, "Visa •••• 1111"),
    )
    private val declined = SaleOutcome.Declined("7", null, null, 116, null, null, DeclineAdvice.TRY_ANOTHER_CARD)
    private val notCharged = SaleOutcome.NotCharged(null, NotChargedReason.MERCHANT_UNAVAILABLE, "", null, null)
    private val unknown = SaleOutcome.Unknown("7", UnknownReason.STOPPED_WAITING, UnknownAdvice.RESUME_OR_ASK_MERCHANT, null, "")

    private fun all(kind: String): Unit = screens.open().use { scenario ->
        fun picture(name: String, change: (Checkout) -> Checkout) {
            scenario.show(change)
            screens.picture(scenario, "$kind-$name")
        }
        picture("1-checkout") { it }
        screens.type("123")
        // The caret would blink.
        scenario.onActivity { it.currentFocus?.clearFocus() }
        rule.waitForIdle()
        picture("2-filled") { it }
        scenario.onActivity { it.model.card.wipe() }
        picture("3-saved-card") { it.copy(savedCard = StoredCard("x", "411111")) }
        picture("4-preparing", sale(SaleState.Initiating))
        picture("5-challenge", sale(SaleState.Challenge("https://issuer.example", isOpen = false)))
        picture("6-recovering", sale(SaleState.Recovering, isEarlier = true))
        picture("7-approved", sale(SaleState.Finished(approved)))
        picture("8-declined", sale(SaleState.Finished(declined)))
        picture("9-not-charged", sale(SaleState.Finished(notCharged)))
        picture("10-unknown", sale(SaleState.Finished(unknown)))
    }

    private fun mistyped(kind: String): Unit = screens.open().use { scenario ->
        scenario.show { it }
        screens.type("12", number = "4111111111111112")
        scenario.onActivity {
            it.currentFocus?.clearFocus()
            it.model.card.check()
        }
        screens.picture(scenario, "$kind-11-mistyped")
    }

    @Test
    fun light() = all("light")

    @Test
    @Config(qualifiers = "+night")
    fun dark() = all("dark")

    @Test
    @Config(qualifiers = "ar-ldrtl-w411dp-h731dp-xhdpi")
    fun `right to left`() = all("rtl")

    @Test
    fun `large text`() {
        RuntimeEnvironment.setFontScale(1.8f)
        all("large")
    }

    @Test
    fun `a mistake, light`() = mistyped("light")

    @Test
    @Config(qualifiers = "ar-ldrtl-w411dp-h731dp-xhdpi")
    fun `a mistake, right to left`() = mistyped("rtl")

    @Test
    fun `a screen that is not that of its picture is found`(): Unit = screens.open().use { scenario ->
        assumeTrue(System.getProperty("sample.redraw") != "true")
        scenario.show(sale(SaleState.Finished(declined)))
        val error = runCatching { screens.picture(scenario, "light-9-not-charged") }.exceptionOrNull()
        assertTrue("$error", error is AssertionError && "differs" in error.message!!)
    }
}
