package dev.salekit.android

import android.content.Context
import android.graphics.Rect
import android.os.Build
import android.text.Editable
import android.text.InputFilter
import android.text.InputType
import android.text.SpannableStringBuilder
import android.text.TextWatcher
import android.text.method.PasswordTransformationMethod
import android.util.AttributeSet
import android.view.View
import android.view.ViewStructure
import android.view.accessibility.AccessibilityEvent
import android.view.accessibility.AccessibilityNodeInfo
import android.view.inputmethod.EditorInfo
import android.widget.EditText
import dev.salekit.CardField
import dev.salekit.CardForm
import dev.salekit.FieldState
import dev.salekit.SaleKitException
import dev.salekit.Validity

/**
 * A field of a [CardForm] as a framework view, for apps without Compose. It shows the form's text and passes every edit
 * to the form. Connect it to the form with [bind]; use it on the main thread.
 *
 * Number and security code cannot be copied, cut or dragged out of it. Keyboards do not learn from them, and
 * accessibility services get bullets. Nothing is in a saved instance state: keep the form where it survives a rotation,
 * and [bind] again. Digits go from left to right in every layout. When the field is complete the focus moves to the
 * next one. An error is shown after the cardholder leaves the field. The app closes the form.
 */
public abstract class CardEditText internal constructor(
    context: Context,
    attributes: AttributeSet?,
    private val initial: CardField,
) : EditText(context, attributes) {
    private var form: CardForm? = null
    private var field = initial
    private var onChange: (FieldState) -> Unit = {}
    private var isShowing = false
    private var isReady = false

    init {
        isSaveEnabled = false
        setSingleLine()
        inputType = inputTypeOf(initial)
        imeOptions = imeOptions or EditorInfo.IME_ACTION_NEXT or EditorInfo.IME_FLAG_NO_EXTRACT_UI or NO_PERSONALIZED_LEARNING
        if (isSecret) transformationMethod = Shown
        if (initial in DIGITS) {
            textDirection = View.TEXT_DIRECTION_LTR
            textAlignment = View.TEXT_ALIGNMENT_VIEW_START
        }
        CardAutofill.hint(this, initial)
        setEditableFactory(Unfiltered)
        // This creates the text with that factory.
        setText("", BufferType.EDITABLE)
        addTextChangedListener(Edits())
        isReady = true
    }

    private val isSecret: Boolean get() = initial == CardField.NUMBER || initial == CardField.SECURITY_CODE

    /** How complete and valid the field is; [Validity.Empty] as long as there is no form. */
    public val validity: Validity get() = current()?.validity ?: Validity.Empty

    /**
     * Shows and edits the field of [form].
     *
     * @param onChange is called with the field's state after each edit: read `form.missing` and `form.hints` then
     */
    @JvmOverloads
    public fun bind(form: CardForm, onChange: (FieldState) -> Unit = {}) {
        bind(form, initial, onChange)
    }

    internal fun bind(form: CardForm, field: CardField, onChange: (FieldState) -> Unit) {
        this.form = form
        this.field = field
        this.onChange = onChange
        if (hint.isNullOrEmpty()) hint = field.displayMessage(resources.configuration.locales[0])
        refresh()
    }

    /** Reads the form again. Call it after a sale has taken the card, or after another field has changed. */
    public fun refresh() {
        current()?.let(::show)
    }

    /**
     * Shows what is missing or wrong, also in a field that never had the focus. Returns true if the field is
     * acceptable.
     */
    public fun check(): Boolean {
        val sentence = validity.displayMessage(resources.configuration.locales[0])
        error = sentence
        return sentence == null
    }

    private fun current(): FieldState? = try {
        form?.state(field)
    } catch (_: IllegalStateException) {
        null // The form is closed.
    }

    private fun show(next: FieldState) {
        isShowing = true
        try {
            if (!text.contentEquals(next.display)) text.replace(0, text.length, next.display)
            setSelection(next.caret.coerceAtMost(text.length))
        } finally {
            isShowing = false
        }
    }

    override fun onFocusChanged(focused: Boolean, direction: Int, previouslyFocusedRect: Rect?) {
        super.onFocusChanged(focused, direction, previouslyFocusedRect)
        if (!isReady || current() == null) return
        if (focused) form?.focusGained(field) else form?.focusLost(field)
        // A change of the text removes the error, so the error is set last.
        refresh()
        val now = validity
        error = if (focused || now == Validity.Empty) null else now.displayMessage(resources.configuration.locales[0])
    }

    /** Prevents copying out of a secret field, and undo and redo, which would bypass the form. */
    override fun onTextContextMenuItem(id: Int): Boolean = when (id) {
        android.R.id.undo, android.R.id.redo -> true
        android.R.id.copy, android.R.id.cut, android.R.id.shareText, android.R.id.replaceText -> isSecret || super.onTextContextMenuItem(id)
        else -> super.onTextContextMenuItem(id)
    }

    override fun onInitializeAccessibilityNodeInfo(info: AccessibilityNodeInfo) {
        super.onInitializeAccessibilityNodeInfo(info)
        if (isSecret && text.isNotEmpty()) info.text = muted(text)
    }

    override fun sendAccessibilityEventUnchecked(event: AccessibilityEvent) {
        mute(event)
        super.sendAccessibilityEventUnchecked(event)
    }

    override fun onPopulateAccessibilityEvent(event: AccessibilityEvent) {
        super.onPopulateAccessibilityEvent(event)
        mute(event)
    }

    private fun mute(event: AccessibilityEvent) {
        if (!isSecret) return
        // An empty field speaks its hint.
        if (text.isNotEmpty()) for (at in event.text.indices) event.text[at]?.let { event.text[at] = muted(it) }
        event.beforeText?.let { event.beforeText = muted(it) }
    }

    /** The data that an assistant gets from the screen. */
    override fun onProvideStructure(structure: ViewStructure) {
        super.onProvideStructure(structure)
        if (isSecret) structure.text = muted(text)
    }

    /** Passes changes of the text to the form as edits, and shows the form's result. */
    private inner class Edits : TextWatcher {
        private var before = ""
        private var caret = 0
        private var change: TextChange? = null

        override fun beforeTextChanged(text: CharSequence, start: Int, count: Int, after: Int) {
            if (isShowing) return
            before = text.toString()
            caret = selectionEnd
        }

        override fun onTextChanged(text: CharSequence, start: Int, count: Int, after: Int) {
            if (!isShowing) change = TextChange.of(before, start, start + count, text, start, start + after, caret)
        }

        override fun afterTextChanged(text: Editable) {
            val made = change
            if (isShowing || made == null) return
            change = null
            before = ""
            val form = form ?: return
            val was = current() ?: return
            val next = try {
                made.applyTo(form, field, text)
            } catch (_: SaleKitException.InvalidInput) {
                null
            }
            if (next == null) {
                show(was.copy(caret = caret.coerceIn(0, was.display.length)))
                return
            }
            show(next)
            onChange(next)
            val isComplete = field in DIGITS && next.validity == Validity.Valid && next.caret == next.display.length
            if (isComplete && was.validity != Validity.Valid && isFocused) focusSearch(View.FOCUS_FORWARD)?.requestFocus()
        }
    }

    /** A password field for the system, but its text is shown: the form has already masked what must not be seen. */
    private object Shown : PasswordTransformationMethod() {
        private fun readResolve(): Any = Shown

        override fun getTransformation(source: CharSequence, view: View): CharSequence = source
    }

    /**
     * Texts without filters. A filter for digits would refuse the form's gaps and bullets, and digits of other scripts.
     */
    private object Unfiltered : Editable.Factory() {
        override fun newEditable(source: CharSequence): Editable = object : SpannableStringBuilder(source) {
            override fun setFilters(filters: Array<InputFilter>) = Unit
        }
    }

    private companion object {
        val DIGITS = setOf(CardField.NUMBER, CardField.EXPIRY, CardField.SECURITY_CODE)

        /** `EditorInfo.IME_FLAG_NO_PERSONALIZED_LEARNING`, which API 24 does not define. */
        const val NO_PERSONALIZED_LEARNING = 0x1000000

        fun inputTypeOf(field: CardField): Int = when (field) {
            CardField.NUMBER, CardField.SECURITY_CODE -> InputType.TYPE_CLASS_NUMBER or InputType.TYPE_NUMBER_VARIATION_PASSWORD
            CardField.EXPIRY -> InputType.TYPE_CLASS_DATETIME or InputType.TYPE_DATETIME_VARIATION_DATE
            else -> InputType.TYPE_CLASS_TEXT or InputType.TYPE_TEXT_VARIATION_PERSON_NAME or
                InputType.TYPE_TEXT_FLAG_CAP_CHARACTERS or InputType.TYPE_TEXT_FLAG_NO_SUGGESTIONS
        }

        /** The same text with a bullet in place of each character; spaces stay. */
        fun muted(text: CharSequence) = String(CharArray(text.length) { if (text[it] == ' ') ' ' else '•' })
    }
}

/** Tells autofill services what to fill in. Hints exist since API 26. */
internal object CardAutofill {
    fun hint(view: View, field: CardField) {
        if (Build.VERSION.SDK_INT < 26) return
        val hint = when (field) {
            CardField.NUMBER -> "creditCardNumber"
            CardField.EXPIRY -> "creditCardExpirationDate"
            CardField.SECURITY_CODE -> "creditCardSecurityCode"
            else -> "name"
        }
        try {
            View::class.java.getMethod("setAutofillHints", Array<String>::class.java).invoke(view, arrayOf(hint))
        } catch (_: ReflectiveOperationException) {
            // Without a hint autofill services guess.
        }
    }
}
