package dev.salekit

import kotlinx.coroutines.CoroutineStart
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.CountDownLatch

/** Sales against a real gateway and merchant over TLS. How they end is in the scenarios. */
class SaleTest {
    private val sandbox = Sandbox.shared

    private fun charges(outcome: SaleOutcome) = sandbox.ledger(outcome.invoiceId!!)!!["charges"].asInt

    @Test
    fun `a sale is approved and says what was charged`() = runBlocking {
        SaleClient(Fixtures.config()).use { client ->
            client.preconnect()
            val sale = client.start(Fixtures.request("123"))
            val outcome = assertInstanceOf(SaleOutcome.Approved::class.java, sale.outcome())
            assertEquals(Charge.CHARGED, outcome.charge)
            assertEquals("10.50 EUR", outcome.requestedAmount.toString())
            assertEquals(outcome.requestedAmount, outcome.amount)
            assertEquals("Visa •••• 1111", outcome.card?.display)
            assertEquals(CardBrand.VISA, outcome.card?.brand)
            assertEquals(outcome.invoiceId, sale.invoiceId)
            assertEquals(SaleState.Finished(outcome), sale.state)
            assertEquals(1, charges(outcome))
        }
    }

    @Test
    fun `a person authenticates in the browser that the presenter opens`() = runBlocking {
        val seen = CountDownLatch(1)
        val person = Person(sandbox, mayVisit = seen)
        SaleClient(Fixtures.config(), person).use { client ->
            val sale = client.start(Fixtures.request("321"))
            val challenge = sale.states.first { it is SaleState.Challenge } as SaleState.Challenge
            assertTrue(challenge.url.startsWith("https://"))
            assertTrue(challenge.url !in challenge.toString())
            seen.countDown()
            val outcome = assertInstanceOf(SaleOutcome.Approved::class.java, sale.outcome())
            assertEquals(ThreeDSecureStatus.Authenticated, outcome.threeDSecure)
            assertEquals(SaleState.Finished(outcome), sale.states.first { it is SaleState.Finished })
            assertEquals(listOf(sale.id), person.shown)
            eventually("the page to be taken away") { person.dismissed == listOf(sale.id) }
            assertEquals(1, charges(outcome))
        }
    }

    @Test
    fun `a presenter that throws leaves the sale to the cardholder`() = runBlocking {
        val broken = object : RedirectPresenter {
            override fun show(challenge: Challenge) = throw NotImplementedError("no browser")

            override fun dismiss(challenge: Challenge) = Unit
        }
        SaleClient(Fixtures.config(), broken).use { client ->
            val sale = client.start(Fixtures.request("321"))
            sale.states.first { it is SaleState.Challenge && !it.isOpen }
            val challenge = sale.challenge!!
            sandbox.visit(challenge.url, "authenticates")
            challenge.returned()
            assertEquals(Charge.CHARGED, sale.outcome().charge)
        }
    }

    @Test
    fun `a coroutine that is cancelled while it waits does not touch the payment`() = runBlocking {
        SaleClient(Fixtures.config()).use { client ->
            // The sale stays in its challenge until somebody visits the page.
            val sale = client.start(Fixtures.request("321"))
            val waiting = launch(Dispatchers.Default, CoroutineStart.UNDISPATCHED) { sale.outcome() }
            val future = sale.outcomeFuture()
            val challenge = sale.states.first { it is SaleState.Challenge } as SaleState.Challenge
            waiting.cancelAndJoin()
            assertTrue(waiting.isCancelled)
            assertTrue(future.cancel(true))
            sandbox.visit(challenge.url, "authenticates")
            client.appForeground()
            val outcome = assertInstanceOf(SaleOutcome.Approved::class.java, sale.outcome())
            assertEquals(1, charges(outcome))
            assertEquals(1, sandbox.ledger(outcome.invoiceId)!!["performs_received"].asInt)
        }
    }

    @Test
    fun `a sale runs to its end though its client is closed and nobody holds it`() {
        val person = Person(sandbox)
        val client = SaleClient(Fixtures.config(), person)
        val id = client.start(Fixtures.request("321")).id
        eventually("the challenge") { person.shown == listOf(id) }
        System.gc()
        val outcome = runBlocking { client.resume(id) }.also { client.close() }.outcomeFuture().get()
        assertEquals(Charge.CHARGED, outcome.charge)
        assertThrows(IllegalStateException::class.java) { client.appForeground() }
    }

    @Test
    fun `a stored card pays with a security code, which is wiped`() = runBlocking {
        SaleClient(Fixtures.config()).use { client ->
            val device = Fixtures.device()
            val card = client.start(Fixtures.request("123", device)).storedCard()!!
            assertEquals("411111", card.bin)
            assertTrue(card.mappedWithEmail)
            assertFalse(card.clientCardId in card.toString(), "$card")
            val code = "123".toByteArray()
            val again = client.start(Fixtures.request(device = device, source = card.withSecurityCode(code)))
            val outcome = assertInstanceOf(SaleOutcome.Approved::class.java, again.outcome())
            assertEquals(listOf<Byte>(0, 0, 0), code.toList())
            assertNull(outcome.card)
            assertEquals(1, charges(outcome))
            assertNull(again.storedCard(), "a sale with a stored card stores none")
        }
    }

    @Test
    fun `a merchant that cannot be asked for the stored card is an exception, and can be asked again`() = runBlocking {
        SaleClient(Fixtures.config()).use { client ->
            val device = Fixtures.device()
            val faults = (1..3).joinToString { """{ "message": "stored_card", "nth": $it, "kind": "http", "status": 503 }""" }
            sandbox.script(device, """{ "faults": [$faults] }""")
            val sale = client.start(Fixtures.request(device = device))
            val error = assertThrows(SaleKitException.MerchantUnavailable::class.java) { runBlocking { sale.storedCard() } }
            assertEquals("merchant_unavailable", error.code)
            assertNull(error.failure, "it did answer")
            assertEquals("The shop could not be reached. Please try again later.", error.displayMessage)
            assertEquals(Charge.CHARGED, sale.outcome().charge)
            assertEquals("411111", sale.storedCard()?.bin)
        }
    }

    @Test
    fun `the amount that the gateway confirmed is distinguished from the one that was asked for`() {
        fun receipt(amount: Money?) =
            SaleOutcome.Approved("invoice", null, null, Money(1050, "EUR"), amount, null, null, null, null, null)
        assertEquals(Money(1050, "EUR"), receipt(null).amountToShow)
        assertFalse(receipt(null).amountDiffers)
        assertEquals(Money(1050, "EUR"), receipt(Money(1050, "EUR")).amountToShow)
        assertFalse(receipt(Money(1050, "EUR")).amountDiffers)
        assertEquals(Money(1000, "EUR"), receipt(Money(1000, "EUR")).amountToShow)
        assertTrue(receipt(Money(1000, "EUR")).amountDiffers)
        assertTrue(receipt(Money(1050, "USD")).amountDiffers)
    }

    @Test
    fun `what the app tells of itself reaches running sales`() = runBlocking {
        SaleClient(Fixtures.config()).use { client ->
            val sale = client.start(Fixtures.request())
            client.appBackground()
            client.appForeground()
            client.networkAvailable()
            assertEquals(Charge.CHARGED, sale.outcome().charge)
        }
    }
}
