package dev.salekit.sample

import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import dev.salekit.SaleState

/** A sale that is under way, state by state. There is nothing to pay with here. */
@Composable
fun PendingScreen(sale: ShownSale, openPage: () -> Unit, stop: () -> Unit) = Page {
    if (sale.isEarlier) Heading(stringResource(R.string.earlier))
    Text(shown(sale.amount), style = MaterialTheme.typography.displaySmall)
    LinearProgressIndicator(Modifier.fillMaxWidth())
    val state = sale.state
    // Read out as it changes.
    Text(stringResource(words(state)), Modifier.semantics { liveRegion = LiveRegionMode.Polite }, style = MaterialTheme.typography.titleMedium)
    if (state is SaleState.Challenge) {
        Text(stringResource(if (state.isOpen) R.string.state_challenge_open else R.string.state_challenge_closed))
        WideButton(stringResource(R.string.open_page), onClick = openPage)
    } else if (state is SaleState.Recovering) {
        Text(stringResource(R.string.do_not_pay_again))
    }
    TextButton(stop, Modifier.fillMaxWidth()) { Text(stringResource(R.string.stop)) }
}

private fun words(state: SaleState): Int = when (state) {
    is SaleState.Initiating -> R.string.state_initiating
    is SaleState.Performing -> R.string.state_performing
    is SaleState.Recovering -> R.string.state_recovering
    is SaleState.Challenge -> R.string.state_challenge
    else -> R.string.state_processing
}
