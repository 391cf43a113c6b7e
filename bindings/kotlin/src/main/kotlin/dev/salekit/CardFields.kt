package dev.salekit

import java.util.Locale
import dev.salekit.ffi.CardHints as FfiCardHints
import dev.salekit.ffi.FieldState as FfiFieldState
import dev.salekit.ffi.Validity as FfiValidity

/** A field of a [CardForm]. Its [displayMessage] is its label. */
public enum class CardField : Displayable {
    /** The card number. */
    NUMBER,

    /** The expiry: month and year. */
    EXPIRY,

    /** The security code. */
    SECURITY_CODE,

    /** The cardholder's first name. */
    FIRST_NAME,

    /** The cardholder's last name. */
    LAST_NAME,

    /** The cardholder's name as printed on the card. */
    PRINTED_NAME,
    ;

    override val code: String get() = codeOf(this)

    override fun displayMessage(locale: Locale): String = Messages.of("field.$code", locale)
}

/** Which names a form asks for. The protocol takes either. */
public enum class HolderFields {
    /** The name as printed on the card. */
    PRINTED_NAME,

    /** First and last name. */
    FIRST_AND_LAST_NAME,
}

/** How much of the number a form shows. The security code is always hidden, the other fields never. */
public enum class Masking {
    /**
     * The default of a new form. It shows all that was typed until the cardholder leaves the field. From then on it
     * shows only the first six and the last four digits of a complete number, permanently. An incomplete number is
     * shown again when the cardholder comes back. A complete number that was pasted or filled in is masked at once.
     */
    AFTER_EDITING,

    /** While typing, the digit typed last; of a complete number, the first six and the last four digits. */
    MASKED,

    /** Nothing. */
    HIDDEN,
}

/**
 * What to show in a field: the result of every edit. [toString] leaves the text out.
 *
 * @property field the field
 * @property display the text to show: grouped, masked as [Masking] says, and never a digit of the security code. It may
 *   contain the number while that is being typed: show it, and do not keep it.
 * @property caret the caret's position in [display], in UTF-16 code units
 * @property validity how complete and valid the field is
 * @property brand the card's brand, as far as the number shows it
 */
public data class FieldState(
    val field: CardField,
    val display: String,
    val caret: Int,
    val validity: Validity,
    val brand: CardBrand,
) {
    override fun toString(): String = "FieldState(field=$field, validity=$validity, brand=$brand)"
}

/** How complete and valid a field is. */
public sealed interface Validity {
    /** What the payer has to do, in the default locale's language; `null` if the field is acceptable as it is. */
    public val displayMessage: String? get() = displayMessage(Locale.getDefault())

    /** What the payer has to do, in the language of [locale]; `null` if the field is acceptable as it is. */
    public fun displayMessage(locale: Locale): String? = null

    /** The field is empty. */
    public object Empty : Validity {
        override fun displayMessage(locale: Locale): String = Messages.of("validity.empty", locale)

        override fun toString(): String = "Empty"
    }

    /** The input is not valid yet, but may become valid with more characters. */
    public object Incomplete : Validity {
        override fun displayMessage(locale: Locale): String = Messages.of("validity.incomplete", locale)

        override fun toString(): String = "Incomplete"
    }

    /**
     * The input is acceptable, but most likely incomplete: the cardholder is still typing, and most cards have more
     * digits. It becomes [Valid] when the cardholder leaves the field.
     */
    public object Possible : Validity {
        override fun toString(): String = "Possible"
    }

    /** The input is valid. */
    public object Valid : Validity {
        override fun toString(): String = "Valid"
    }

    /**
     * More characters cannot make the input valid. Best shown when the cardholder leaves the field.
     *
     * @property rule a stable code, for example `check_digit`; also the [code]
     * @property detail an English sentence for a developer
     */
    public data class Invalid(val rule: String, val detail: String) : Validity, Displayable {
        override val code: String get() = rule

        override val displayMessage: String get() = displayMessage(Locale.getDefault())

        override fun displayMessage(locale: Locale): String = Messages.ofRule(rule, locale)
    }
}

/**
 * What a number, as far as it is typed, says about its card.
 *
 * @property brand the brand
 * @property brandName the brand's own name, empty if it is not known
 * @property numberLengths how many digits the number can have, ascending
 * @property shortestSecurityCode fewest digits of the security code
 * @property longestSecurityCode most digits of the security code
 * @property securityCodeName what the brand calls its security code, for a label: CVV, CVC, CID
 */
public data class CardHints(
    val brand: CardBrand,
    val brandName: String,
    val numberLengths: List<Int>,
    val shortestSecurityCode: Int,
    val longestSecurityCode: Int,
    val securityCodeName: String,
)

@JvmSynthetic
internal fun FfiFieldState.toPublic(): FieldState =
    FieldState(
        field = field.toPublic(),
        display = display,
        caret = caret.toInt(),
        validity = validity.toPublic(),
        brand = brand.toPublic(),
    )

private fun FfiValidity.toPublic(): Validity = when (this) {
    is FfiValidity.Empty -> Validity.Empty
    is FfiValidity.Incomplete -> Validity.Incomplete
    is FfiValidity.Possible -> Validity.Possible
    is FfiValidity.Valid -> Validity.Valid
    is FfiValidity.Invalid -> Validity.Invalid(rule = rule, detail = detail)
}

@JvmSynthetic
internal fun FfiCardHints.toPublic(): CardHints = CardHints(
    brand = brand.toPublic(),
    brandName = brandName,
    numberLengths = numberLengths.map { it.toInt() },
    shortestSecurityCode = shortestSecurityCode.toInt(),
    longestSecurityCode = longestSecurityCode.toInt(),
    securityCodeName = securityCodeName,
)
