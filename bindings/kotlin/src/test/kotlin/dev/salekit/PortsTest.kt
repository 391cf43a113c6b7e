package dev.salekit

import com.google.gson.JsonObject
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.yield
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertNotNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import java.util.Collections
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CountDownLatch
import java.util.concurrent.atomic.AtomicInteger

/** What the app does for SaleKit: its own merchant protocol, its own store, its own log. */
class PortsTest {
    private val sandbox = Sandbox.shared

    /** The documented messages, spoken by the app itself; [secrets] collects what nobody may see. */
    private inner class OwnMerchant(
        val secrets: MutableSet<String> = ConcurrentHashMap.newKeySet(),
        private val session: (InvoiceRequest, Boolean) -> SessionAnswer = { _, _ -> throw MerchantException.Refused(404) },
    ) : MerchantBackend {
        /** The sale and the order of each question. */
        val orders: MutableList<Pair<String, String?>> = Collections.synchronizedList(mutableListOf())

        override suspend fun accessToken(serialNumber: String): String {
            yield()
            return secret(sandbox.ask(MerchantPaths.documented().accessToken!!, null).session("accessToken"))
        }

        override suspend fun initiate(question: InitiateSaleRequest): InitiatedSale {
            orders += question.saleId to question.merchantOrderId
            val body = """{
                "consumer": { "device": { "serialNumber": "${question.consumer.serialNumber}" } },
                "transaction": {
                    "amountCentis": ${question.amount.minorUnits}, "currency": "${question.amount.currency}"
                },
                "session": { "accessToken": "${question.accessToken}" }
            }"""
            val answer = sandbox.ask(MerchantPaths.documented().initiate, body)
            return InitiatedSale(
                answer["endpointId"].asString,
                answer["invoiceId"].asString,
                secret(answer.session("nonce")),
                secret(answer.session("signature")),
            )
        }

        override suspend fun sessionToken(question: InvoiceRequest, wantsVoid: Boolean) = session(question, wantsVoid)

        override suspend fun storedCard(question: InvoiceRequest): StoredCard {
            orders += question.saleId to question.merchantOrderId
            return StoredCard("card-of-${question.invoiceId}")
        }

        private fun JsonObject.session(name: String) = this["session"].asJsonObject[name].asString

        private fun secret(text: String) = text.also { secrets += it }
    }

    /** A merchant that only ever fails with [failure]. */
    private class FailingMerchant(val failure: Throwable) : MerchantBackend {
        override suspend fun accessToken(serialNumber: String): String = throw failure

        override suspend fun initiate(question: InitiateSaleRequest): InitiatedSale = throw failure

        override suspend fun sessionToken(question: InvoiceRequest, wantsVoid: Boolean): SessionAnswer = throw failure

        override suspend fun storedCard(question: InvoiceRequest): StoredCard = throw failure
    }

    @Test
    fun `a merchant backend of the app's own makes the sale`() = runBlocking {
        SaleClient(Fixtures.config(), merchant = OwnMerchant()).use { client ->
            val sale = client.start(Fixtures.request())
            val outcome = assertInstanceOf(SaleOutcome.Approved::class.java, sale.outcome())
            assertEquals("card-of-${outcome.invoiceId}", sale.storedCard()?.clientCardId)
            assertEquals(1, sandbox.ledger(outcome.invoiceId)!!["charges"].asInt)
        }
    }

    @Test
    fun `every question to the merchant names the sale and its order`() = runBlocking {
        val merchant = OwnMerchant()
        SaleClient(Fixtures.config(), merchant = merchant).use { client ->
            val sale = client.start(Fixtures.request(merchantOrderId = "order 7"))
            assertEquals(Charge.CHARGED, sale.outcome().charge)
            sale.storedCard()
            assertEquals(listOf(sale.id to "order 7", sale.id to "order 7"), merchant.orders)
        }
    }

    /** The end of a sale with these headers, of which the sandbox's merchant reads one: it binds a new token to a device. */
    private suspend fun end(device: String, headers: MerchantHeaders): SaleOutcome =
        SaleClient(Fixtures.config(), merchantHeaders = headers).use { client ->
            client.start(Fixtures.request(device = device)).outcome()
        }

    @Test
    fun `the app's headers go to the merchant with each request`() = runBlocking {
        val device = Fixtures.device()
        val asked = AtomicInteger()
        val own = end(device) {
            yield()
            asked.incrementAndGet()
            mapOf("X-Device-Serial-Number" to device, "Authorization" to "Bearer secret")
        }
        assertEquals(Charge.CHARGED, own.charge)
        assertEquals(2, asked.get(), "access token and initiate sale")
        val other = end(device) { mapOf("X-Device-Serial-Number" to "another device") }
        assertEquals(NotChargedReason.ACCESS_TOKEN_REFUSED, assertInstanceOf(SaleOutcome.NotCharged::class.java, other).reason)
    }

