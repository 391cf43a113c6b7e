package dev.salekit.compose

import android.view.KeyEvent
import android.view.inputmethod.InputConnection
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.performClick
import dev.salekit.CardField
import dev.salekit.CardForm
import dev.salekit.SaleKitException
import org.junit.Assert.assertEquals
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import kotlin.random.Random

/**
 * A keyboard makes edits that nobody thought of, as the form's own test against its reference model does; a second form gets
 * them in its own terms. Both must show the same at each step.
 */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 35], qualifiers = "w411dp-h731dp-xxhdpi")
class ReferenceTest {
    @get:Rule val rule = createAndroidComposeRule<CardActivity>()

    private val reference = CardForm()
    private val field = CardField.NUMBER

    private fun refer(edit: CardForm.() -> Unit) = try {
        reference.edit()
    } catch (_: SaleKitException.InvalidInput) {
        // Nothing is changed then, neither here nor there.
    }

    @Test
    fun `the field does what the form does`() {
        rule.field(field).performClick()
        reference.focusGained(field)
        var keyboard = Keyboard(rule)
        fun edit(start: Int, end: Int, act: InputConnection.() -> Unit) = keyboard.atOnce {
            setSelection(start, end)
            act()
        }
        var completions = 0
        val dice = Random(7)
        repeat(300) { step ->
            val length = reference.state(field).display.length
            val start = dice.nextInt(length + 1)
            val end = minOf(length, start + dice.nextInt(4))
            when (dice.nextInt(10)) {
                in 0..4 -> {
                    val typed = "0123456789 -x"[dice.nextInt(13)].toString()
                    edit(start, end) { commitText(typed, 1) }
                    refer { replace(field, start, end, typed.toByteArray()) }
                }
                5, 6 -> {
                    edit(end, end) { deleteSurroundingText(end - start, 0) }
                    if (start < end) refer { delete(field, start, end) }
                }
                7 -> {
                    edit(start, start) { deleteSurroundingText(0, end - start) }
                    if (start < end) refer { deleteForward(field, start, end) }
                }
                8 -> {
                    edit(start, end) { sendKeyEvent(KeyEvent(KeyEvent.ACTION_DOWN, KeyEvent.KEYCODE_DEL)) }
                    if (start < end) refer { delete(field, start, end) } else if (start > 0) refer { delete(field, start - 1, start) }
                }
                else -> {
                    val typed = listOf("4111111111111111", "12", "3782 822463", "4x").random(dice)
                    // Not all of it, which would count as pasted and go on to the next field.
                    val from = minOf(1, length)
                    edit(from, length) { commitText(typed, 1) }
                    refer { replace(field, from, length, typed.toByteArray()) }
                }
            }
            val entry = rule.card.entries.getValue(field)
            assertEquals("step $step", reference.state(field).display, entry.text.text.toString())
            if (entry.completions > completions) {
                // A number that is complete is left, and masked; then the cardholder comes back.
                completions = entry.completions
                reference.focusLost(field)
                assertEquals("step $step", reference.state(field).display, rule.state(field).display)
                rule.field(field).performClick()
                reference.focusGained(field)
                keyboard = Keyboard(rule)
            }
        }
    }
}
