package dev.salekit.android

import android.content.Context
import android.util.AttributeSet
import dev.salekit.CardField
import dev.salekit.CardForm
import dev.salekit.FieldState

/** The field for the card number. See [CardEditText]. */
public class CardNumberEditText @JvmOverloads constructor(context: Context, attributes: AttributeSet? = null) :
    CardEditText(context, attributes, CardField.NUMBER)

/** The field for the expiry: month and year. See [CardEditText]. */
public class ExpiryEditText @JvmOverloads constructor(context: Context, attributes: AttributeSet? = null) :
    CardEditText(context, attributes, CardField.EXPIRY)

/** The field for the security code, which is never shown. See [CardEditText]. */
public class SecurityCodeEditText @JvmOverloads constructor(context: Context, attributes: AttributeSet? = null) :
    CardEditText(context, attributes, CardField.SECURITY_CODE)

/**
 * The field for the cardholder's name: as printed on the card, unless [bindName] chooses another. See [CardEditText].
 */
public class HolderEditText @JvmOverloads constructor(context: Context, attributes: AttributeSet? = null) :
    CardEditText(context, attributes, CardField.PRINTED_NAME) {
    /** Shows one of the names of a form that asks for two: [CardField.FIRST_NAME] or [CardField.LAST_NAME]. */
    public fun bindName(form: CardForm, name: CardField, onChange: (FieldState) -> Unit) {
        require(name in NAMES) { "$name is no name" }
        bind(form, name, onChange)
    }

    private companion object {
        val NAMES = setOf(CardField.FIRST_NAME, CardField.LAST_NAME, CardField.PRINTED_NAME)
    }
}
