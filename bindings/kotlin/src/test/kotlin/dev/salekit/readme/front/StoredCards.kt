// What docs/saved-cards.md shows, word for word: see ReadmeTest.

package dev.salekit.readme.front

import dev.salekit.*

// After an approved sale and before it is acknowledged. No card if the server keeps none.
suspend fun keepCard(sale: Sale, keep: (StoredCard) -> Unit) {
    sale.storedCard()?.let(keep)
}

// The next sale. `consumer` has the e-mail if `card.mappedWithEmail`. The payer types the code; it is wiped.
fun payAgain(client: SaleClient, consumer: Consumer, card: StoredCard, code: ByteArray): Sale {
    val source = card.withSecurityCode(code)
    return client.start(SaleRequest(Money.parse("10.50", "EUR"), consumer, source))
}
