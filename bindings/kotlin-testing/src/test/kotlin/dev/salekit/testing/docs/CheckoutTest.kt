// What docs/android.md shows of unit tests, word for word: see DocsTest.

package dev.salekit.testing.docs

import dev.salekit.*
import dev.salekit.testing.*
import kotlinx.coroutines.*
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

// The view model gets its client from outside.
class Checkout(private val client: SaleClient) {
    var text = ""
        private set

    suspend fun pay(form: CardForm) {
        val sale = client.start(SaleRequest(Money(1050, "EUR"), Consumer("device-0001"), form))
        text = "Please wait"
        text = sale.outcome().displayMessage
    }
}

class CheckoutTest {
    @Test
    fun `a decline is shown`() = runBlocking {
        val sales = FakeSales()
        val checkout = Checkout(sales.client)
        val paying = launch(start = CoroutineStart.UNDISPATCHED) { checkout.pay(CardForm()) }
        assertEquals("Please wait", checkout.text)
        sales.last.challenge("https://acs.example/page") // shown by the presenter given to FakeSales, if there is one
        sales.last.end(Outcomes.declined(DeclineAdvice.TRY_ANOTHER_CARD))
        paying.join()
        assertEquals(DeclineAdvice.TRY_ANOTHER_CARD.displayMessage, checkout.text)
    }
}
