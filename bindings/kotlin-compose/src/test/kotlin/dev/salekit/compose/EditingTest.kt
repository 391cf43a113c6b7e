package dev.salekit.compose

import android.content.ClipData
import android.content.ClipboardManager
import android.view.KeyEvent
import androidx.compose.foundation.ExperimentalFoundationApi
import androidx.compose.ui.input.key.Key
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.test.ExperimentalTestApi
import androidx.compose.ui.test.assertIsFocused
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performImeAction
import androidx.compose.ui.test.performKeyInput
import androidx.compose.ui.test.performSemanticsAction
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.test.pressKey
import androidx.compose.ui.text.AnnotatedString
import dev.salekit.CardField
import dev.salekit.Fixtures
import dev.salekit.Validity
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** Each way in which a text field can be edited, through the field itself. */
@OptIn(ExperimentalTestApi::class)
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 35], qualifiers = "w411dp-h731dp-xxhdpi")
class EditingTest {
    @get:Rule val rule = createAndroidComposeRule<CardActivity>()

    private val clipboard get() = rule.activity.getSystemService(ClipboardManager::class.java)

    private fun type(field: CardField, text: String) {
        for (key in text) rule.field(field).performTextInput("$key")
    }

    private fun focus(field: CardField) {
        rule.field(field).performClick()
        rule.waitForIdle()
    }

    @Test
    fun `typing groups the number, knows the brand, and goes on from field to field`() {
        focus(CardField.NUMBER)
        type(CardField.NUMBER, "41111")
        assertEquals("4111 1", rule.shown(CardField.NUMBER))
        type(CardField.NUMBER, "11111111111")
        rule.field(CardField.EXPIRY).assertIsFocused()
        assertEquals("4111 11•• •••• 1111", rule.shown(CardField.NUMBER))
        assertEquals("Visa", rule.card.hints.brandName)
        type(CardField.EXPIRY, "1240")
        assertEquals("12/40", rule.shown(CardField.EXPIRY))
        rule.field(CardField.SECURITY_CODE).assertIsFocused()
        type(CardField.SECURITY_CODE, "123")
        assertEquals("•••", rule.shown(CardField.SECURITY_CODE))
        rule.field(CardField.PRINTED_NAME).assertIsFocused()
        assertFalse(rule.card.isComplete)
        type(CardField.PRINTED_NAME, "Ada Lovelace")
        assertTrue(rule.card.isComplete)
        rule.field(CardField.PRINTED_NAME).performImeAction()
        assertEquals(1, rule.runOnIdle { rule.activity.done })
    }

    @Test
    fun `deleting and typing in the middle keeps the caret where it belongs`() {
        focus(CardField.NUMBER)
        type(CardField.NUMBER, "4012345")
        assertEquals("4012 345", rule.shown(CardField.NUMBER))
        rule.select(CardField.NUMBER, 2, 2)
        rule.field(CardField.NUMBER).performKeyInput { pressKey(Key.Backspace) }
        assertEquals("4123 45" to 1, rule.shown(CardField.NUMBER) to rule.caret(CardField.NUMBER))
        type(CardField.NUMBER, "9")
        assertEquals("4912 345" to 2, rule.shown(CardField.NUMBER) to rule.caret(CardField.NUMBER))
        // Behind the gap both keys delete a digit, each in its direction.
        rule.select(CardField.NUMBER, 5, 5)
        rule.field(CardField.NUMBER).performKeyInput { pressKey(Key.Backspace) }
        assertEquals("4913 45", rule.shown(CardField.NUMBER))
        rule.select(CardField.NUMBER, 4, 4)
        rule.field(CardField.NUMBER).performKeyInput { pressKey(Key.Delete) }
        assertEquals("4913 5", rule.shown(CardField.NUMBER))
        rule.state(CardField.NUMBER)
    }

    @Test
    fun `a selection is replaced, and what the form refuses changes nothing`() {
        focus(CardField.NUMBER)
        type(CardField.NUMBER, "401234")
        rule.select(CardField.NUMBER, 1, 3)
        type(CardField.NUMBER, "7")
        assertEquals("4723 4" to 2, rule.shown(CardField.NUMBER) to rule.caret(CardField.NUMBER))
        type(CardField.NUMBER, "x")
        assertEquals("4723 4" to 2, rule.shown(CardField.NUMBER) to rule.caret(CardField.NUMBER))
        rule.state(CardField.NUMBER)
    }

