package dev.salekit.sample

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Card
import androidx.compose.material3.CardDefaults
import androidx.compose.material3.HorizontalDivider
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.unit.dp
import dev.salekit.compose.CardEntry
import dev.salekit.compose.CardFormHolder

/** The basket, and the card it is paid with. */
@Composable
fun CheckoutScreen(checkout: Checkout, card: CardFormHolder, pay: () -> Unit) = Page {
    Basket(checkout.order)
    Heading(stringResource(R.string.card))
    CardEntry(card, Modifier.fillMaxWidth(), onDone = pay)
    Refusal(checkout.refusal)
    // Never disabled: it tells what is missing.
    WideButton(stringResource(R.string.pay, shown(checkout.order.total)), onClick = pay)
}

@Composable
internal fun Basket(order: Order) {
    Card(Modifier.fillMaxWidth(), colors = CardDefaults.cardColors(MaterialTheme.colorScheme.surfaceContainerLow)) {
        Column(Modifier.padding(16.dp), Arrangement.spacedBy(8.dp)) {
            Text(stringResource(R.string.order, "\u2066${order.number}\u2069"), style = MaterialTheme.typography.labelLarge)
            for (line in order.lines) Amount(stringResource(line.name), shown(line.price), MaterialTheme.typography.bodyLarge)
            HorizontalDivider()
            Amount(stringResource(R.string.total), shown(order.total), MaterialTheme.typography.titleLarge)
        }
    }
}

/** A word on one side and a value on the other; the word gives way when the text is large. */
@Composable
internal fun Amount(what: String, value: String, style: TextStyle) {
    Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(12.dp)) {
        Text(what, Modifier.weight(1f), style = style)
        Text(value, style = style)
    }
}

@Composable
internal fun Heading(text: String) {
    Text(text, Modifier.semantics { heading() }, style = MaterialTheme.typography.titleMedium)
}

@Composable
internal fun Refusal(sentence: String?) {
    if (sentence != null) Text(sentence, color = MaterialTheme.colorScheme.error)
}
