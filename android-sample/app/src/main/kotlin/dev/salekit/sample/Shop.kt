package dev.salekit.sample

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawing
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Button
import androidx.compose.material3.ExperimentalMaterial3Api
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Scaffold
import androidx.compose.material3.Text
import androidx.compose.material3.TopAppBar
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import dev.salekit.Money
import dev.salekit.SaleState

/** Which screen is shown: the one of the sale, if there is one, else the checkout. */
@Composable
fun Shop(checkout: Checkout, model: CheckoutModel) {
    val sale = checkout.sale
    val state = sale?.state
    when {
        state is SaleState.Finished ->
            ReceiptScreen(sale, state.outcome, checkout.refusal, model::next, model::payAgain, model::checkAgain)
        sale != null -> PendingScreen(sale, model::openPage, model::stop)
        checkout.savedCard != null ->
            SavedCardScreen(checkout, checkout.savedCard, model.code, model::payWithSavedCard, model::useAnotherCard)
        else -> CheckoutScreen(checkout, model.card, model::pay)
    }
}

private val Light = lightColorScheme(
    primary = Color(0xFF2E6B4F),
    primaryContainer = Color(0xFFB1F1CE),
    onPrimaryContainer = Color(0xFF002114),
    secondaryContainer = Color(0xFFD1E8D9),
    onSecondaryContainer = Color(0xFF0C1F16),
    tertiaryContainer = Color(0xFFFFDEA6),
    onTertiaryContainer = Color(0xFF271900),
    background = Color(0xFFF8FAF6),
    surface = Color(0xFFF8FAF6),
    surfaceContainerLow = Color(0xFFEFF3ED),
    surfaceContainerHighest = Color(0xFFE1E5DF),
)

private val Dark = darkColorScheme(
    primary = Color(0xFF95D5B2),
    onPrimary = Color(0xFF003825),
    primaryContainer = Color(0xFF115238),
    onPrimaryContainer = Color(0xFFB1F1CE),
    secondaryContainer = Color(0xFF374B40),
    onSecondaryContainer = Color(0xFFD1E8D9),
    tertiaryContainer = Color(0xFF5D4200),
    onTertiaryContainer = Color(0xFFFFDEA6),
    background = Color(0xFF101411),
    surface = Color(0xFF101411),
    surfaceContainerLow = Color(0xFF181D19),
    surfaceContainerHighest = Color(0xFF313632),
)

@Composable
fun ShopTheme(content: @Composable () -> Unit) {
    MaterialTheme(if (isSystemInDarkTheme()) Dark else Light, content = content)
}

/** What all screens have in common: the shop's name, and a column that scrolls and is not wider than is good to read. */
@OptIn(ExperimentalMaterial3Api::class)
@Composable
internal fun Page(title: String = stringResource(R.string.app_name), content: @Composable ColumnScope.() -> Unit) {
    Scaffold(topBar = { TopAppBar({ Text(title) }) }, contentWindowInsets = WindowInsets.safeDrawing) { inner ->
        Column(
            Modifier.fillMaxSize().padding(inner).verticalScroll(rememberScrollState()).padding(horizontal = 16.dp, vertical = 12.dp),
            horizontalAlignment = Alignment.CenterHorizontally,
        ) {
            Column(Modifier.widthIn(max = 480.dp).fillMaxWidth(), Arrangement.spacedBy(16.dp), content = content)
        }
    }
}

@Composable
internal fun WideButton(text: String, enabled: Boolean = true, onClick: () -> Unit) {
    Button(onClick, Modifier.fillMaxWidth().heightIn(min = 52.dp), enabled) { Text(text, style = MaterialTheme.typography.titleMedium) }
}

/** An amount in an isolate of its own, so that no right-to-left text around it turns it round. */
internal fun shown(amount: Money): String = "\u2066$amount\u2069"