    @Test
    fun `a number that is pasted is masked at once, and another one takes its place`() {
        focus(CardField.NUMBER)
        for ((copied, shown) in listOf("4111 1111-1111 1111" to "4111 11•• •••• 1111", "5555555555554444" to "5555 55•• •••• 4444")) {
            focus(CardField.NUMBER)
            clipboard.setPrimaryClip(ClipData.newPlainText("", copied))
            rule.select(CardField.NUMBER, 0, rule.shown(CardField.NUMBER).length)
            rule.field(CardField.NUMBER).performSemanticsAction(SemanticsActions.PasteText)
            assertEquals(shown, rule.shown(CardField.NUMBER))
        }
        focus(CardField.NUMBER)
        clipboard.setPrimaryClip(ClipData.newPlainText("", "my card"))
        rule.field(CardField.NUMBER).performSemanticsAction(SemanticsActions.PasteText)
        assertEquals("5555 55•• •••• 4444", rule.shown(CardField.NUMBER))
        rule.state(CardField.NUMBER)
    }

    @Test
    fun `nothing is cut or copied out of number and code, by key, menu or keyboard`() {
        for ((field, typed) in listOf(CardField.NUMBER to "401234", CardField.SECURITY_CODE to "12")) {
            focus(field)
            type(field, typed)
            val before = rule.shown(field)
            val config = rule.field(field).fetchSemanticsNode().config
            assertFalse(SemanticsActions.CopyText in config)
            assertFalse(SemanticsActions.CutText in config)
            val keyboard = Keyboard(rule)
            for (key in listOf(KeyEvent.KEYCODE_A, KeyEvent.KEYCODE_C, KeyEvent.KEYCODE_X)) rule.control(key)
            for (menu in listOf(android.R.id.copy, android.R.id.cut)) keyboard { performContextMenuAction(menu) }
            assertEquals(before, rule.shown(field))
            assertFalse(clipboard.hasPrimaryClip())
        }
    }

    @OptIn(ExperimentalFoundationApi::class)
    @Test
    fun `nothing that was typed can be had back by undoing`() {
        for ((field, typed) in listOf(CardField.NUMBER to "401234", CardField.EXPIRY to "11", CardField.PRINTED_NAME to "ADA")) {
            focus(field)
            type(field, typed)
            rule.select(field, 0, rule.shown(field).length)
            rule.field(field).performKeyInput { pressKey(Key.Backspace) }
            assertEquals("", rule.shown(field))
            val text = rule.card.entries.getValue(field).text
            assertFalse(rule.runOnIdle { text.undoState.canUndo })
            rule.runOnIdle { text.undoState.undo() }
            assertEquals("", rule.state(field).display)
        }
    }

    @Test
    fun `an input method may compose a name`() {
        focus(CardField.PRINTED_NAME)
        val keyboard = Keyboard(rule)
        for (part in listOf("A", "Ad", "Ada")) keyboard { setComposingText(part, 1) }
        assertEquals("Ada", rule.state(CardField.PRINTED_NAME).display)
        keyboard { finishComposingText() }
        keyboard { commitText(" L", 1) }
        keyboard { deleteSurroundingText(1, 0) }
        keyboard { commitText("Byron", 1) }
        assertEquals("Ada Byron", rule.state(CardField.PRINTED_NAME).display)
    }

    @Test
    fun `an input method may compose a number, which does not count as pasted`() {
        focus(CardField.NUMBER)
        val keyboard = Keyboard(rule)
        for (length in 1..4) keyboard { setComposingText("6759".take(length), 1) }
        keyboard { finishComposingText() }
        for (key in "64982648") keyboard { commitText("$key", 1) }
        // A pasted one of twelve digits would be taken for complete.
        assertEquals(Validity.Possible, rule.state(CardField.NUMBER).validity)
        assertEquals("6759 6498 2648", rule.state(CardField.NUMBER).display)
        keyboard {
            setComposingRegion(0, 4)
            setComposingText("67", 1)
        }
        assertEquals("6764 9826 48", rule.state(CardField.NUMBER).display)
        keyboard { deleteSurroundingText(1, 1) }
        assertEquals("6498 2648", rule.state(CardField.NUMBER).display)
        rule.state(CardField.NUMBER)
    }

    @Test
    fun `autofill fills all fields, wherever the focus is`() {
        focus(CardField.PRINTED_NAME)
        val values = mapOf(
            CardField.NUMBER to "378282246310005",
            CardField.EXPIRY to "12/2040",
            CardField.SECURITY_CODE to "1234",
            CardField.PRINTED_NAME to Fixtures.HOLDER,
        )
        for ((field, value) in values) rule.field(field).performSemanticsAction(SemanticsActions.SetText) { it(AnnotatedString(value)) }
        assertTrue(rule.runOnIdle { rule.card.isComplete })
        assertEquals("3782 82•••• •0005", rule.state(CardField.NUMBER).display)
        assertEquals("12/2040", rule.state(CardField.EXPIRY).display)
        assertEquals("••••", rule.state(CardField.SECURITY_CODE).display)
        rule.field(CardField.PRINTED_NAME).assertIsFocused()
    }
}
