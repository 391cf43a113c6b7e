package dev.salekit.testing

import dev.salekit.*
import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.async
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The fake client, as an app's test uses it: without the native library, which is not on this module's path. */
class FakeSalesTest {
    private val euros = Money(1050, "EUR")

    private fun request() = SaleRequest(euros, Consumer("device-1"), CardForm(), merchantOrderId = "order 7")

    private class Browser : RedirectPresenter {
        val log = mutableListOf<String>()

        override fun show(challenge: Challenge) {
            log += "show ${challenge.url}"
            challenge.returned()
        }

        override fun dismiss(challenge: Challenge) {
            log += "dismiss ${challenge.url}"
        }
    }

    @Test
    fun `there is no native library here`() {
        assertThrows(ClassNotFoundException::class.java) { Class.forName("com.sun.jna.Native") }
    }

    @Test
    fun `a sale goes on as the test says`() = runBlocking {
        val browser = Browser()
        val sales = FakeSales(browser)
        val sale = sales.client.start(request())
        val seen = mutableListOf<SaleState>()
        val subscription = sale.observe { seen += it }
        val outcome = async(start = CoroutineStart.UNDISPATCHED) { sale.outcome() }
        assertEquals("order 7", sales.last.request?.merchantOrderId)
        assertEquals(sale.id, sales.client.running(sale.id)?.id)

        sales.last.move(SaleState.Processing)
        val page = sales.last.challenge("https://acs.example/page")
        assertSame(page, sale.challenge)
        assertEquals(listOf("returned"), page.reports)
        assertFalse(outcome.isCompleted)
        sales.last.end(Outcomes.approved(euros))

        assertEquals(Outcomes.approved(euros), outcome.await())
        assertEquals(Charge.CHARGED, outcome.await().charge)
        assertEquals("Paid 10.50 EUR", "Paid ${Outcomes.approved(euros).amountToShow}")
        val challenge = SaleState.Challenge("https://acs.example/page", true)
        val finished = SaleState.Finished(Outcomes.approved(euros))
        assertEquals(listOf(SaleState.Initiating, SaleState.Processing, challenge, finished), seen)
        assertEquals(finished, sale.states.value)
        assertEquals(listOf("show https://acs.example/page", "dismiss https://acs.example/page"), browser.log)
        assertNull(sale.challenge)
        assertNull(sales.client.running(sale.id))
        subscription.close()
        assertThrows(IllegalStateException::class.java) { sales.last.end(Outcomes.unknown()) }

        sales.client.acknowledge(sale.id)
        assertEquals(listOf(sale.id), sales.acknowledged)
    }

    @Test
    fun `a sale ends by itself, and the next call throws`() = runBlocking {
        val sales = FakeSales()
        sales.endWith(Outcomes.declined(DeclineAdvice.CONTACT_BANK), SaleState.Performing)
        sales.failWith(Exceptions.orderInUse("7"))
        val outcome = sales.client.start(request()).outcome()
        assertEquals(Charge.NOT_CHARGED, outcome.charge)
        assertTrue(outcome.displayMessage.isNotEmpty())
        val error = assertThrows(SaleKitException.OrderInUse::class.java) { sales.client.start(request()) }
        assertEquals("7" to "order_in_use", error.saleId to error.code)
        assertEquals(1, sales.started.size)
    }

    @Test
    fun `sales that an earlier run left are resumed, and only final ones acknowledged`() = runBlocking {
        val sales = FakeSales()
        sales.leave(PendingSale("a", SaleState.Processing, euros, "order 7", "i", 1))
        sales.leave(PendingSale("b", SaleState.Finished(Outcomes.approved(euros)), euros, "order 8", "i", 1))
        assertEquals(listOf("a", "b"), sales.client.pending().sales.map { it.id })

        assertEquals(Charge.CHARGED, sales.client.resume("b").outcome().charge)
        sales.client.acknowledge("b")
        val sale = sales.client.resume("a")
        assertThrows(SaleKitException.SaleStillRunning::class.java) { runBlocking { sales.client.acknowledge("a") } }
        sales.last.end(Outcomes.unknown())
        assertEquals(Charge.UNKNOWN, sale.outcome().charge)
        assertThrows(SaleKitException.SaleOutcomeUnknown::class.java) { runBlocking { sales.client.acknowledge("a") } }
        assertEquals(listOf("a"), sales.client.pending().sales.map { it.id })
        sales.client.forget("a")
        assertEquals(emptyList<PendingSale>(), sales.client.pending().sales)
        assertThrows(SaleKitException.SaleNotFound::class.java) { runBlocking { sales.client.resume("c") } }
        Unit
    }

    @Test
    fun `an approved sale returns its stored card, which pays the next one`() = runBlocking {
        val sales = FakeSales()
        sales.storedCard = StoredCard("card-1", brand = CardBrand.VISA, last4 = "1111", expiry = CardExpiry(12, 2030))
        sales.endWith(Outcomes.approved(euros))
        val card = sales.client.start(request()).storedCard()
        assertEquals("1111", card?.last4)
        val again = SaleRequest(euros, Consumer("device-1"), card!!.withSecurityCode("123".toByteArray()))
        sales.endWith(Outcomes.notCharged(NotChargedReason.CANCELLED))
        val sale = sales.client.start(again)
        assertEquals(card, (sales.last.request?.source as StoredCardPayment).card)
        assertNull(sale.storedCard())
        sale.cancel()
        assertTrue(sales.last.isCancelled)
        sales.client.preconnect()
        sales.client.appForeground()
        assertEquals(listOf("preconnect", "appForeground"), sales.calls)
    }
}
