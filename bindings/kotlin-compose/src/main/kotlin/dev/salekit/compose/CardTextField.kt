package dev.salekit.compose

import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.foundation.text.input.InputTransformation
import androidx.compose.foundation.text.input.KeyboardActionHandler
import androidx.compose.foundation.text.input.TextFieldLineLimits
import androidx.compose.foundation.text.input.TextFieldState
import androidx.compose.foundation.text.input.TextObfuscationMode
import androidx.compose.material3.LocalTextStyle
import androidx.compose.material3.OutlinedSecureTextField
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableIntStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.runtime.snapshotFlow
import androidx.compose.ui.Modifier
import androidx.compose.ui.focus.FocusDirection
import androidx.compose.ui.focus.onFocusChanged
import androidx.compose.ui.platform.LocalConfiguration
import androidx.compose.ui.platform.LocalFocusManager
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.text.input.KeyboardCapitalization
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.unit.LayoutDirection
import dev.salekit.CardField
import java.util.Locale

/** The field behind all fields of this package: it shows a form's field and its error. */
@Composable
internal fun CardTextField(
    card: CardFormHolder,
    field: CardField,
    modifier: Modifier,
    enabled: Boolean,
    hint: String?,
    trailing: @Composable (() -> Unit)?,
    onDone: (() -> Unit)?,
) {
    val entry = card.entries.getValue(field)
    val locale = currentLocale()
    val focus = LocalFocusManager.current
    val problem = entry.problem?.displayMessage(locale)
    GoOn(entry) { focus.moveFocus(FocusDirection.Next) }
    LaunchedEffect(entry) { snapshotFlow { entry.text.text.toString() }.collect { entry.reconcile() } }
    LaunchedEffect(card) { card.refresh() }
    PlainField(
        text = entry.text,
        isSecret = isSecret(field),
        modifier = modifier
            .onFocusChanged { card.focusChanged(field, it.isFocused) }
            .spoken(entry, problem, if (field == CardField.NUMBER) card.hints.brandName else ""),
        enabled = enabled,
        label = field.displayMessage(locale),
        hint = hint,
        problem = problem,
        edits = remember(card, field) { FormEdits(card, field) },
        keyboard = keyboard(field, if (onDone == null) ImeAction.Next else ImeAction.Done),
        trailing = trailing,
        onAction = { if (onDone == null) focus.moveFocus(FocusDirection.Next) else onDone() },
    )
}

/** Calls [next] when typing has completed the field, and not when a screen with a complete field is shown again. */
@Composable
private fun GoOn(entry: Entry, next: () -> Unit) {
    var seen by remember(entry) { mutableIntStateOf(entry.completions) }
    LaunchedEffect(entry, entry.completions) {
        if (entry.completions > seen && entry.isFocused) next()
        seen = entry.completions
    }
}

/**
 * Material's text field, adapted for card data. A secret field is Material's password field with its text shown. Its
 * text cannot be copied, cut or dragged, keyboards do not learn from it, and accessibility services speak none of it.
 */
@Composable
internal fun PlainField(
    text: TextFieldState,
    isSecret: Boolean,
    modifier: Modifier,
    enabled: Boolean,
    label: String,
    hint: String?,
    problem: String?,
    edits: InputTransformation,
    keyboard: KeyboardOptions,
    trailing: @Composable (() -> Unit)?,
    onAction: KeyboardActionHandler,
) {
    val style = if (keyboard.keyboardType == KeyboardType.Text) LocalTextStyle.current else leftToRight()
    val placeholder: @Composable (() -> Unit)? = hint?.let { { Text(it, style = style) } }
    val supporting: @Composable (() -> Unit)? = problem?.let { { Text(it) } }
    if (isSecret) {
        OutlinedSecureTextField(
            state = text,
            modifier = modifier,
            enabled = enabled,
            textStyle = style,
            label = { Text(label) },
            placeholder = placeholder,
            trailingIcon = trailing,
            supportingText = supporting,
            isError = problem != null,
            inputTransformation = edits,
            // The form has already masked what must not be seen.
            textObfuscationMode = TextObfuscationMode.Visible,
            keyboardOptions = keyboard,
            onKeyboardAction = onAction,
        )
    } else {
        OutlinedTextField(
            state = text,
            modifier = modifier,
            enabled = enabled,
            textStyle = style,
            label = { Text(label) },
            placeholder = placeholder,
            trailingIcon = trailing,
            supportingText = supporting,
            isError = problem != null,
            inputTransformation = edits,
            keyboardOptions = keyboard,
            onKeyboardAction = onAction,
            lineLimits = TextFieldLineLimits.SingleLine,
        )
    }
}

/**
 * Digits are read from left to right in every language. Bullets have no direction of their own, and a right-to-left
 * layout would reverse them.
 */
@Composable
private fun leftToRight(): TextStyle = LocalTextStyle.current.copy(
    textDirection = TextDirection.Ltr,
    textAlign = if (LocalLayoutDirection.current == LayoutDirection.Rtl) TextAlign.Right else TextAlign.Left,
)

internal fun isSecret(field: CardField): Boolean = field == CardField.NUMBER || field == CardField.SECURITY_CODE

/**
 * No field has autocorrection. A keyboard for numeric passwords does not learn, and offers nothing from the clipboard.
 */
internal fun keyboard(field: CardField, action: ImeAction): KeyboardOptions = when (field) {
    CardField.NUMBER, CardField.SECURITY_CODE ->
        KeyboardOptions(autoCorrectEnabled = false, keyboardType = KeyboardType.NumberPassword, imeAction = action)
    CardField.EXPIRY -> KeyboardOptions(autoCorrectEnabled = false, keyboardType = KeyboardType.Number, imeAction = action)
    else -> KeyboardOptions(KeyboardCapitalization.Characters, autoCorrectEnabled = false, keyboardType = KeyboardType.Text, imeAction = action)
}

@Composable
internal fun currentLocale(): Locale = LocalConfiguration.current.locales[0]
