package dev.salekit.sample

import android.graphics.Bitmap
import android.graphics.BitmapFactory
import android.graphics.Canvas
import android.graphics.Color
import android.os.Build
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.ComposeTestRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.compose.ui.test.performTextInput
import androidx.test.core.app.ActivityScenario
import dev.salekit.CardField
import dev.salekit.Sandbox
import dev.salekit.android.BrowserActivity
import dev.salekit.eventually
import org.junit.Assert.assertTrue
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import java.io.File
import java.util.Locale
import kotlin.math.abs

/** The payer's hands and eyes. */
class Screens(private val rule: ComposeTestRule) {
    private val app get() = RuntimeEnvironment.getApplication() as ShopApp

    fun open(): ActivityScenario<CheckoutActivity> = ActivityScenario.launch(CheckoutActivity::class.java).also { rule.waitForIdle() }

    fun type(securityCode: String, number: String = "4111111111111111") {
        val typed = mapOf(
            CardField.NUMBER to number,
            CardField.EXPIRY to "1240",
            CardField.SECURITY_CODE to securityCode,
            CardField.PRINTED_NAME to "Ada Lovelace",
        )
        rule.onNodeWithText(label(CardField.NUMBER)).performScrollTo().performClick()
        for ((field, text) in typed) for (key in text) rule.onNodeWithText(label(field)).performTextInput("$key")
        rule.waitForIdle()
    }

    fun label(field: CardField) = field.displayMessage(Locale.getDefault())

    fun tap(text: String) {
        rule.onNodeWithText(text).performScrollTo().performClick()
        rule.waitForIdle()
    }

    fun pay(securityCode: String) {
        type(securityCode)
        tap(PAY)
    }

    fun see(text: String) = rule.waitUntil(60_000) { isSeen(text) }

    fun isSeen(text: String) = rule.onAllNodes(hasText(text)).fetchSemanticsNodes().isNotEmpty()

    /** The page that the app has asked the browser for; the browser covers the app then. */
    fun page(): String {
        var page: String? = null
        eventually("the page to be asked for") {
            rule.waitForIdle()
            // Only the page itself has an address. What comes before it is for SaleKit's activity: to open it, or to take away that of
            // a sale that has ended, any number of times.
            shadowOf(app).nextStartedActivity?.let { intent ->
                page = intent.dataString
                if (page == null) Robolectric.buildActivity(BrowserActivity::class.java, intent).setup()
            }
            page != null
        }
        return page!!
    }

    /** The cardholder's part: on the page, in the sandbox, over HTTP. */
    fun confirm(page: String) = Sandbox.shared.visit(page, "authenticates")

    /** Draws the screen and compares it with the picture that is kept of it, or keeps it if asked to. */
    fun picture(scenario: ActivityScenario<CheckoutActivity>, name: String) {
        rule.waitForIdle()
        // Robolectric draws from API 26 on.
        if (Build.VERSION.SDK_INT < 26) return
        var drawn: Bitmap? = null
        scenario.onActivity { drawn = draw(it) }
        Pictures.compare(name, drawn!!)
    }

    private fun draw(activity: CheckoutActivity): Bitmap {
        val root = activity.window.decorView
        val bitmap = Bitmap.createBitmap(root.width, root.height, Bitmap.Config.ARGB_8888)
        root.draw(Canvas(bitmap))
        return bitmap
    }

    companion object {
        const val PAY = "Pay \u206610.50 EUR\u2069"
    }
}

/** The pictures that are kept. */
object Pictures {
    private val kept = File(System.getProperty("sample.pictures"))
    private val drawn = File(System.getProperty("sample.drawn"))

    /** How much a colour may differ before a pixel counts, of 255, and which part of all pixels may: fonts are drawn a little differently by other processors. */
    private const val COLOUR = 24
    private const val PIXELS = 0.003

    fun compare(name: String, picture: Bitmap) {
        val small = Bitmap.createScaledBitmap(picture, picture.width / 2, picture.height / 2, true)
        val into = if (System.getProperty("sample.redraw") == "true") kept else drawn
        into.mkdirs()
        File(into, "$name.png").outputStream().use { small.compress(Bitmap.CompressFormat.PNG, 100, it) }
        if (into == kept) return
        val expected = File(kept, "$name.png").readBytes().let { BitmapFactory.decodeByteArray(it, 0, it.size) }
        assertTrue("$name has another size", expected.width == small.width && expected.height == small.height)
        val differing = differing(pixels(expected), pixels(small))
        val share = differing.toDouble() / (small.width * small.height)
        assertTrue("$name differs in ${String.format(Locale.ROOT, "%.2f", 100 * share)} % of its pixels: see $into", share <= PIXELS)
    }

    private fun pixels(of: Bitmap) = IntArray(of.width * of.height).also { of.getPixels(it, 0, of.width, 0, 0, of.width, of.height) }

    fun differing(one: IntArray, other: IntArray) = one.indices.count { at ->
        val (a, b) = one[at] to other[at]
        abs(Color.red(a) - Color.red(b)) > COLOUR || abs(Color.green(a) - Color.green(b)) > COLOUR || abs(Color.blue(a) - Color.blue(b)) > COLOUR
    }
}
