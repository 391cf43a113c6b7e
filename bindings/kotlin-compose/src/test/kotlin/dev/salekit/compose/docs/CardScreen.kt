// What docs/android.md shows of the card fields, word for word: see DocsTest.

package dev.salekit.compose.docs

import androidx.compose.foundation.layout.*
import androidx.compose.material3.*
import androidx.compose.runtime.*
import androidx.lifecycle.ViewModel
import dev.salekit.*
import dev.salekit.compose.*

// The card lives in the view model, and is wiped with it.
class Checkout(val card: CardFormHolder = CardFormHolder()) : ViewModel(card)

@Composable
fun CardScreen(model: Checkout, pay: (CardForm) -> Unit) = Column {
    fun tap() {
        if (!model.card.check()) return // the fields say what is missing
        pay(model.card.form) // SaleClient.start takes the card out of the form …
        model.card.refresh() // … and the fields are empty then
    }
    CardEntry(model.card, onDone = ::tap)
    Button(::tap) { Text("Pay") }
}
