package dev.salekit.sample

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import dev.salekit.StoredCard
import dev.salekit.compose.PreventScreenshots
import dev.salekit.compose.StoredCardCode
import dev.salekit.compose.StoredCardCodeField

/** The basket, and the card that the merchant keeps: only its security code is asked for. */
@Composable
fun SavedCardScreen(checkout: Checkout, card: StoredCard, code: StoredCardCode, pay: () -> Unit, useAnother: () -> Unit) = Page {
    PreventScreenshots()
    Basket(checkout.order)
    Heading(stringResource(R.string.saved_card))
    card.bin?.let { Text(stringResource(R.string.saved_card_bin, "\u2066$it\u2069")) }
    Text(stringResource(R.string.saved_card_note), style = MaterialTheme.typography.bodyMedium)
    StoredCardCodeField(code, Modifier.fillMaxWidth(), onDone = pay)
    Refusal(checkout.refusal)
    WideButton(stringResource(R.string.pay, shown(checkout.order.total)), code.isComplete, pay)
    TextButton(useAnother, Modifier.fillMaxWidth()) { Text(stringResource(R.string.other_card)) }
}
