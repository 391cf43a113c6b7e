package dev.salekit

import com.google.gson.JsonElement
import com.google.gson.JsonObject
import com.google.gson.JsonParser
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.assertThrows
import java.io.File
import java.util.concurrent.Callable
import java.util.concurrent.CompletableFuture
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.Executors
import java.util.concurrent.TimeUnit

/** The scenarios that are the same in every language, against a real sandbox. They run at once; each is a test. */
class ScenariosTest {
    private val list = JsonParser.parseString(File(System.getProperty("salekit.scenarios")).readText()).asJsonObject
    private val defaults = list["defaults"].asJsonObject

    @TestFactory
    fun `scenarios end as expected and as the ledger says`(): List<DynamicTest> {
        val threads = Executors.newCachedThreadPool()
        val running = list["scenarios"].asJsonArray.map { it.asJsonObject }.map { own ->
            own["name"].asString to threads.submit(Callable { Scenario(own, defaults).run() })
        }
        threads.shutdown()
        return running.map { (name, scenario) ->
            DynamicTest.dynamicTest(name) { scenario.get(3, TimeUnit.MINUTES)() }
        }
    }

    @TestFactory
    fun `what is refused names its field and rule and not its value`(): List<DynamicTest> =
        list["refused"].asJsonArray.map { it.asJsonObject }.map { own ->
            DynamicTest.dynamicTest(own["name"].asString) {
                val scenario = Scenario(own, defaults)
                val error = assertThrows<SaleKitException.InvalidInput> {
                    scenario.client().use { it.start(scenario.request(storedCard = null)) }
                }
                assertEquals(own["field"].asString, error.field)
                own["rule"]?.let { assertEquals(it.asString, error.rule) }
                assertEquals("invalid_input", error.code)
                assertEquals("${error.field}: ${error.detail}", error.message)
                assertFalse(error.displayMessage.startsWith("rule."), error.displayMessage)
                assertFalse(scenario.text("card") in error.toString(), error.toString())
            }
        }
}

/** A scenario with the defaults behind it. */
private class Scenario(private val own: JsonObject, private val defaults: JsonObject) {
    private val sandbox = Sandbox.shared
    private val device = Fixtures.device()
    private val expected: JsonObject? get() = own["expect"]?.asJsonObject

    private fun value(name: String): JsonElement? = own[name] ?: defaults[name]

    fun text(name: String): String = value(name)?.asString.orEmpty()

    private fun millis(name: String): Long = value(name)!!.asLong

    fun client() = SaleClient(
        Fixtures.config(
            timeouts = Timeouts(
                processingMillis = millis("processing_window_ms"),
                challengeMillis = millis("challenge_window_ms"),
                recoveryMillis = millis("recovery_window_ms"),
            ),
        ),
        store = store,
    )

    fun request(storedCard: StoredCard?): SaleRequest {
        val code = text("security_code")
        val source = storedCard?.withSecurityCode(code.toByteArray())
            ?: Fixtures.card(code, text("card"), text("expiry"), text("holder"))
        return SaleRequest(Money.parse(text("amount"), text("currency")), Consumer(device, text("email")), source)
    }

    /** The sale that runs now, and the states that reached its watcher. */
    private class Watched {
        val sale = CompletableFuture<Sale>()
        val states = CopyOnWriteArrayList<String>()
    }

    @Volatile
    private var running = Watched()

    /**
     * Saves nothing before the state that the sale is in has reached the watcher: a watcher may miss states that last but a
     * moment, and the next one comes only when it is saved.
     */
    private val store = object : MapStore() {
        override fun save(saleId: String, snapshot: ByteArray) {
            val watch = running
            val state = nameOf(watch.sale.get().state)
            eventually("$state reached the watcher") { watch.states.lastOrNull() == state }
            super.save(saleId, snapshot)
        }
    }

    /** Makes the sale, or the two of a repeated one. Answers with the checks of how the last one ended. */
    fun run(): () -> Unit {
        sandbox.script(device, value("script").toString())
        val client = client()
        var ended = sell(client, request(storedCard = null))
        if (value("repeat")?.asBoolean == true) {
            val card = ended.sale.storedCardFuture().get(3, TimeUnit.MINUTES)
            ended = sell(client, request(checkNotNull(card) { "no stored card of ${ended.outcome}" }))
        }
        if (value("reports_after_end")?.asBoolean == true) reportLate(client, ended)
        client.close()
        val last = ended
        return { check(last) }
    }

