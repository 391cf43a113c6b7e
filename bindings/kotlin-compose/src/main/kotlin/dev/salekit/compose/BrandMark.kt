package dev.salekit.compose

import androidx.compose.foundation.background
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.TextDirection
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp

/**
 * A small card with the brand's first letters, or an empty one while the brand is not known. It is not the brand's
 * logo: an app that may use logos shows those instead. The field speaks the brand's name.
 *
 * @param brandName the brand's name, empty if it is not known
 */
@Composable
public fun BrandMark(brandName: String, modifier: Modifier = Modifier) {
    val colours = MaterialTheme.colorScheme
    val shape = RoundedCornerShape(4.dp)
    val isKnown = brandName.isNotEmpty()
    Box(
        modifier
            .padding(end = 12.dp)
            .size(36.dp, 24.dp)
            .background(if (isKnown) colours.secondaryContainer else colours.surfaceContainerHighest, shape)
            .border(1.dp, colours.outlineVariant, shape)
            .clearAndSetSemantics {},
        Alignment.Center,
    ) {
        if (isKnown) {
            // This is a picture, so it does not grow with the text beside it.
            val size = with(LocalDensity.current) { 11.dp.toSp() }
            Text(
                letters(brandName),
                color = colours.onSecondaryContainer,
                style = TextStyle(fontSize = size, lineHeight = 14.sp, fontWeight = FontWeight.Bold, textDirection = TextDirection.Ltr),
                maxLines = 1,
            )
        }
    }
}

/** "American Express" is AE, "UnionPay" UP, "Visa" VI. */
internal fun letters(brandName: String): String {
    val capitals = brandName.filter { it.isUpperCase() }
    return if (capitals.length in 2..3) capitals else brandName.filter { it.isLetterOrDigit() }.take(2).uppercase()
}
