package dev.salekit.android

import android.app.Activity
import android.content.ClipData
import android.content.ClipboardManager
import android.content.pm.ApplicationInfo
import android.os.Bundle
import android.os.Looper
import android.text.InputType
import android.util.SparseArray
import android.view.View
import android.view.accessibility.AccessibilityEvent
import android.view.accessibility.AccessibilityManager
import android.view.accessibility.AccessibilityNodeInfo
import android.view.inputmethod.EditorInfo
import android.view.inputmethod.InputConnection
import android.widget.LinearLayout
import dev.salekit.CardField
import dev.salekit.CardForm
import dev.salekit.Fixtures
import dev.salekit.HolderFields
import dev.salekit.SaleKitException
import dev.salekit.Validity
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import kotlin.random.Random

/** The card fields as views, edited as keyboards and clipboards edit them. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 35])
class CardEditTextTest {
    private val form = CardForm()
    private lateinit var activity: Activity
    private lateinit var number: CardNumberEditText
    private lateinit var expiry: ExpiryEditText
    private lateinit var code: SecurityCodeEditText
    private lateinit var holder: HolderEditText

    @Before
    fun screen() {
        app.applicationInfo.flags = app.applicationInfo.flags or ApplicationInfo.FLAG_SUPPORTS_RTL
        activity = Robolectric.buildActivity(Activity::class.java).setup().get()
        number = CardNumberEditText(activity)
        expiry = ExpiryEditText(activity)
        code = SecurityCodeEditText(activity)
        holder = HolderEditText(activity)
        val fields = listOf(number, expiry, code, holder)
        activity.setContentView(
            LinearLayout(activity).apply {
                orientation = LinearLayout.VERTICAL
                fields.forEachIndexed { index, field ->
                    field.id = index + 1
                    addView(field)
                }
            },
        )
        for (field in fields) field.bind(form)
        shadowOf(Looper.getMainLooper()).idle()
    }

    @After
    fun close() = form.close()

    private fun keyboard(field: CardEditText): InputConnection {
        field.requestFocus()
        return field.onCreateInputConnection(EditorInfo())
    }

    private fun type(field: CardEditText, text: String) {
        val keyboard = keyboard(field)
        for (key in text) keyboard.commitText("$key", 1)
    }

    private fun shown(field: CardEditText) = field.text.toString()

    @Test
    fun `typing groups the number and goes on from field to field`() {
        type(number, "41111")
        assertEquals("4111 1", shown(number))
        type(number, "11111111111")
        assertTrue(expiry.isFocused)
        assertEquals("4111 11•• •••• 1111", shown(number))
        type(expiry, "1240")
        assertTrue(code.isFocused)
        type(code, "123")
        assertEquals("•••", shown(code))
        assertTrue(holder.isFocused)
        type(holder, "Ada Lovelace")
        assertTrue(holder.isFocused)
        assertTrue(form.missing.isEmpty())
    }

    @Test
    fun `deleting, replacing and composing in the middle, and what is refused`() {
        val keyboard = keyboard(number)
        keyboard.commitText("4012", 1)
        for (key in "345") keyboard.commitText("$key", 1)
        assertEquals("4012 345", shown(number))
        keyboard.setSelection(2, 2)
        keyboard.deleteSurroundingText(1, 0)
        assertEquals("4123 45" to 1, shown(number) to number.selectionEnd)
        keyboard.commitText("9", 1)
        assertEquals("4912 345" to 2, shown(number) to number.selectionEnd)
        keyboard.setSelection(5, 5)
        keyboard.deleteSurroundingText(1, 0)
        assertEquals("4913 45", shown(number))
        keyboard.setSelection(4, 4)
        keyboard.deleteSurroundingText(0, 1)
        assertEquals("4913 5", shown(number))
        keyboard.setSelection(1, 3)
        keyboard.commitText("7", 1)
        assertEquals("4735" to 2, shown(number) to number.selectionEnd)
        keyboard.commitText("x", 1)
        assertEquals("4735" to 2, shown(number) to number.selectionEnd)
        val names = keyboard(holder)
        for (part in listOf("A", "Ad", "Ada")) names.setComposingText(part, 1)
        names.finishComposingText()
        names.commitText(" Byron", 1)
        assertEquals("Ada Byron", shown(holder))
    }

    @Test
    fun `the field does what the form does, under edits that nobody thought of`() {
        val reference = CardForm()
        fun refer(edit: CardForm.() -> Unit) = try {
            reference.edit()
        } catch (_: SaleKitException.InvalidInput) {
            // Nothing is changed then, neither here nor there.
        }
        var keyboard = keyboard(number)
        reference.focusGained(CardField.NUMBER)
        val dice = Random(11)
        repeat(400) { step ->
            val length = reference.state(CardField.NUMBER).display.length
            val start = dice.nextInt(length + 1)
            val end = minOf(length, start + dice.nextInt(4))
            when (dice.nextInt(9)) {
                in 0..4 -> {
                    val typed = "0123456789 -x"[dice.nextInt(13)].toString()
                    keyboard.setSelection(start, end)
                    keyboard.commitText(typed, 1)
                    refer { replace(CardField.NUMBER, start, end, typed.toByteArray()) }
                }
                5, 6 -> {
                    keyboard.setSelection(end, end)
                    keyboard.deleteSurroundingText(end - start, 0)
                    if (start < end) refer { delete(CardField.NUMBER, start, end) }
                }
                7 -> {
                    keyboard.setSelection(start, start)
                    keyboard.deleteSurroundingText(0, end - start)
                    if (start < end) refer { deleteForward(CardField.NUMBER, start, end) }
                }
                else -> {
                    val typed = listOf("4111111111111111", "12", "3782 822463", "4x").random(dice)
                    val from = minOf(1, length)
                    keyboard.setSelection(from, length)
                    keyboard.commitText(typed, 1)
                    refer { replace(CardField.NUMBER, from, length, typed.toByteArray()) }
                }
            }
            if (!number.isFocused) {
                reference.focusLost(CardField.NUMBER)
                assertEquals("step $step", reference.state(CardField.NUMBER).display, shown(number))
                keyboard = keyboard(number)
                reference.focusGained(CardField.NUMBER)
            }
            assertEquals("step $step", reference.state(CardField.NUMBER).display, shown(number))
        }
        reference.close()
    }

    @Test
    fun `what is pasted is masked, and nothing is cut, copied or undone`() {
        val clipboard = activity.getSystemService(ClipboardManager::class.java)
        number.requestFocus()
        clipboard.setPrimaryClip(ClipData.newPlainText("", "4111 1111-1111 1111"))
        number.onTextContextMenuItem(android.R.id.paste)
        assertEquals("4111 11•• •••• 1111", shown(number))
        type(number, "")
        number.selectAll()
        for (item in listOf(android.R.id.copy, android.R.id.cut, android.R.id.undo, android.R.id.redo)) number.onTextContextMenuItem(item)
        assertEquals("4111 11•• •••• 1111", shown(number))
        assertEquals("4111 1111-1111 1111", clipboard.primaryClip!!.getItemAt(0).text)
    }

    @Test
    fun `autofill fills all fields, wherever the focus is`() {
        holder.requestFocus()
        for ((field, value) in listOf(number to "378282246310005", expiry to "12/2040", code to "1234", holder to Fixtures.HOLDER)) field.setText(value)
        assertTrue(form.missing.isEmpty())
        assertEquals("3782 82•••• •0005", shown(number))
        assertTrue(holder.isFocused)
    }

    @Test
    fun `neither speech nor a saved state nor an assistant has the number`() {
        shadowOf(activity.getSystemService(AccessibilityManager::class.java)).setEnabled(true)
        type(number, "401288")
        assertEquals("4012 88", shown(number))
        val info = AccessibilityNodeInfo.obtain()
        number.onInitializeAccessibilityNodeInfo(info)
        assertEquals("•••• ••", info.text.toString())
        assertTrue(info.isPassword)
        val told = shadowOf(activity.getSystemService(AccessibilityManager::class.java)).sentAccessibilityEvents
            .filter { it.eventType == AccessibilityEvent.TYPE_VIEW_TEXT_CHANGED }.joinToString { "${it.text} ${it.beforeText}" }
        assertTrue(told, "•••• •" in told)
        assertFalse(told, told.any(Char::isDigit))
        val states = SparseArray<android.os.Parcelable>()
        number.saveHierarchyState(states)
        assertEquals(0, states.size())
        val saved = Bundle().apply { putBundle("views", activity.window.saveHierarchyState()) }
        val bytes = android.os.Parcel.obtain().apply { writeBundle(saved) }.marshall()
        assertFalse("4012" in String(bytes, Charsets.UTF_16LE) + String(bytes, 1, bytes.size - 1, Charsets.UTF_16LE))
    }

    @Test
    fun `each field has its keyboard, without corrections or learning`() {
        val secret = InputType.TYPE_CLASS_NUMBER or InputType.TYPE_NUMBER_VARIATION_PASSWORD
        assertEquals(listOf(secret, secret), listOf(number.inputType, code.inputType))
        assertEquals(0, holder.inputType and InputType.TYPE_TEXT_FLAG_AUTO_CORRECT)
        assertNotEquals(0, holder.inputType and InputType.TYPE_TEXT_FLAG_NO_SUGGESTIONS)
        for (field in listOf(number, expiry, code, holder)) {
            val editor = EditorInfo().also { field.onCreateInputConnection(it) }
            assertNotEquals(0, editor.imeOptions and 0x1000000)
        }
        assertEquals(View.TEXT_DIRECTION_LTR, number.textDirection)
    }

    @Test
    fun `what is wrong is said once the field is left`() {
        type(number, "4111111111111112")
        assertNull(number.error)
        expiry.requestFocus()
        assertEquals("Please check the number for a typing mistake.", number.error.toString())
        number.requestFocus()
        assertNull(number.error)
        assertFalse(expiry.check())
        assertEquals("Please fill this in.", expiry.error.toString())
    }

    @Test
    fun `the same form is shown by the fields of the next activity`() {
        type(number, "401288")
        val next = CardNumberEditText(activity).apply { bind(form) }
        assertEquals(6, shown(next).count { it != ' ' })
        form.wipe()
        next.refresh()
        assertEquals("", shown(next))
        assertEquals(Validity.Empty, next.validity)
    }

    @Test
    fun `a form with two names has two fields for them`() = CardForm(HolderFields.FIRST_AND_LAST_NAME).use { names ->
        val first = HolderEditText(activity).apply { bindName(names, CardField.FIRST_NAME) {} }
        first.setText("Ada")
        assertEquals(Validity.Valid, names.state(CardField.FIRST_NAME).validity)
        assertTrue(runCatching { first.bindName(names, CardField.NUMBER) {} }.exceptionOrNull() is IllegalArgumentException)
    }
}
