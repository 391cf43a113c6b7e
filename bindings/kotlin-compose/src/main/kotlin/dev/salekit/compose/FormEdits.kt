package dev.salekit.compose

import androidx.compose.foundation.text.input.InputTransformation
import androidx.compose.foundation.text.input.TextFieldBuffer
import androidx.compose.ui.text.TextRange
import dev.salekit.CardField
import dev.salekit.FieldState
import java.nio.ByteBuffer
import java.nio.CharBuffer

/**
 * Passes input from a text field's keyboard, clipboard and autofill to the form as edits, and shows the form's result.
 */
internal class FormEdits(private val card: CardFormHolder, private val field: CardField) : InputTransformation {
    override fun TextFieldBuffer.transformInput() {
        val change = change() ?: return
        val next = card.edit(field) {
            val text = utf8(asCharSequence(), change.typedStart, change.typedEnd)
            when {
                text.isNotEmpty() -> replace(field, change.start, change.end, text)
                change.isForward -> deleteForward(field, change.start, change.end)
                else -> delete(field, change.start, change.end)
            }
        }
        if (next == null) revertAllChanges() else show(next)
    }

    private fun TextFieldBuffer.show(next: FieldState) {
        // Do not replace a text that is already right: that would end what an input method is composing.
        if (!asCharSequence().contentEquals(next.display)) replace(0, length, next.display)
        selection = TextRange(next.caret)
    }
}

/**
 * One change of a text field. The text from [start] to before [end] was replaced by the new text from [typedStart] to
 * before [typedEnd].
 */
internal data class Change(val start: Int, val end: Int, val typedStart: Int, val typedEnd: Int, val isForward: Boolean)

/** All changes of this buffer as one, or `null` if there is none. */
internal fun TextFieldBuffer.change(): Change? {
    if (changes.changeCount == 0) return null
    var start = Int.MAX_VALUE
    var end = 0
    var typedStart = Int.MAX_VALUE
    var typedEnd = 0
    for (index in 0 until changes.changeCount) {
        val before = changes.getOriginalRange(index)
        val now = changes.getRange(index)
        start = minOf(start, before.min)
        end = maxOf(end, before.max)
        typedStart = minOf(typedStart, now.min)
        typedEnd = maxOf(typedEnd, now.max)
    }
    val text = asCharSequence()
    // An input method that composes a word sends the whole word again for each letter, and only its end is new. A text
    // that replaces a different one was pasted or filled in, and stays whole.
    var old = start
    var new = typedStart
    while (old < end && new < typedEnd) {
        when {
            originalText[old] == text[new] -> new++
            // The form inserted this separator, and the input method does not know of it.
            originalText[old] !in SEPARATORS -> break
        }
        old++
    }
    if (typedStart < typedEnd && (old == end || new == typedEnd)) {
        start = old
        typedStart = new
    }
    if (start == end && typedStart == typedEnd) return null
    val isForward = originalSelection.collapsed && originalSelection.start == start
    return Change(start, end, typedStart, typedEnd, isForward)
}

private const val SEPARATORS = " /"

/** Part of a text as bytes, which the form wipes. The copies made here are wiped too. */
internal fun utf8(text: CharSequence, start: Int, end: Int): ByteArray {
    val characters = CharArray(end - start) { text[start + it] }
    val encoded: ByteBuffer = Charsets.UTF_8.encode(CharBuffer.wrap(characters))
    val bytes = ByteArray(encoded.remaining())
    encoded.get(bytes)
    encoded.array().fill(0)
    characters.fill('\u0000')
    return bytes
}
