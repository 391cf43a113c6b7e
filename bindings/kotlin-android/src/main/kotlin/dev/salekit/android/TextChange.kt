package dev.salekit.android

import dev.salekit.CardField
import dev.salekit.CardForm
import dev.salekit.FieldState
import java.nio.CharBuffer

/**
 * One change of a text. The text from [start] to before [end] was replaced by the new text from [typedStart] to before
 * [typedEnd].
 */
internal class TextChange private constructor(
    private val start: Int,
    private val end: Int,
    private val typedStart: Int,
    private val typedEnd: Int,
    private val isForward: Boolean,
) {
    /** Makes the same change to [field] of [form]. */
    fun applyTo(form: CardForm, field: CardField, text: CharSequence): FieldState = when {
        typedStart < typedEnd -> form.replace(field, start, end, utf8(text, typedStart, typedEnd))
        isForward -> form.deleteForward(field, start, end)
        else -> form.delete(field, start, end)
    }

    companion object {
        private const val SEPARATORS = " /"

        /**
         * The change between [before] and [text], or `null` if there is none. [caret] is its position before the
         * change.
         */
        fun of(before: CharSequence, start: Int, end: Int, text: CharSequence, typedStart: Int, typedEnd: Int, caret: Int): TextChange? {
            // An input method that composes a word sends the whole word again for each letter, and only its end is new.
            // A text that replaces a different one was pasted or filled in, and stays whole.
            var old = start
            var new = typedStart
            while (old < end && new < typedEnd) {
                when {
                    before[old] == text[new] -> new++
                    // The form inserted this separator, and the input method does not know of it.
                    before[old] !in SEPARATORS -> break
                }
                old++
            }
            val isComposed = typedStart < typedEnd && (old == end || new == typedEnd)
            val from = if (isComposed) old else start
            val typedFrom = if (isComposed) new else typedStart
            if (from == end && typedFrom == typedEnd) return null
            return TextChange(from, end, typedFrom, typedEnd, isForward = caret == from)
        }

        /** Part of a text as bytes, which the form wipes. The copies made here are wiped too. */
        fun utf8(text: CharSequence, start: Int, end: Int): ByteArray {
            val characters = CharArray(end - start) { text[start + it] }
            val encoded = Charsets.UTF_8.encode(CharBuffer.wrap(characters))
            val bytes = ByteArray(encoded.remaining())
            encoded.get(bytes)
            encoded.array().fill(0)
            characters.fill('\u0000')
            return bytes
        }
    }
}
