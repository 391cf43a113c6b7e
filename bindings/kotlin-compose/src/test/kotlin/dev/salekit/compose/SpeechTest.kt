package dev.salekit.compose

import android.os.Bundle
import android.os.Parcel
import android.text.InputType
import android.view.View
import android.view.WindowManager.LayoutParams.FLAG_SECURE
import androidx.compose.ui.autofill.ContentType
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsNode
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.onNodeWithText
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performSemanticsAction
import androidx.compose.ui.test.performTextInput
import androidx.compose.ui.text.TextLayoutResult
import dev.salekit.CardField
import dev.salekit.Validity
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

/** What others than the cardholder learn of the card, and what becomes of it when the screen goes. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 35], qualifiers = "w411dp-h731dp-xxhdpi")
class SpeechTest {
    @get:Rule val rule = createAndroidComposeRule<CardActivity>()

    private fun type(field: CardField, text: String) {
        rule.field(field).performClick()
        for (key in text) rule.field(field).performTextInput("$key")
        rule.waitForIdle()
    }

    /** Every value in the tree of semantics, also those that only actions give. */
    /** Numbers that the JVM gives to objects and their classes; digits of a card may stand in them by chance. */
    private val identities = Regex("""Lambda\$\d+|0x[0-9a-f]+|@[0-9a-f]+""")

    private fun told(node: SemanticsNode): String =
        node.config.joinToString { (key, value) -> "${key.name}=$value" }.replace(identities, "") +
            node.children.joinToString { told(it) }

    private val tree: String get() = told(rootNode())

    private fun rootNode(): SemanticsNode {
        var node = rule.field(CardField.NUMBER).fetchSemanticsNode()
        while (node.parent != null) node = node.parent!!
        return node
    }

    @Test
    fun `the tree that is read out holds neither number nor code, while they are typed and after`() {
        type(CardField.NUMBER, "401288")
        assertEquals("4012 88", rule.shown(CardField.NUMBER))
        assertFalse(tree, Regex("4012|288|88\\b").containsMatchIn(tree))
        val number = rule.field(CardField.NUMBER).fetchSemanticsNode()
        assertEquals("•••• ••", number.config[SemanticsProperties.EditableText].text)
        assertEquals("Visa", number.config[SemanticsProperties.StateDescription])
        assertTrue(SemanticsProperties.Password in number.config)
        assertTrue(number.config[SemanticsProperties.IsSensitiveData])
        assertEquals(ContentType.CreditCardNumber, number.config[SemanticsProperties.ContentType])
        // Its layout holds the text, and is not had.
        val layouts = mutableListOf<TextLayoutResult>()
        assertFalse(number.config[SemanticsActions.GetTextLayoutResult].action!!(layouts))
        assertTrue(layouts.isEmpty())
        type(CardField.SECURITY_CODE, "123")
        assertFalse("123" in told(rule.field(CardField.SECURITY_CODE).fetchSemanticsNode()))
    }

    @Test
    fun `what is wrong is said once the field is left, and goes away when it is right`() {
        val sentence = "Please check the number for a typing mistake."
        type(CardField.NUMBER, "4111111111111112")
        rule.onNodeWithText(sentence).assertDoesNotExist()
        rule.field(CardField.EXPIRY).performClick()
        assertEquals(sentence, rule.field(CardField.NUMBER).fetchSemanticsNode().config[SemanticsProperties.Error])
        rule.onNodeWithText(sentence, useUnmergedTree = true).assertExists()
        rule.field(CardField.SECURITY_CODE).performClick()
        // Nothing is there, and nobody has asked.
        rule.onNodeWithText("Please fill this in.", useUnmergedTree = true).assertDoesNotExist()
        assertFalse(rule.runOnIdle { rule.card.check() })
        rule.waitForIdle()
        assertEquals("Please fill this in.", rule.field(CardField.EXPIRY).fetchSemanticsNode().config[SemanticsProperties.Error])
        rule.field(CardField.NUMBER).performClick()
        rule.onNodeWithText(sentence, useUnmergedTree = true).assertDoesNotExist()
    }

    @Test
    fun `each field has its keyboard, without corrections`() {
        val secret = InputType.TYPE_CLASS_NUMBER or InputType.TYPE_NUMBER_VARIATION_PASSWORD
        for ((field, type) in mapOf(CardField.NUMBER to secret, CardField.SECURITY_CODE to secret, CardField.EXPIRY to InputType.TYPE_CLASS_NUMBER)) {
            rule.field(field).performClick()
            assertEquals("$field", type, Keyboard(rule).editor.inputType and (InputType.TYPE_MASK_CLASS or InputType.TYPE_MASK_VARIATION))
        }
        rule.field(CardField.PRINTED_NAME).performClick()
        val name = Keyboard(rule).editor.inputType
        assertEquals(0, name and InputType.TYPE_TEXT_FLAG_AUTO_CORRECT)
        assertNotEquals(0, name and InputType.TYPE_TEXT_FLAG_CAP_CHARACTERS)
    }

    @Test
    fun `a rotation keeps what was typed, in memory alone`() {
        type(CardField.NUMBER, "401288")
        val form = rule.card.form
        val saved = Bundle()
        rule.activityRule.scenario.onActivity { it.window.saveHierarchyState().let { state -> saved.putBundle("views", state) } }
        rule.activityRule.scenario.recreate()
        rule.waitForIdle()
        assertTrue(form === rule.card.form)
        assertEquals(6, rule.shown(CardField.NUMBER).count { it.isDigit() || it == '•' })
        val parcel = Parcel.obtain().apply { writeBundle(saved) }
        val bytes = parcel.marshall()
        assertFalse("4012" in String(bytes, Charsets.UTF_16LE) + String(bytes, 1, bytes.size - 1, Charsets.UTF_16LE) + String(bytes, Charsets.UTF_8))
    }

    @Test
    fun `the form is wiped and closed with its view model`() {
        type(CardField.NUMBER, "401288")
        val card = rule.card
        rule.activityRule.scenario.close()
        assertEquals("", card.entries.getValue(CardField.NUMBER).text.text.toString())
        assertTrue(runCatching { card.form.missing }.exceptionOrNull() is IllegalStateException)
    }

    @Test
    fun `an app that goes away hides the number that is being typed`() {
        type(CardField.NUMBER, "401288")
        rule.activityRule.scenario.moveToState(androidx.lifecycle.Lifecycle.State.STARTED)
        assertEquals("•••• ••", rule.card.entries.getValue(CardField.NUMBER).text.text.toString())
    }

    @Test
    fun `screenshots are prevented while the fields are there, if the app wants it`() {
        val window = rule.activity.window
        fun isSecure() = rule.runOnIdle { window.attributes.flags and FLAG_SECURE != 0 }
        assertTrue(isSecure())
        rule.runOnIdle { rule.activity.preventsScreenshots = false }
        rule.waitForIdle()
        assertFalse(isSecure())
    }

    @Test
    @Config(qualifiers = "ar-ldrtl-w411dp-h731dp-xxhdpi")
    fun `digits go from left to right where the layout does not`() {
        type(CardField.NUMBER, "4012881")
        assertEquals(View.LAYOUT_DIRECTION_RTL, rule.activity.resources.configuration.layoutDirection)
        val expiry = rule.field(CardField.EXPIRY).fetchSemanticsNode().boundsInRoot
        val code = rule.field(CardField.SECURITY_CODE).fetchSemanticsNode().boundsInRoot
        assertTrue(expiry.left > code.left)
        type(CardField.EXPIRY, "12")
        // The one layout that may be looked at: it holds no secret.
        val results = mutableListOf<TextLayoutResult>()
        rule.field(CardField.EXPIRY).performSemanticsAction(SemanticsActions.GetTextLayoutResult) { it(results) }
        val layout = results.single()
        assertEquals("12/", layout.layoutInput.text.text)
        assertTrue(layout.getHorizontalPosition(0, true) < layout.getHorizontalPosition(2, true))
    }
}
