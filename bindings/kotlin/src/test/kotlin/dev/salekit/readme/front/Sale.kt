// What README.md and bindings/kotlin/README.md show, word for word: see ReadmeTest.

package dev.salekit.readme.front

import dev.salekit.*

suspend fun pay(
    client: SaleClient, form: CardForm, show: (String) -> Unit,
) {
    val request = SaleRequest(
        Money.parse("10.50", "EUR"), Consumer("device-1"), form,
    )
    val sale = client.start(request)
    val outcome = sale.outcome()
    when (outcome.charge) {
        Charge.CHARGED -> show("Thank you")
        Charge.NOT_CHARGED -> show(outcome.displayMessage)
        // Never "failed": it may be charged.
        Charge.UNKNOWN -> return show(outcome.displayMessage)
    }
    client.acknowledge(sale.id) // only a final outcome
}
