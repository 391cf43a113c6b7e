package dev.salekit

import dev.salekit.ffi.adviceMessage
import dev.salekit.ffi.failureMessage
import dev.salekit.ffi.unknownAdviceMessage
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import java.util.Locale
import java.util.Properties
import dev.salekit.ffi.SaleKitException as FfiException

/** Codes, sentences and enumerations: the same on both sides of the border, and none forgotten. */
class WordsTest {
    private val displayable: List<Displayable> = listOf(
        Charge.values(), DeclineAdvice.values(), NotChargedReason.values(), UnknownAdvice.values(), FailureKind.values(),
    ).flatMap { it.toList() }

    private fun bundle() = Properties().apply { load(Messages::class.java.getResourceAsStream("messages.properties")) }

    @Test
    fun `every enumeration has the constants of the other side's`() {
        assertMirrored<dev.salekit.ffi.Charge, Charge>()
        assertMirrored<dev.salekit.ffi.DeclineAdvice, DeclineAdvice>()
        assertMirrored<dev.salekit.ffi.NotChargedReason, NotChargedReason>()
        assertMirrored<dev.salekit.ffi.UnknownReason, UnknownReason>()
        assertMirrored<dev.salekit.ffi.UnknownAdvice, UnknownAdvice>()
        assertMirrored<dev.salekit.ffi.FailureKind, FailureKind>()
        assertMirrored<dev.salekit.ffi.CardBrand, CardBrand>()
        assertMirrored<dev.salekit.ffi.CardField, CardField>()
        assertMirrored<dev.salekit.ffi.HolderFields, HolderFields>()
        assertMirrored<dev.salekit.ffi.Masking, Masking>()
        assertMirrored<dev.salekit.ffi.PacingProfile, PacingProfile>()
        assertMirrored<dev.salekit.ffi.LogLevel, LogLevel>()
    }

    private inline fun <reified F : Enum<F>, reified P : Enum<P>> assertMirrored() {
        assertEquals(enumValues<F>().map { it.name }, enumValues<P>().map { it.name })
    }

    @Test
    fun `every code has a sentence, and every sentence a code`() {
        val parties = dev.salekit.ffi.Parties("https://gateway.example", dev.salekit.ffi.MerchantServer.AppBackend)
        val errors = listOf(
            FfiException.SaleNotFound("7"), FfiException.SaleStillRunning("7"), FfiException.SaleDamaged("7", "x"),
            FfiException.SaleUnfinished("7"), FfiException.SaleOutcomeUnknown("7"), FfiException.SaleOutcomeFinal("7"),
            FfiException.OrderInUse("7"),
            FfiException.SaleForeign("7", parties, parties),
            FfiException.StorageFull("x"), FfiException.StorageDenied("x"), FfiException.StorageFailed("x"),
            FfiException.MerchantUnavailable(null, "x"), FfiException.NoRandomness("x"), FfiException.Internal("x"),
        ).map { it.toPublic() }
        val spoken = (displayable + errors).map { it.displayMessage }
        val keys = bundle()
        assertTrue(spoken.all { it in keys.values }, "$spoken")
        val others = keys.keys.map { "$it" }.filter { keys[it] !in spoken && !it.startsWith("rule.") }
        assertEquals(listOf("error.invalid_input"), others)
        assertEquals(FfiException::class.sealedSubclassNames(), errors.map { it.code }.toSet() + "invalid_input")
    }

    private fun kotlin.reflect.KClass<FfiException>.sealedSubclassNames(): Set<String> = java.declaredClasses
        .filter { java.isAssignableFrom(it) }
        .map { it.simpleName.replace(Regex("(?<=.)([A-Z])"), "_$1").lowercase() }
        .toSet()

    @Test
    fun `English is what the core says`() {
        for (advice in DeclineAdvice.values()) {
            assertEquals(adviceMessage(advice.mirrored()), advice.displayMessage(Locale.ENGLISH))
        }
        for (advice in UnknownAdvice.values()) {
            assertEquals(unknownAdviceMessage(advice.mirrored()), advice.displayMessage(Locale.ENGLISH))
        }
        for (kind in FailureKind.values()) {
            assertEquals(failureMessage(kind.mirrored()), kind.displayMessage(Locale.ENGLISH))
        }
    }

    @Test
    fun `a translation beside the bundle is used, and English where it has none`() {
        assertEquals("Es wurde nichts abgebucht.", Charge.NOT_CHARGED.displayMessage(Locale.GERMANY))
        assertEquals("The payment was made.", Charge.CHARGED.displayMessage(Locale.GERMANY))
    }

    @Test
    fun `a language that is not there is English, whatever the device speaks`() {
        val device = Locale.getDefault()
        try {
            Locale.setDefault(Locale.GERMANY)
            for (locale in listOf(Locale.FRANCE, Locale.US, Locale.ENGLISH, Locale.ROOT, Locale.forLanguageTag("sr-Latn-RS"))) {
                assertEquals("Nothing was charged.", Charge.NOT_CHARGED.displayMessage(locale), "$locale")
            }
            assertEquals("Es wurde nichts abgebucht.", Charge.NOT_CHARGED.displayMessage)
            assertEquals("Es wurde nichts abgebucht.", Charge.NOT_CHARGED.displayMessage(Locale.forLanguageTag("de-AT")))
        } finally {
            Locale.setDefault(device)
        }
    }

    @Test
    fun `amounts are read and written exactly`() {
        assertEquals(Money(1050, "EUR"), Money.parse("10.50", "EUR"))
        assertEquals("500 JPY", Money(500, "JPY").toString())
        assertEquals(3, Money.decimalsOf("KWD"))
        assertEquals("transaction.amountCentis", assertThrows<SaleKitException.InvalidInput> { Money.parse("1,5", "EUR") }.field)
        assertEquals("-1 minor units of EUR", Money(-1, "EUR").toString())
    }

    @Test
    fun `a configuration that cannot work is refused before anything is sent`() {
        val config = Fixtures.config()
        for (bad in listOf(
            config.copy(gatewayUrl = "http://gate.example"),
            config.copy(merchantUrl = "not an address"),
            config.copy(tls = TlsSettings(extraRootsPem = "nonsense")),
            config.copy(tls = TlsSettings(pins = listOf(PublicKeyPin("gate.example", "sha256/short", 1)))),
        )) {
            val error = assertThrows<SaleKitException.InvalidInput> { SaleClient(bad) }
            assertTrue(error.message.startsWith(error.field), error.message)
        }
        assertThrows<IllegalArgumentException> { Timeouts(processingMillis = -1) }
        assertThrows<IllegalArgumentException> { PublicKeyPin("gate.example", "sha256/short", -1) }
    }

    @Test
    fun `there are a version, brands and documented paths`() {
        assertTrue(Regex("""\d+\.\d+\.\d+""").matches(SaleKit.version))
        assertTrue(SaleKit.gatewayProfiles.any { it.sandboxUrl == "https://sandbox.toptechpay.net/payment" })
        assertTrue("{invoiceId}" in MerchantPaths.documented().sessionToken.orEmpty())
    }
}
