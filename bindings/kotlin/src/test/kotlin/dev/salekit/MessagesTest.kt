package dev.salekit

import com.google.gson.JsonArray
import com.google.gson.JsonParser
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNull
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File
import java.util.Locale
import dev.salekit.ffi.SaleKitException as FfiException

/** Sentences for payers: those of `bindings/messages` in every language, for every code, and the app's own. */
class MessagesTest {
    private val behaviour = JsonParser.parseString(File(System.getProperty("salekit.behaviour")).readText()).asJsonObject

    private val languages: Map<String, Map<String, String>> = File(System.getProperty("salekit.messages")).listFiles()!!.associate {
        it.nameWithoutExtension to
            JsonParser.parseString(it.readText()).asJsonObject.entrySet().associate { (key, text) -> key to text.asString }
    }

    private val english = languages.getValue("en")

    private fun codes(type: String): List<String> =
        behaviour["messages"].asJsonArray.map { it.asJsonObject }.single { it["type"].asString == type }["codes"].strings()

    private fun com.google.gson.JsonElement.strings() = (this as JsonArray).map { it.asString }

    private val errors: List<SaleKitException> = run {
        val parties = dev.salekit.ffi.Parties("https://gateway.example", dev.salekit.ffi.MerchantServer.AppBackend)
        listOf(
            FfiException.InvalidInput("consumer.email", "no_such_rule", "x"), FfiException.SaleNotFound("7"),
            FfiException.SaleStillRunning("7"), FfiException.SaleUnfinished("7"), FfiException.SaleOutcomeUnknown("7"),
            FfiException.SaleOutcomeFinal("7"), FfiException.SaleForeign("7", parties, parties), FfiException.OrderInUse("7"),
            FfiException.SaleDamaged("7", "x"), FfiException.StorageFull("x"), FfiException.StorageDenied("x"),
            FfiException.StorageFailed("x"), FfiException.MerchantUnavailable(null, "x"), FfiException.NoRandomness("x"),
            FfiException.Internal("x"),
        ).map { it.toPublic() }
    }

    /** All that has a sentence, by its type in `behaviour.json`. */
    private val spoken: Map<String, List<Displayable>> = mapOf(
        "Charge" to Charge.values().toList(),
        "DeclineAdvice" to DeclineAdvice.values().toList(),
        "NotChargedReason" to NotChargedReason.values().toList(),
        "UnknownReason" to UnknownReason.values().toList(),
        "UnknownAdvice" to UnknownAdvice.values().toList(),
        "CardField" to CardField.values().toList(),
        "Rule" to codes("Rule").map { Validity.Invalid(it, "") },
        "Error" to errors,
    )

    @AfterEach
    fun `the app's own sentences are gone`() {
        SaleKit.messageProvider = null
    }

    @Test
    fun `codes are those of every language's library`() {
        for ((type, all) in spoken) assertEquals(codes(type), all.map { it.code }, type)
        val classes = FfiException::class.java.declaredClasses.filter { FfiException::class.java.isAssignableFrom(it) }
        assertEquals(classes.map { it.simpleName }.toSet(), errors.map { it.javaClass.simpleName }.toSet())
        assertEquals(codes("Error"), errors.map { it.javaClass.simpleName.replace(Regex("(?<=.)([A-Z])"), "_$1").lowercase() })
    }

    @Test
    fun `every code has the sentence of the lists, in every language`() {
        assertEquals(12, languages.size)
        val told = mutableSetOf<String>()
        for ((language, sentences) in languages) {
            val locale = Locale.forLanguageTag(language)
            for (group in behaviour["messages"].asJsonArray.map { it.asJsonObject }) {
                val name = group["group"].asString
                for (displayable in spoken[group["type"].asString].orEmpty()) {
                    val key = "$name.${displayable.code}"
                    assertEquals(sentences.getValue(key), displayable.displayMessage(locale), "$language: $key")
                    told += key
                }
            }
            assertEquals(sentences["validity.empty"], Validity.Empty.displayMessage(locale))
            assertEquals(sentences["validity.incomplete"], Validity.Incomplete.displayMessage(locale))
        }
        assertEquals(english.keys, told + codes("Validity").map { "validity.$it" })
        assertNull(Validity.Possible.displayMessage)
        assertNull(Validity.Valid.displayMessage)
    }

