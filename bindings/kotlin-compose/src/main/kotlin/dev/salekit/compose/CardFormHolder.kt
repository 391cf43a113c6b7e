package dev.salekit.compose

import androidx.compose.foundation.text.input.TextFieldState
import androidx.compose.runtime.Stable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableIntStateOf
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.text.TextRange
import androidx.lifecycle.ViewModel
import dev.salekit.CardField
import dev.salekit.CardForm
import dev.salekit.CardHints
import dev.salekit.FieldState
import dev.salekit.HolderFields
import dev.salekit.SaleKitException
import dev.salekit.Validity

/**
 * A [CardForm] that Compose observes: what the fields of this package show and edit. Use it on the main thread.
 *
 * It lives in a view model, so that a card that is half typed survives a rotation, and it is wiped with that view model:
 * `class Checkout(val card: CardFormHolder = CardFormHolder()) : ViewModel(card)`, or [CardFormModel] for a screen without
 * one of its own. Nothing of it is in a saved instance state: after the process was killed the fields are empty.
 *
 * @param holder which names the form asks for
 */
@Stable
public class CardFormHolder(holder: HolderFields = HolderFields.PRINTED_NAME) : AutoCloseable {
    /** The form itself, for `SaleRequest`. After an edit that does not come from a field, and after a sale has taken the card, call [refresh]. */
    public val form: CardForm = CardForm(holder)

    internal val entries: Map<CardField, Entry> = form.fields.associateWith { Entry(form.state(it)) }

    /** Whether nothing is missing or wrong: a sale can be started. */
    public var isComplete: Boolean by mutableStateOf(false)
        private set

    /** What the number typed so far tells of the card. */
    public var hints: CardHints by mutableStateOf(form.hints)
        private set

    private var isClosed = false

    /** How far [field] is, without what is typed in it. */
    public fun validity(field: CardField): Validity = entries.getValue(field).state.validity

    /** Shows what is missing or wrong in every field, also in those that nobody has been in. True if nothing is. */
    public fun check(): Boolean {
        for (entry in entries.values) entry.isChecked = true
        return isComplete
    }

    /** Reads the form anew: after a sale has taken the card, or the app has edited the form itself. */
    public fun refresh() {
        if (isClosed) return
        for ((field, entry) in entries) entry.show(form.state(field))
        isComplete = form.missing.isEmpty()
        hints = form.hints
    }

    /** Empties and wipes all fields, and forgets what was wrong with them. */
    public fun wipe() {
        if (isClosed) return
        form.wipe()
        for (entry in entries.values) {
            entry.wasLeft = false
            entry.isChecked = false
        }
        refresh()
    }

    /** Hides what is shown of a number that is being typed, until the next keystroke. [CardEntry] calls it when the app is paused. */
    public fun conceal() {
        if (isClosed) return
        form.conceal()
        refresh()
    }

    /** Wipes and closes the form. A view model that was given this holder calls it. */
    override fun close() {
        if (isClosed) return
        isClosed = true
        form.close()
        for (entry in entries.values) entry.text.show("", 0)
    }

    override fun toString(): String = "CardFormHolder(…)"

    /** Makes an edit for a text field that takes over the answer itself; `null` if the form refuses it. */
    internal fun edit(field: CardField, change: CardForm.() -> FieldState): FieldState? {
        if (isClosed) return null
        val entry = entries.getValue(field)
        val next = try {
            form.change()
        } catch (_: SaleKitException.InvalidInput) {
            return null
        }
        val wasComplete = entry.state.isComplete()
        // The brand decides how long the security code is.
        for ((other, at) in entries) at.state = if (other == field) next else form.state(other)
        isComplete = form.missing.isEmpty()
        hints = form.hints
        if (!wasComplete && next.isComplete()) entry.completions += 1
        return next
    }

    internal fun focusChanged(field: CardField, isFocused: Boolean) {
        val entry = entries.getValue(field)
        if (isClosed || entry.isFocused == isFocused) return
        entry.isFocused = isFocused
        if (isFocused) {
            form.focusGained(field)
        } else {
            entry.wasLeft = true
            form.focusLost(field)
        }
        refresh()
    }
}

/** Has a [CardFormHolder] for a screen without a view model of its own: `by viewModels<CardFormModel>()`. */
public class CardFormModel(
    /** The form. */
    public val card: CardFormHolder,
) : ViewModel(card) {
    public constructor() : this(CardFormHolder())
}

/** One field's text, as the form wants it shown, and what has happened to it. */
internal class Entry(first: FieldState) {
    /** Kept here and not by Compose, which would save it where others can read it. */
    val text = TextFieldState(first.display)

    var state by mutableStateOf(first)
    var isFocused by mutableStateOf(false)
    var wasLeft by mutableStateOf(false)

    /** Whether the app has asked what is missing. */
    var isChecked by mutableStateOf(false)

    /** How often typing has made the field valid: then the cardholder goes on to the next one. */
    var completions by mutableIntStateOf(0)

    /** What is wrong, where it is time to say so: when the cardholder is somewhere else. */
    val problem: Validity?
        get() = when {
            // Who has tried to pay is told of an empty field even while in it.
            state.validity == Validity.Empty -> state.validity.takeIf { isChecked }
            isFocused -> null
            state.validity is Validity.Incomplete || state.validity is Validity.Invalid -> state.validity.takeIf { wasLeft || isChecked }
            else -> null
        }

    fun show(next: FieldState) {
        state = next
        text.show(next.display, next.caret)
    }

    /** The text is the form's, whatever has changed it: a text field's own undo, for one. */
    fun reconcile() = show(state)
}

/** Whether nothing more can be meant to follow. A name never is: one letter of it is valid. */
private fun FieldState.isComplete() = field in DIGITS && validity == Validity.Valid && caret == display.length

/** The fields that every card has. */
internal val DIGITS = setOf(CardField.NUMBER, CardField.EXPIRY, CardField.SECURITY_CODE)

private fun TextFieldState.show(display: String, caret: Int) {
    if (!text.contentEquals(display)) {
        edit {
            replace(0, length, display)
            selection = TextRange(caret)
        }
    }
    // Else what was typed could be had back past the form.
    undoState.clearHistory()
}
