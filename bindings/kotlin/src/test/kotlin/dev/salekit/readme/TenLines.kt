package dev.salekit.readme

import dev.salekit.*

suspend fun sell(config: SaleClientConfig, card: CardForm): String = SaleClient(config).use { client ->
    val request = SaleRequest(Money.parse("10.50", "EUR"), Consumer(serialNumber = "device-1"), card)
    val sale = client.start(request)
    when (val outcome = sale.outcome()) {
        is SaleOutcome.Approved -> "Paid ${outcome.amountToShow}"
        is SaleOutcome.Declined -> outcome.advice.displayMessage
        is SaleOutcome.NotCharged -> outcome.reason.displayMessage
        is SaleOutcome.Unknown -> outcome.advice.displayMessage
    }
}