    @Test
    fun `without usable headers nothing is sent`() = runBlocking {
        for ((headers, kind) in listOf<Pair<MerchantHeaders, FailureKind>>(
            MerchantHeaders { throw MerchantException.Failed(FailureKind.NOT_CONNECTED) } to FailureKind.NOT_CONNECTED,
            MerchantHeaders { throw MerchantException.Refused(401) } to FailureKind.CALLBACK_FAILED,
            MerchantHeaders { throw IllegalStateException("secret") } to FailureKind.CALLBACK_FAILED,
            MerchantHeaders { throw NotImplementedError("secret") } to FailureKind.CALLBACK_FAILED,
            MerchantHeaders { mapOf("Authorization" to "secret\r\nX: y") } to FailureKind.CALLBACK_FAILED,
        )) {
            val outcome = assertInstanceOf(SaleOutcome.NotCharged::class.java, end(Fixtures.device(), headers))
            assertEquals(listOf(NotChargedReason.MERCHANT_UNAVAILABLE, kind), listOf(outcome.reason, outcome.failure))
            assertFalse("secret" in outcome.toString())
        }
    }

    @Test
    fun `headers that cannot be sent are named in the log, their values are not`() = runBlocking {
        val lines = Collections.synchronizedList(mutableListOf<LogLine>())
        SaleKit.setLogSink({ line -> lines += line }, LogLevel.TRACE)
        end(Fixtures.device()) { mapOf("Authorization" to "secret value\n") }
        eventually("the line") { synchronized(lines) { lines.any { "merchantHeaders.value" in it.text } } }
        end(Fixtures.device()) { mapOf("Authorization" to "secret value") }
        SaleKit.setLogSink(null)
        assertFalse(synchronized(lines) { lines.any { "secret value" in it.text } })
    }

    /** A sale whose perform answer is lost, with a merchant that says this of its session. Answers with its end. */
    private suspend fun lost(checks: String, timeouts: Timeouts, session: (InvoiceRequest, Boolean) -> SessionAnswer): SaleOutcome {
        val device = Fixtures.device()
        val fault = """{ "message": "perform", "kind": "close_after_processing" }"""
        sandbox.script(device, """{ "check_timing": "$checks", "processing_delay_ms": 0, "faults": [$fault] }""")
        return SaleClient(Fixtures.config(timeouts = timeouts), merchant = OwnMerchant(session = session)).use { client ->
            client.start(Fixtures.request(device = device)).outcome()
        }
    }

    @Test
    fun `a merchant that voids an invoice proves that nothing was charged`() = runBlocking {
        val wishes = Collections.synchronizedList(mutableListOf<Boolean>())
        val end = lost(checks = "never", Timeouts(recoveryMillis = 3_000)) { _, wantsVoid ->
            wishes += wantsVoid
            if (wantsVoid) SessionAnswer.Void else throw MerchantException.Refused(404)
        }
        val outcome = assertInstanceOf(SaleOutcome.NotCharged::class.java, end)
        assertEquals(NotChargedReason.INVOICE_VOIDED, outcome.reason)
        assertTrue(wishes.size > 1 && wishes.last() && !wishes.first(), "$wishes")
        assertEquals(0, sandbox.ledger(outcome.invoiceId!!)!!["charges"].asInt)
    }

    @Test
    fun `a session token of the merchant's finds the sale again`() = runBlocking {
        val end = lost(checks = "before_answer", Timeouts()) { question, _ ->
            val path = MerchantPaths.documented().sessionToken!!.replace("{invoiceId}", question.invoiceId)
            val answer = sandbox.ask(
                path,
                """{
                    "consumer": { "device": { "serialNumber": "${question.serialNumber}" } },
                    "session": { "accessToken": "${question.accessToken}" }
                }""",
            )
            SessionAnswer.Token(answer["session"].asJsonObject["token"].asString)
        }
        val outcome = assertInstanceOf(SaleOutcome.Approved::class.java, end)
        assertEquals(1, sandbox.ledger(outcome.invoiceId)!!["charges"].asInt)
        assertFalse("secret" in SessionAnswer.Token("secret").toString())
    }

