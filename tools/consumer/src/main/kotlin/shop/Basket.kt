package shop

import dev.salekit.CardForm
import dev.salekit.Charge
import dev.salekit.Consumer
import dev.salekit.Money
import dev.salekit.SaleClient
import dev.salekit.SaleOutcome
import dev.salekit.SaleRequest
import dev.salekit.testing.FakeSales
import dev.salekit.testing.Outcomes
import kotlinx.coroutines.runBlocking

/** What an app in Kotlin says of a sale. That it compiles, with the oldest Kotlin that SaleKit is for, is the point. */
object Basket {
    suspend fun pay(client: SaleClient, form: CardForm): String {
        val outcome = client.start(SaleRequest(Money(1050, "EUR"), Consumer("consumer-1"), form)).outcome()
        return when (outcome) {
            is SaleOutcome.Approved -> outcome.amountToShow.toString()
            is SaleOutcome.Declined -> outcome.advice.displayMessage
            is SaleOutcome.NotCharged -> outcome.reason.displayMessage
            is SaleOutcome.Unknown -> outcome.advice.displayMessage
        }
    }

    /** Whether the fake client, which comes with artefacts of its own, charges. */
    @JvmStatic
    fun fakeIsCharged(): Boolean = runBlocking {
        val sales = FakeSales()
        sales.endWith(Outcomes.approved(Money(1050, "EUR")))
        val sale = sales.client.start(SaleRequest(Money(1050, "EUR"), Consumer("consumer-1"), CardForm()))
        sale.outcome().charge == Charge.CHARGED
    }
}
