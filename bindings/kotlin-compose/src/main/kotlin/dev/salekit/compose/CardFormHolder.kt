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
 * A [CardForm] that Compose observes: the fields of this package show and edit it. Use it on the main thread.
 *
 * Keep it in a view model, so that a half-typed card survives a rotation; it is wiped with that view model. Either
 * write `class Checkout(val card: CardFormHolder = CardFormHolder()) : ViewModel(card)`, or use [CardFormModel] for a
 * screen without a view model of its own. Nothing of it is in a saved instance state: after the process was killed the
 * fields are empty.
 *
 * @param holder which names the form asks for
 */
@Stable
public class CardFormHolder(holder: HolderFields = HolderFields.PRINTED_NAME) : AutoCloseable {
    /**
     * The form itself, for `SaleRequest`. Call [refresh] after an edit that does not come from a field, and after a
     * sale has taken the card.
     */
    public val form: CardForm = CardForm(holder)

    internal val entries: Map<CardField, Entry> = form.fields.associateWith { Entry(form.state(it)) }

    /** Whether all fields are valid, so that a sale can be started. */
    public var isComplete: Boolean by mutableStateOf(false)
        private set

    /** What the number typed so far says about the card. */
    public var hints: CardHints by mutableStateOf(form.hints)
        private set

    private var isClosed = false

    /** How complete and valid [field] is. Contains nothing of what is typed in it. */
    public fun validity(field: CardField): Validity = entries.getValue(field).state.validity

    /**
     * Shows what is missing or wrong in every field, also in fields that never had the focus. Returns true if nothing
     * is.
     */
    public fun check(): Boolean {
        for (entry in entries.values) entry.isChecked = true
        return isComplete
    }

    /** Reads the form again. Call it after a sale has taken the card, or after the app has edited the form itself. */
    public fun refresh() {
        if (isClosed) return
        for ((field, entry) in entries) entry.show(form.state(field))
        isComplete = form.missing.isEmpty()
        hints = form.hints
    }

    /** Empties and wipes all fields, and removes their errors. */
    public fun wipe() {
        if (isClosed) return
        form.wipe()
        for (entry in entries.values) {
            entry.wasLeft = false
            entry.isChecked = false
        }
        refresh()
    }

    /**
     * Hides what is shown of a number that is being typed, until the next keystroke. [CardEntry] calls it when the app
     * is paused.
     */
    public fun conceal() {
        if (isClosed) return
        form.conceal()
        refresh()
    }

    /** Wipes and closes the form. A view model that was constructed with this holder calls it. */
    override fun close() {
        if (isClosed) return
        isClosed = true
        form.close()
        for (entry in entries.values) entry.text.show("", 0)
    }

    override fun toString(): String = "CardFormHolder(…)"

    /** Makes an edit for a text field that shows the result itself; `null` if the form refuses the edit. */
    internal fun edit(field: CardField, change: CardForm.() -> FieldState): FieldState? {
        if (isClosed) return null
        val entry = entries.getValue(field)
        val next = try {
            form.change()
        } catch (_: SaleKitException.InvalidInput) {
            return null
        }
        val wasComplete = entry.state.isComplete()
        // The brand determines how long the security code is.
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

/** Keeps a [CardFormHolder] for a screen without a view model of its own: `by viewModels<CardFormModel>()`. */
public class CardFormModel(
    /** The form. */
    public val card: CardFormHolder,
) : ViewModel(card) {
    public constructor() : this(CardFormHolder())
}

/** One field's text as the form wants it shown, and the field's history. */
internal class Entry(first: FieldState) {
    /** Kept here, because Compose would save it where others can read it. */
    val text = TextFieldState(first.display)

    var state by mutableStateOf(first)
    var isFocused by mutableStateOf(false)
    var wasLeft by mutableStateOf(false)

    /** Whether the app called [CardFormHolder.check]. */
    var isChecked by mutableStateOf(false)

    /** How often typing has made the field valid. Each time, the focus moves to the next field. */
    var completions by mutableIntStateOf(0)

    /** What is wrong, if it should be shown now: when the focus is elsewhere. */
    val problem: Validity?
        get() = when {
            // After an attempt to pay, an empty field is marked even while it has the focus.
            state.validity == Validity.Empty -> state.validity.takeIf { isChecked }
            isFocused -> null
            state.validity is Validity.Incomplete || state.validity is Validity.Invalid -> state.validity.takeIf { wasLeft || isChecked }
            else -> null
        }

    fun show(next: FieldState) {
        state = next
        text.show(next.display, next.caret)
    }

    /** Shows the form's text again, whatever changed the field's text, for example the text field's own undo. */
    fun reconcile() = show(state)
}

/** Whether no more input can follow. A name is never complete: one letter of it is already valid. */
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
    // Otherwise undo could restore what was typed and bypass the form.
    undoState.clearHistory()
}