    @Test
    fun `an input is wrong by its rule, and by one that is not known all the same`() {
        val error = FfiException.InvalidInput("sourceOfFunds.card.number", "check_digit", "a developer's").toPublic()
        assertEquals(english["rule.check_digit"], error.displayMessage(Locale.ENGLISH))
        assertEquals(english["error.invalid_input"], Validity.Invalid("no_such_rule", "").displayMessage(Locale.ENGLISH))
    }

    @Test
    fun `every outcome says what became of the money, and what the payer can do`() {
        val money = Money(1050, "EUR")
        val outcomes: Map<String, List<Pair<SaleOutcome, String>>> = mapOf(
            "approved" to listOf(
                SaleOutcome.Approved("i", null, null, money, null, null, null, null, null, null) to "charged",
            ),
            "declined" to DeclineAdvice.values().map { SaleOutcome.Declined("i", null, null, null, "no", null, it) to it.code },
            "not_charged" to NotChargedReason.values().map { SaleOutcome.NotCharged("i", it, "a detail", null, null) to it.code },
            "unknown" to UnknownAdvice.values().flatMap { advice ->
                UnknownReason.values().map { SaleOutcome.Unknown("i", it, advice, null, "a detail") to advice.code }
            },
        )
        val listed = behaviour["outcomes"].asJsonArray.map { it.asJsonObject }
        assertEquals(outcomes.keys.toList(), listed.map { it["outcome"].asString })
        for (own in listed) {
            for ((outcome, code) in outcomes.getValue(own["outcome"].asString)) {
                assertEquals(own["outcome"].asString, outcome.code)
                assertEquals(own["charge"].asString, outcome.charge.code)
                for ((language, sentences) in languages) {
                    val key = "${own["group"].asString}.$code"
                    assertEquals(sentences.getValue(key), outcome.displayMessage(Locale.forLanguageTag(language)), "$language: $key")
                }
            }
        }
    }

    @Test
    fun `a locale gets its language's sentences, and English where there are none`() {
        val device = Locale.getDefault()
        try {
            for (speaks in listOf("fr-FR", "ja-JP").map(Locale::forLanguageTag)) {
                Locale.setDefault(speaks)
                for (own in behaviour["locales"].asJsonArray.map { it.asJsonObject }) {
                    val expected = languages.getValue(own["language"].asString)["charge.not_charged"]
                    val locale = Locale.forLanguageTag(own["locale"].asString)
                    assertEquals(expected, Charge.NOT_CHARGED.displayMessage(locale), "$own")
                }
            }
            assertEquals(english["charge.unknown"], Charge.UNKNOWN.displayMessage)
            Locale.setDefault(Locale.forLanguageTag("uk-UA"))
            assertEquals(languages.getValue("uk")["charge.unknown"], Charge.UNKNOWN.displayMessage)
        } finally {
            Locale.setDefault(device)
        }
    }

    @Test
    fun `the app's own sentences come first, and a provider that fails or has none changes nothing`() {
        SaleKit.messageProvider = MessageProvider { key, locale ->
            when (key) {
                "charge.charged" -> "Danke! (${locale.language})"
                "charge.unknown" -> throw IllegalStateException("no resources yet")
                else -> null
            }
        }
        assertEquals("Danke! (de)", Charge.CHARGED.displayMessage(Locale.GERMANY))
        assertEquals(languages.getValue("de")["charge.not_charged"], Charge.NOT_CHARGED.displayMessage(Locale.GERMANY))
        assertEquals(english["charge.unknown"], Charge.UNKNOWN.displayMessage(Locale.ENGLISH))
        SaleKit.messageProvider = null
        assertEquals(english["charge.charged"], Charge.CHARGED.displayMessage(Locale.ENGLISH))
    }

    @Test
    fun `what went wrong with a request is for developers, in the core's words`() {
        for (kind in FailureKind.values()) {
            assertEquals(dev.salekit.ffi.failureMessage(kind.toFfi()), kind.detail)
            assertTrue(kind.detail !in english.values)
        }
    }
}
