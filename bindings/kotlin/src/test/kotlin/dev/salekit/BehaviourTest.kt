package dev.salekit

import com.google.gson.JsonObject
import com.google.gson.JsonParser
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.assertThrows
import java.io.File
import java.lang.reflect.Constructor
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.TimeUnit

/** What the app's own code does wrong, and what becomes of the sale: the same in every language. */
class BehaviourTest {
    private val list = JsonParser.parseString(File(System.getProperty("salekit.behaviour")).readText()).asJsonObject

    private fun list(name: String): List<JsonObject> = list[name].asJsonArray.map { it.asJsonObject }

    private val retried: Map<String, Boolean> = list("failures").associate { it["failure"].asString to it["retried"].asBoolean }

    /** Does for each device what its case says, and counts how often it was asked for a token. */
    private class Clumsy(private val acts: Map<String, () -> String>) : MerchantBackend {
        val asked = ConcurrentHashMap<String, Int>()

        override suspend fun accessToken(serialNumber: String): String {
            asked.merge(serialNumber, 1, Int::plus)
            return acts.getValue(serialNumber)()
        }

        override suspend fun initiate(question: InitiateSaleRequest): InitiatedSale = error("nobody has a token")

        override suspend fun sessionToken(question: InvoiceRequest, wantsVoid: Boolean): SessionAnswer = error("nor an invoice")

        override suspend fun storedCard(question: InvoiceRequest): StoredCard = error("nor a sale")
    }

    /** Makes a sale for each of [acts], all at once. Answers with a test of each, which is given how it ended. */
    private fun sales(acts: Map<String, () -> String>, check: (String, SaleOutcome.NotCharged, Int) -> Unit): List<DynamicTest> {
        val devices = acts.keys.associateWith { Fixtures.device() }
        val merchant = Clumsy(acts.mapKeys { (name, _) -> devices.getValue(name) })
        val client = SaleClient(Fixtures.config(), store = MapStore(), merchant = merchant)
        val ends = devices.mapValues { (_, device) -> client.start(Fixtures.request(device = device)).outcomeFuture() }
        return ends.map { (name, end) ->
            DynamicTest.dynamicTest(name) {
                val outcome = assertInstanceOf(SaleOutcome.NotCharged::class.java, end.get(1, TimeUnit.MINUTES))
                check(name, outcome, merchant.asked.getValue(devices.getValue(name)))
            }
        }
    }

    private fun tries(isRetried: Boolean) = if (isRetried) 3 else 1

    @TestFactory
    fun `a failure is retried or ends the sale`(): List<DynamicTest> {
        assertEquals(FailureKind.values().map { it.code }, retried.keys.toList())
        return sales(FailureKind.values().associate { kind -> kind.code to { throw MerchantException.Failed(kind) } }) { code, end, asked ->
            assertEquals(NotChargedReason.MERCHANT_UNAVAILABLE, end.reason)
            assertEquals(code, end.failure?.code)
            assertEquals(tries(retried.getValue(code)), asked)
        }
    }

    @TestFactory
    fun `an exception of the app's counts as a failure`(): List<DynamicTest> {
        val failures = list("errors").flatMap { own -> own["kotlin"].asJsonArray.map { it.asString to own["failure"].asString } }.toMap()
        return sales(failures.keys.associateWith { name -> { throw thrown(name) } }) { name, end, asked ->
            assertEquals(NotChargedReason.MERCHANT_UNAVAILABLE, end.reason)
            assertEquals(failures[name], end.failure?.code)
            assertEquals(tries(retried.getValue(failures.getValue(name))), asked)
            assertTrue(SECRET !in end.toString())
        }
    }

    @TestFactory
    fun `a refusal is retried by its status`(): List<DynamicTest> {
        val refusals = list("refusals").associateBy { it["status"].asString }
        return sales(refusals.mapValues { (status, _) -> { throw MerchantException.Refused(status.toInt()) } }) { status, end, asked ->
            assertEquals(NotChargedReason.ACCESS_TOKEN_REFUSED, end.reason)
            assertEquals(tries(refusals.getValue(status)["retried"].asBoolean), asked)
        }
    }

    @TestFactory
    fun `an answer that is not usable is a failure`(): List<DynamicTest> {
        val answers = list("answers").associateBy { it["name"].asString }
        return sales(mapOf("an empty access token" to { "" })) { name, end, asked ->
            assertEquals(answers.getValue(name)["failure"].asString, end.failure?.code)
            assertEquals(tries(answers.getValue(name)["retried"].asBoolean), asked)
        }.also { assertEquals(answers.size, it.size) }
    }

    @TestFactory
    fun `what a store throws is why a call fails`(): List<DynamicTest> = list("store").map { own ->
        DynamicTest.dynamicTest(own["kotlin"].asString) {
            val name = own["kotlin"].asString
            val failure = SnapshotStoreException.Kind.values().firstOrNull { it.name == name }?.let { SnapshotStoreException(it, "full") }
            val store = object : MapStore() {
                override fun list(): List<String> = throw failure ?: thrown(name)
            }
            SaleClient(Fixtures.config(), store = store).use { client ->
                val error = assertThrows<SaleKitException> { runBlocking { client.pending() } }
                assertEquals(own["error"].asString, error.code)
                if (failure != null) assertTrue("full" in error.message, error.message)
                assertTrue(SECRET !in error.message)
            }
        }
    }

    /** `CLASS`, `CLASS: TEXT` or `CLASS caused by …`. */
    private fun thrown(name: String): Throwable {
        val (outer, cause) = name.split(" caused by ", limit = 2).let { it[0] to it.getOrNull(1) }
        val (type, text) = outer.split(": ", limit = 2).let { it[0] to (it.getOrNull(1) ?: SECRET) }
        val constructors = Class.forName(type).declaredConstructors
        // Not all take a cause later.
        val withCause = constructors.firstOrNull { it.parameterTypes.contentEquals(arrayOf(String::class.java, Throwable::class.java)) }
        if (cause != null && withCause != null) return made(withCause, arrayOf(text, thrown(cause)))
        val made = MADE_WITH.firstNotNullOf { (types, values) ->
            constructors.firstOrNull { it.parameterTypes.contentEquals(types) }?.let { made(it, values(text)) }
        }
        return if (cause == null) made else made.initCause(thrown(cause))
    }

    private fun made(constructor: Constructor<*>, values: Array<Any?>): Throwable {
        if (!constructor.declaringClass.name.startsWith("java.")) constructor.isAccessible = true
        return constructor.newInstance(*values) as Throwable
    }

    private companion object {
        /** What may be in any exception's text, and must be nowhere else. */
        const val SECRET = "token=secret"

        /** The constructors that exceptions have, best first. */
        val MADE_WITH: List<Pair<Array<Class<*>>, (String) -> Array<Any?>>> = listOf(
            arrayOf<Class<*>>(String::class.java) to { text -> arrayOf(text) },
            arrayOf<Class<*>>(String::class.java, Integer.TYPE) to { text -> arrayOf(text, 1) },
            arrayOf<Class<*>>(SnapshotStoreException.Kind::class.java, String::class.java) to
                { text -> arrayOf(SnapshotStoreException.Kind.FULL, text) },
            emptyArray<Class<*>>() to { _ -> emptyArray() },
        )
    }
}
