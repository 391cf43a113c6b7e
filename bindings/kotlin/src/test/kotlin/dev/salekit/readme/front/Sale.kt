// What README.md and bindings/kotlin/README.md show, word for word: see ReadmeTest.

package dev.salekit.readme.front

import dev.salekit.*

suspend fun pay(
    client: SaleClient,
    order: String,
    form: CardForm,
    show: (String) -> Unit,
) {
    val amount = Money.parse("10.50", "EUR")
    val payer = Consumer("device-1")
    val request = SaleRequest(
        amount, payer, form,
        merchantOrderId = order,
    )
    val sale = client.start(request)
    val outcome = sale.outcome()
    show(outcome.displayMessage)
    // Unknown is not failed: it may be charged.
    if (outcome.charge != Charge.UNKNOWN) {
        client.acknowledge(sale.id)
    }
}
