package dev.salekit

import dev.salekit.ffi.CardForm as FfiCardForm

/**
 * A card while it is typed: what a card-entry screen works on.
 *
 * There is no call that reads the number. [FieldState.display] shows it while the cardholder types it (see [Masking]),
 * and later only the first six and the last four digits of a complete number. Report focus changes with [focusGained]
 * and [focusLost]. Digits of any script are digits. No property and no [toString] contains card data. Positions count
 * UTF-16 code units of the text shown. A refused edit throws [SaleKitException.InvalidInput] and changes nothing. All
 * that was typed is wiped when the card goes into a sale, and by [close].
 *
 * Texts are passed as bytes, which are wiped after the call. Kotlin's strings cannot be wiped: do not put card data
 * into one.
 *
 * @param holder which names the form asks for
 */
public class CardForm @JvmOverloads constructor(holder: HolderFields = HolderFields.PRINTED_NAME) :
    SourceOfFunds,
    AutoCloseable {
    // Created at its first use: an app's unit tests pass forms to a fake client, and there the native library is
    // missing.
    private val made = lazy {
        check(!isReleased) { "the form is closed" }
        bridged { FfiCardForm(holder.toFfi()) }
    }

    @Volatile
    private var isReleased = false

    @get:JvmSynthetic
    internal val ffi: FfiCardForm by made

    /** The fields of this form, in the order in which they are asked for. */
    public val fields: List<CardField> get() = bridged { ffi.fields().map { it.toPublic() } }

    /** The fields that are not valid yet. If there are none, a sale can be started. */
    public val missing: List<CardField> get() = bridged { ffi.missing().map { it.toPublic() } }

    /** What the number typed so far says about the card. */
    public val hints: CardHints get() = bridged { ffi.hints().toPublic() }

    /** What to show in [field] now, with the caret at its end. */
    public fun state(field: CardField): FieldState = bridged { ffi.state(field.toFfi()).toPublic() }

    /** Types [key], a Unicode code point, at [position]. */
    @Throws(SaleKitException::class)
    public fun insert(field: CardField, position: Int, key: Int): FieldState =
        bridged { ffi.insert(field.toFfi(), position.toUInt(), key.toUInt()).toPublic() }

    /** Deletes from [start] to before [end], as backspace does. At a separator it deletes the digit before it. */
    @Throws(SaleKitException::class)
    public fun delete(field: CardField, start: Int, end: Int): FieldState =
        bridged { ffi.delete(field.toFfi(), start.toUInt(), end.toUInt()).toPublic() }

    /**
     * Deletes from [start] to before [end], as the key does that deletes behind the caret. At a separator it deletes
     * the digit behind it.
     *
     * Text fields report the same range for both keys. Before backspace the caret was at [end], before this key at
     * [start].
     */
    @Throws(SaleKitException::class)
    public fun deleteForward(field: CardField, start: Int, end: Int): FieldState =
        bridged { ffi.deleteForward(field.toFfi(), start.toUInt(), end.toUInt()).toPublic() }

    /**
     * Replaces the text from [start] to before [end] with [text] (UTF-8), and wipes [text]. More than one character
     * that replaces the whole text counts as pasted.
     */
    @Throws(SaleKitException::class)
    public fun replace(field: CardField, start: Int, end: Int, text: ByteArray): FieldState =
        lending(text) { bridged { ffi.replace(field.toFfi(), start.toUInt(), end.toUInt(), it).toPublic() } }

    /**
     * Replaces the whole text with [text] (UTF-8), as pasting and autofill do, and wipes [text]. A text that does not
     * fit is refused as a whole. The field counts as left: SaleKit expects no more input in it.
     */
    @Throws(SaleKitException::class)
    public fun paste(field: CardField, text: ByteArray): FieldState =
        lending(text) { bridged { ffi.paste(field.toFfi(), it).toPublic() } }

    /**
     * The cardholder came to [field]: what was typed of the number is shown again, unless it was complete. An edit has
     * the same effect.
     */
    public fun focusGained(field: CardField): FieldState = bridged { ffi.focusGained(field.toFfi()).toPublic() }

    /** The cardholder left [field]: the number is masked, and SaleKit expects no more input in the field. */
    public fun focusLost(field: CardField): FieldState = bridged { ffi.focusLost(field.toFfi()).toPublic() }

    /** Empties [field]. */
    public fun clear(field: CardField): FieldState = bridged { ffi.clear(field.toFfi()).toPublic() }

    /** Shows more or less of the number from now on. */
    public fun setMasking(masking: Masking): Unit = bridged { ffi.setMasking(masking.toFfi()) }

    /**
     * Hides what is shown of a number that is being typed, until the next keystroke. Call it from a timer, or when the
     * app leaves the foreground.
     */
    public fun conceal(): Unit = bridged { ffi.conceal() }

    /** Empties and wipes all fields. */
    public fun wipe(): Unit = bridged { ffi.wipe() }

    /** Wipes all fields and releases the form. Later calls to it throw [IllegalStateException]. May be called twice. */
    @Synchronized
    override fun close() {
        isReleased = true
        if (made.isInitialized() && !ffi.uniffiIsDestroyed) {
            bridged { ffi.wipe() }
            ffi.close()
        }
    }

    override fun toString(): String = "CardForm(…)"
}
