package dev.salekit.compose

import androidx.compose.foundation.text.input.InputTransformation
import androidx.compose.foundation.text.input.TextFieldBuffer
import androidx.compose.foundation.text.input.TextFieldState
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.Stable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableIntStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.runtime.snapshotFlow
import androidx.compose.ui.Modifier
import androidx.compose.ui.autofill.ContentType
import androidx.compose.ui.semantics.contentType
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextRange
import androidx.compose.ui.text.input.ImeAction
import dev.salekit.CardField
import dev.salekit.StoredCard
import dev.salekit.StoredCardPayment

/**
 * The security code for a sale with a [StoredCard], while it is typed. The digits are kept apart from the text field,
 * which contains bullets only. They are wiped by [payment], [wipe] and [close]. Keep it in a view model, like
 * [CardFormHolder].
 */
@Stable
public class StoredCardCode : AutoCloseable {
    private val digits = ByteArray(LONGEST)
    private var length by mutableIntStateOf(0)

    internal val text = TextFieldState()

    /** Whether it has three or four digits, as a security code has. */
    public val isComplete: Boolean get() = length >= SHORTEST

    /**
     * [card] with this code as the source of a sale, or `null` if the code is not complete. If it is complete, the code
     * is empty afterwards.
     */
    public fun payment(card: StoredCard): StoredCardPayment? {
        if (!isComplete) return null
        val payment = card.withSecurityCode(digits.copyOf(length))
        wipe()
        return payment
    }

    /** Empties and wipes the code. */
    public fun wipe() {
        digits.fill(0)
        length = 0
        reconcile()
    }

    /** Calls [wipe]. A view model that was constructed with this object calls it. */
    override fun close(): Unit = wipe()

    override fun toString(): String = "StoredCardCode(…)"

    internal fun reconcile() {
        if (text.text.length != length || text.text.any { it != BULLET }) text.edit { replace(0, this.length, shown()) }
        text.undoState.clearHistory()
    }

    internal val edits = object : InputTransformation {
        override fun TextFieldBuffer.transformInput() {
            val change = change() ?: return
            val typed = utf8(asCharSequence(), change.typedStart, change.typedEnd)
            val isTaken = put(change.start, change.end, typed)
            typed.fill(0)
            if (!isTaken) {
                revertAllChanges()
                return
            }
            replace(0, length, shown())
            selection = TextRange(change.start + typed.size)
        }
    }

    private fun put(start: Int, end: Int, typed: ByteArray): Boolean {
        val next = length - (end - start) + typed.size
        if (next > LONGEST || typed.any { it !in '0'.code..'9'.code }) return false
        digits.copyInto(digits, start + typed.size, end, length)
        typed.copyInto(digits, start)
        digits.fill(0, next)
        length = next
        return true
    }

    private fun shown() = BULLET.toString().repeat(length)

    private companion object {
        const val SHORTEST = 3
        const val LONGEST = 4
        const val BULLET = '•'
    }
}

/** The field for a stored card's security code: the cardholder enters only this again. */
@Composable
public fun StoredCardCodeField(code: StoredCardCode, modifier: Modifier = Modifier, enabled: Boolean = true, onDone: () -> Unit = {}) {
    LaunchedEffect(code) { snapshotFlow { code.text.text.toString() }.collect { code.reconcile() } }
    PlainField(
        text = code.text,
        isSecret = true,
        modifier = modifier.semantics {
            contentType = ContentType.CreditCardSecurityCode
            mute(code.text.text)
        },
        enabled = enabled,
        label = CardField.SECURITY_CODE.displayMessage(currentLocale()),
        hint = codeHint(3),
        problem = null,
        edits = remember(code) { code.edits },
        keyboard = keyboard(CardField.SECURITY_CODE, ImeAction.Done),
        trailing = null,
        onAction = { onDone() },
    )
}