    private class Ended(val sale: Sale, val outcome: SaleOutcome, val states: List<String>, val pages: List<Challenge>)

    private fun sell(client: SaleClient, request: SaleRequest): Ended {
        val watch = Watched()
        running = watch
        val sale = client.start(request)
        val states = watch.states
        val pages = CopyOnWriteArrayList<Challenge>()
        val subscription = sale.observe { state ->
            val name = nameOf(state)
            if (states.lastOrNull() != name) states += name
            if (text("cancel_when") == name) sale.cancel()
            // The sale may have moved on.
            val challenge = if (state is SaleState.Challenge) sale.challenge else null
            if (challenge != null && challenge.url != pages.lastOrNull()?.url) {
                pages += challenge
                visit(challenge)
            }
        }
        watch.sale.complete(sale)
        val outcome = sale.outcomeFuture().get(3, TimeUnit.MINUTES)
        // The last state comes on a thread of its own, after the outcome or before it.
        eventually("the last state") { states.lastOrNull() == "finished" }
        subscription.close()
        return Ended(sale, outcome, states, pages)
    }

    private fun visit(challenge: Challenge) {
        val conduct = text("cardholder")
        if (conduct == "closes_browser") {
            challenge.closed()
            return
        }
        Thread {
            sandbox.visit(challenge.url, conduct)
            if (conduct != "walks_away") challenge.returned()
        }.start()
    }

    /** Reports everything that can happen to a page, now that the sale has ended: it stays ended, and as it is. */
    private fun reportLate(client: SaleClient, ended: Ended) {
        assertFalse(ended.pages.isEmpty(), "no page")
        for (challenge in ended.pages) {
            challenge.failed()
            challenge.closed()
            challenge.returned()
        }
        assertNull(client.running(ended.sale.id), "it runs again")
        assertEquals(ended.outcome, ended.sale.outcomeFuture().get(1, TimeUnit.MINUTES))
    }

    private fun check(ended: Ended) {
        val expected = expected!!
        val facts = facts(ended.outcome)
        for (name in listOf("outcome", "charge", "amount", "three_d_secure", "error_code", "advice", "reason")) {
            expected[name]?.let { assertEquals(it.asString, facts[name]?.toString(), "$name of ${ended.outcome}") }
        }
        val seen = ended.states.iterator()
        expected["states"]?.asJsonArray?.forEach { state ->
            assertTrue(seen.asSequence().any { it == state.asString }, "$state in ${ended.states}")
        }
        expected["pages"]?.let { assertEquals(it.asInt, ended.pages.size, "pages") }
        val entry = ended.sale.invoiceId?.let(sandbox::ledger)
        val ledger = expected["ledger"]?.asJsonObject ?: return assertNull(entry, "perform sale was never sent")
        for ((name, value) in ledger.entrySet()) {
            assertEquals(value, entry!![name], "$name of $entry")
        }
    }

    private fun facts(outcome: SaleOutcome): Map<String, Any?> = mapOf("charge" to outcome.charge.code) + when (outcome) {
        is SaleOutcome.Approved -> mapOf(
            "outcome" to "approved",
            "amount" to outcome.amountToShow,
            "three_d_secure" to outcome.threeDSecure?.toString()?.uppercase(),
        )
        is SaleOutcome.Declined ->
            mapOf("outcome" to "declined", "error_code" to outcome.errorCode, "advice" to outcome.advice.code)
        is SaleOutcome.NotCharged -> mapOf("outcome" to "not_charged", "reason" to outcome.reason.code)
        is SaleOutcome.Unknown ->
            mapOf("outcome" to "unknown", "reason" to outcome.reason.code, "advice" to outcome.advice.code)
    }

    private fun nameOf(state: SaleState): String = when (state) {
        is SaleState.Initiating -> "initiating"
        is SaleState.Performing -> "performing"
        is SaleState.Recovering -> "recovering"
        is SaleState.Processing -> "processing"
        is SaleState.Challenge -> "challenge"
        is SaleState.Finished -> "finished"
        is SaleState.Other -> state.name
    }
}
