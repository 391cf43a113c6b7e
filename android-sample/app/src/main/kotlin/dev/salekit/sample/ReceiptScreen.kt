package dev.salekit.sample

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.Card
import androidx.compose.material3.CardDefaults
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalConfiguration
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import dev.salekit.Charge
import dev.salekit.SaleOutcome

/** How the sale ended. Only what is not charged can be paid again; what is unknown may be charged, and can only be asked about. */
@Composable
fun ReceiptScreen(
    sale: ShownSale,
    outcome: SaleOutcome,
    refusal: String?,
    next: () -> Unit,
    payAgain: () -> Unit,
    checkAgain: () -> Unit,
) = Page {
    val locale = LocalConfiguration.current.locales[0]
    if (sale.isEarlier) Heading(stringResource(R.string.earlier))
    when (outcome) {
        is SaleOutcome.Approved -> {
            val title = stringResource(if (outcome.amountDiffers) R.string.approved_part else R.string.approved)
            Result(outcome.charge, title, shown(outcome.amountToShow)) {
                if (outcome.amountDiffers) Text(stringResource(R.string.approved_part_note, shown(outcome.requestedAmount)))
            }
            outcome.card?.let { Fact(stringResource(R.string.receipt_card), it.display) }
            outcome.orderId?.let { Fact(stringResource(R.string.receipt_number), it) }
            Fact(stringResource(R.string.receipt_invoice), outcome.invoiceId)
            WideButton(stringResource(R.string.next_order), onClick = next)
        }
        is SaleOutcome.Declined -> {
            Result(outcome.charge, stringResource(R.string.declined), shown(sale.amount)) { Text(outcome.displayMessage(locale)) }
            WideButton(stringResource(R.string.pay_again), onClick = payAgain)
        }
        is SaleOutcome.NotCharged -> {
            Result(outcome.charge, stringResource(R.string.not_charged), shown(sale.amount)) { Text(outcome.displayMessage(locale)) }
            WideButton(stringResource(R.string.pay_again), onClick = payAgain)
        }
        is SaleOutcome.Unknown -> {
            Result(outcome.charge, stringResource(R.string.unknown), shown(sale.amount)) {
                Text(outcome.displayMessage(locale))
                Text(stringResource(R.string.unknown_note))
            }
            Refusal(refusal)
            WideButton(stringResource(R.string.check_again), onClick = checkAgain)
            TextButton(next, Modifier.fillMaxWidth()) { Text(stringResource(R.string.next_order)) }
        }
    }
}

@Composable
private fun Result(charge: Charge, title: String, amount: String, more: @Composable () -> Unit) {
    val colours = MaterialTheme.colorScheme
    val card = when (charge) {
        Charge.CHARGED -> CardDefaults.cardColors(colours.primaryContainer, colours.onPrimaryContainer)
        Charge.NOT_CHARGED -> CardDefaults.cardColors(colours.errorContainer, colours.onErrorContainer)
        Charge.UNKNOWN -> CardDefaults.cardColors(colours.tertiaryContainer, colours.onTertiaryContainer)
    }
    Card(Modifier.fillMaxWidth(), colors = card) {
        Column(Modifier.padding(20.dp), Arrangement.spacedBy(8.dp)) {
            Heading(title)
            Text(amount, style = MaterialTheme.typography.displaySmall)
            more()
        }
    }
}

/** A line of the receipt. Ids are read from left to right in every language. */
@Composable
private fun Fact(name: String, value: String) {
    Column {
        Text(name, style = MaterialTheme.typography.labelMedium, color = MaterialTheme.colorScheme.onSurfaceVariant)
        Text("\u2066$value\u2069")
    }
}
