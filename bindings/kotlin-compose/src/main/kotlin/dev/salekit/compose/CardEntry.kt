package dev.salekit.compose

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.unit.dp
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.compose.LifecycleEventEffect

/**
 * All fields of a card. When a field is complete, the focus moves to the next one. With large text each field has its
 * own line. When the app is paused, an incomplete number is hidden, so it is not on the picture that Android keeps for
 * the list of apps.
 *
 * @param card the form
 * @param enabled whether it can be edited
 * @param preventsScreenshots keeps the window out of screenshots, recordings and the list of apps while the fields are
 *   visible
 * @param onDone is called for the keyboard's action key in the last field
 */
@Composable
public fun CardEntry(
    card: CardFormHolder,
    modifier: Modifier = Modifier,
    enabled: Boolean = true,
    preventsScreenshots: Boolean = true,
    onDone: () -> Unit = {},
) {
    LifecycleEventEffect(Lifecycle.Event.ON_PAUSE) { card.conceal() }
    if (preventsScreenshots) PreventScreenshots()
    Column(modifier, Arrangement.spacedBy(8.dp)) {
        CardNumberField(card, Modifier.fillMaxWidth(), enabled)
        if (LocalDensity.current.fontScale > LARGE) {
            ExpiryField(card, Modifier.fillMaxWidth(), enabled)
            SecurityCodeField(card, Modifier.fillMaxWidth(), enabled)
        } else {
            Row(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
                ExpiryField(card, Modifier.weight(1f), enabled)
                SecurityCodeField(card, Modifier.weight(1f), enabled)
            }
        }
        HolderField(card, Modifier.fillMaxWidth(), enabled, onDone)
    }
}

/** From this scale on, two labels do not fit beside each other on a small phone. */
private const val LARGE = 1.3f
