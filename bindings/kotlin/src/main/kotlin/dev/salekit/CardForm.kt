package dev.salekit

import dev.salekit.ffi.CardForm as FfiCardForm
import dev.salekit.ffi.CardField as FfiCardField
import dev.salekit.ffi.HolderFields as FfiHolderFields
import dev.salekit.ffi.Masking as FfiMasking

/**
 * A card while it is typed: what a card-entry screen works on.
 *
 * What goes in cannot be read out: a digit of the number is shown once, in the answer to its own keystroke; of a complete
 * number the first six and the last four are shown. No property or [toString] holds card data. Positions count UTF-16
 * code units of the text shown. A refused edit throws [SaleKitException.InvalidInput] and changes nothing. All that was
 * typed is wiped when the card goes into a sale, and by [close].
 *
 * Texts cross as bytes that are wiped after the call. Strings on this side of the border cannot be wiped: do not put
 * card data into one.
 *
 * @param holder which names the form asks for
 */
public class CardForm @JvmOverloads constructor(holder: HolderFields = HolderFields.PRINTED_NAME) :
    SourceOfFunds,
    AutoCloseable {
    @get:JvmSynthetic
    internal val ffi: FfiCardForm = bridged { FfiCardForm(holder.mirrored<FfiHolderFields>()) }

    /** The fields of this form, in the order in which they are asked for. */
    public val fields: List<CardField> get() = bridged { ffi.fields().map { it.toPublic() } }

    /** The fields that are not valid yet. With none left a sale can be started. */
    public val missing: List<CardField> get() = bridged { ffi.missing().map { it.toPublic() } }

    /** What the number typed so far tells of the card. */
    public val hints: CardHints get() = bridged { ffi.hints().toPublic() }

    /** What to show in [field] now, with the caret at its end. */
    public fun state(field: CardField): FieldState = bridged { ffi.state(field.mirrored()).toPublic() }

    /** Types [key], a Unicode code point, at [position]. */
    @Throws(SaleKitException::class)
    public fun insert(field: CardField, position: Int, key: Int): FieldState =
        bridged { ffi.insert(field.mirrored(), position.toUInt(), key.toUInt()).toPublic() }

    /** Deletes from [start] to before [end]. A backspace that meets a separator deletes the digit before it. */
    @Throws(SaleKitException::class)
    public fun delete(field: CardField, start: Int, end: Int): FieldState =
        bridged { ffi.delete(field.mirrored(), start.toUInt(), end.toUInt()).toPublic() }

    /** Puts [text] (UTF-8) in the place of what stands from [start] to before [end], and wipes [text]. */
    @Throws(SaleKitException::class)
    public fun replace(field: CardField, start: Int, end: Int, text: ByteArray): FieldState =
        lending(text) { bridged { ffi.replace(field.mirrored(), start.toUInt(), end.toUInt(), it).toPublic() } }

    /**
     * Puts [text] (UTF-8) in the place of all that is there, as pasting and autofill do, and wipes [text]. What does not
     * fit is refused as a whole.
     */
    @Throws(SaleKitException::class)
    public fun paste(field: CardField, text: ByteArray): FieldState =
        lending(text) { bridged { ffi.paste(field.mirrored(), it).toPublic() } }

    /** Empties [field]. */
    public fun clear(field: CardField): FieldState = bridged { ffi.clear(field.mirrored()).toPublic() }

    /** Shows more or less of the number from now on. */
    public fun setMasking(masking: Masking): Unit = bridged { ffi.setMasking(masking.mirrored<FfiMasking>()) }

    /** Hides the digit typed last: for a timer, or an app that leaves the foreground. */
    public fun conceal(): Unit = bridged { ffi.conceal() }

    /** Empties and wipes all fields. */
    public fun wipe(): Unit = bridged { ffi.wipe() }

    /** Wipes all fields and lets go of the form; calls to it throw [IllegalStateException] then. Twice is allowed. */
    @Synchronized
    override fun close() {
        if (!ffi.uniffiIsDestroyed) {
            bridged { ffi.wipe() }
            ffi.close()
        }
    }

    override fun toString(): String = "CardForm(…)"
}

private fun FfiCardField.toPublic(): CardField = mirrored()
