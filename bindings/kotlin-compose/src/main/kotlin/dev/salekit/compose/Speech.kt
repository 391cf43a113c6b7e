package dev.salekit.compose

import androidx.compose.ui.Modifier
import androidx.compose.ui.autofill.ContentType
import androidx.compose.ui.autofill.FillableData
import androidx.compose.ui.autofill.createFromText
import androidx.compose.ui.semantics.SemanticsPropertyReceiver
import androidx.compose.ui.semantics.contentType
import androidx.compose.ui.semantics.editableText
import androidx.compose.ui.semantics.error
import androidx.compose.ui.semantics.fillableData
import androidx.compose.ui.semantics.getTextLayoutResult
import androidx.compose.ui.semantics.inputText
import androidx.compose.ui.semantics.isSensitiveData
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.stateDescription
import androidx.compose.ui.text.AnnotatedString
import dev.salekit.CardField

/**
 * What accessibility services, autofill and tests are told of a field: the brand and what is wrong, and never a digit of the
 * number or the code. Must stand before the text field's own modifiers, which say more.
 */
internal fun Modifier.spoken(entry: Entry, problem: String?, brandName: String): Modifier = semantics {
    contentType = contentTypeOf(entry.state.field)
    if (brandName.isNotEmpty()) stateDescription = brandName
    problem?.let(::error)
    if (isSecret(entry.state.field)) mute(entry.text.text)
}

/** The same places, all of them hidden. */
internal fun SemanticsPropertyReceiver.mute(text: CharSequence) {
    val muted = AnnotatedString(String(CharArray(text.length) { if (text[it] == ' ') ' ' else '•' }))
    editableText = muted
    inputText = muted
    FillableData.createFromText(muted)?.let { fillableData = it }
    // The layout holds the text, so it is not given.
    getTextLayoutResult { false }
    isSensitiveData = true
}

/** What autofill services fill in: `AUTOFILL_HINT_CREDIT_CARD_…` of Android. */
internal fun contentTypeOf(field: CardField): ContentType = when (field) {
    CardField.NUMBER -> ContentType.CreditCardNumber
    CardField.EXPIRY -> ContentType.CreditCardExpirationDate
    CardField.SECURITY_CODE -> ContentType.CreditCardSecurityCode
    CardField.FIRST_NAME -> ContentType.PersonFirstName
    CardField.LAST_NAME -> ContentType.PersonLastName
    CardField.PRINTED_NAME -> ContentType.PersonFullName
}
