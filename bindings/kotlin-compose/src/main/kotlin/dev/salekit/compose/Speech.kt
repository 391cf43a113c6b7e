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
 * What accessibility services, autofill and tests get from a field: the brand and the error, and never a digit of the
 * number or the security code. Put it before the text field's own modifiers, which expose more.
 */
internal fun Modifier.spoken(entry: Entry, problem: String?, brandName: String): Modifier = semantics {
    contentType = contentTypeOf(entry.state.field)
    if (brandName.isNotEmpty()) stateDescription = brandName
    problem?.let(::error)
    if (isSecret(entry.state.field)) mute(entry.text.text)
}

/** The same text with a bullet in place of each character; spaces stay. */
internal fun SemanticsPropertyReceiver.mute(text: CharSequence) {
    val muted = AnnotatedString(String(CharArray(text.length) { if (text[it] == ' ') ' ' else '•' }))
    editableText = muted
    inputText = muted
    FillableData.createFromText(muted)?.let { fillableData = it }
    // The text layout contains the text, so it is not exposed.
    getTextLayoutResult { false }
    isSensitiveData = true
}

/** Tells autofill services what to fill in: `AUTOFILL_HINT_CREDIT_CARD_…` of Android. */
internal fun contentTypeOf(field: CardField): ContentType = when (field) {
    CardField.NUMBER -> ContentType.CreditCardNumber
    CardField.EXPIRY -> ContentType.CreditCardExpirationDate
    CardField.SECURITY_CODE -> ContentType.CreditCardSecurityCode
    CardField.FIRST_NAME -> ContentType.PersonFirstName
    CardField.LAST_NAME -> ContentType.PersonLastName
    CardField.PRINTED_NAME -> ContentType.PersonFullName
}