    @Test
    fun `what a merchant's server refused with is why nothing was charged`() = runBlocking {
        val refused = MerchantException.Refused(400, "FILTERED", "ref-1", "not today")
        SaleClient(Fixtures.config(), merchant = FailingMerchant(refused)).use { client ->
            val outcome = assertInstanceOf(SaleOutcome.NotCharged::class.java, client.start(Fixtures.request()).outcome())
            assertEquals(NotChargedReason.ACCESS_TOKEN_REFUSED, outcome.reason)
            assertEquals("ref-1", outcome.supportReference)
            assertTrue("not today" in outcome.detail, outcome.detail)
        }
    }

    @Test
    fun `a store of the app's own keeps sales until they are acknowledged`() = runBlocking {
        val store = MapStore()
        SaleClient(Fixtures.config(), store = store).use { client ->
            val sale = client.start(Fixtures.request("116", merchantOrderId = "order 7"))
            val outcome = sale.outcome()
            eventually("the end to be stored") {
                runBlocking { client.pending() }.sales.singleOrNull()?.state == SaleState.Finished(outcome)
            }
            val pending = client.pending().sales.single()
            assertEquals(listOf(sale.id, "order 7", outcome.invoiceId), listOf(pending.id, pending.merchantOrderId, pending.invoiceId))
            assertEquals(Money(1050, "EUR"), pending.amount)
            assertEquals(outcome, client.resume(sale.id).outcome())
            client.acknowledge(sale.id)
            assertTrue(store.sales.isEmpty())
            assertEquals(sale.id, assertThrows<SaleKitException.SaleNotFound> { client.resume(sale.id) }.saleId)
            client.acknowledge(sale.id)
            store.snapshots[sale.id] = "not a snapshot".toByteArray()
            assertEquals(sale.id, client.pending().damaged.single().id)
            val damaged = assertThrows<SaleKitException.SaleDamaged> { client.resume(sale.id) }
            assertEquals("sale_damaged", damaged.code)
            assertTrue(sale.id in damaged.message)
            assertThrows<SaleKitException.SaleDamaged> { client.acknowledge(sale.id) }
            client.forget(sale.id)
            assertTrue(store.sales.isEmpty())
        }
    }

    @Test
    fun `a snapshot that cannot be saved keeps perform sale from being sent`() = runBlocking {
        for (failure in listOf(
            SnapshotStoreException(SnapshotStoreException.Kind.FULL, "quota"),
            IllegalStateException("secret"),
            // An error, not an exception: it must not pass for success.
            OutOfMemoryError("secret"),
        )) {
            val store = object : MapStore() {
                override fun save(saleId: String, snapshot: ByteArray) = throw failure
            }
            SaleClient(Fixtures.config(), store = store).use { client ->
                val sale = client.start(Fixtures.request())
                val outcome = assertInstanceOf(SaleOutcome.NotCharged::class.java, sale.outcome())
                assertEquals(NotChargedReason.STORAGE_FAILED, outcome.reason)
                assertEquals(null, sandbox.ledger(outcome.invoiceId!!), "perform sale must not be sent")
                assertFalse("secret" in outcome.toString())
            }
        }
    }

    @Test
    fun `the log tells of the sale and of no secret`() = runBlocking {
        val lines = Collections.synchronizedList(mutableListOf<LogLine>())
        val merchant = OwnMerchant()
        val seen = CountDownLatch(1)
        val person = Person(sandbox, mayVisit = seen)
        var page = ""
        SaleKit.setLogSink({ line -> lines += line; error("the app's own mistake") }, LogLevel.TRACE)
        val sale = SaleClient(Fixtures.config(), person, MapStore(), merchant).use { client ->
            val sale = client.start(Fixtures.request("321"))
            sale.observe {
                if (it is SaleState.Challenge) {
                    page = it.url
                    seen.countDown()
                }
            }
            assertEquals(Charge.CHARGED, sale.outcome().charge)
            sale
        }
        eventually("the last line") { synchronized(lines) { lines.any { sale.id in it.text && "finished" in it.text } } }
        SaleKit.setLogSink(null)
        // Lines that were under way may come still.
        val come = synchronized(lines) { lines.toList() }
        val texts = come.joinToString("\n") { "${it.origin} ${it.text}" }
        assertNotNull(come.firstOrNull { it.level == LogLevel.DEBUG })
        assertTrue(come.all { it.origin.startsWith("salekit") })
        assertTrue(page.isNotEmpty())
        assertEquals(3, merchant.secrets.size)
        for (secret in merchant.secrets + listOf(Fixtures.VISA, Fixtures.EMAIL, Fixtures.HOLDER, page)) {
            assertFalse(secret in texts, texts)
        }
        // The code, save where it happens to be a duration or part of an id.
        assertFalse(Regex("(?<![0-9a-f_=])321(?![0-9a-f])").containsMatchIn(texts), texts)
    }
}
