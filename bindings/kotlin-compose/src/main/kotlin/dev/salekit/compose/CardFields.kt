package dev.salekit.compose

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.unit.dp
import dev.salekit.CardBrand
import dev.salekit.CardField

/**
 * The field for the card number, with the brand's mark. Its text cannot be copied, and accessibility services speak
 * none of it.
 *
 * All fields of this package show the form's text and report focus changes to the form. They move the focus to the next
 * field when they are complete, show an error after the cardholder leaves them, and keep digits from left to right in
 * every layout.
 *
 * @param card the form
 * @param enabled whether it can be edited
 * @param onDone makes the keyboard's action key "done", and is called for it. Without it the key moves the focus to the
 *   next field.
 */
@Composable
public fun CardNumberField(card: CardFormHolder, modifier: Modifier = Modifier, enabled: Boolean = true, onDone: (() -> Unit)? = null) {
    val brandName = card.hints.brandName
    CardTextField(card, CardField.NUMBER, modifier, enabled, numberHint(card.hints.brand), { BrandMark(brandName) }, onDone)
}

/** The field for the expiry: month and year. See [CardNumberField]. */
@Composable
public fun ExpiryField(card: CardFormHolder, modifier: Modifier = Modifier, enabled: Boolean = true, onDone: (() -> Unit)? = null) {
    CardTextField(card, CardField.EXPIRY, modifier, enabled, expiryHint(currentLocale()), null, onDone)
}

/** The field for the security code, which is never shown. See [CardNumberField]. */
@Composable
public fun SecurityCodeField(card: CardFormHolder, modifier: Modifier = Modifier, enabled: Boolean = true, onDone: (() -> Unit)? = null) {
    CardTextField(card, CardField.SECURITY_CODE, modifier, enabled, codeHint(card.hints.longestSecurityCode), null, onDone)
}

/**
 * The field for the cardholder's name, or the two for first and last name, as the form requires. See [CardNumberField].
 */
@Composable
public fun HolderField(card: CardFormHolder, modifier: Modifier = Modifier, enabled: Boolean = true, onDone: (() -> Unit)? = null) {
    val names = card.form.fields.filter { it !in DIGITS }
    Column(modifier, Arrangement.spacedBy(8.dp)) {
        for (name in names) {
            CardTextField(card, name, Modifier.fillMaxWidth(), enabled, null, null, onDone.takeIf { name == names.last() })
        }
    }
}

private fun numberHint(brand: CardBrand): String = if (brand == CardBrand.AMEX) "1234 123456 12345" else "1234 1234 1234 1234"

internal fun codeHint(length: Int): String = "1234".take(length)
