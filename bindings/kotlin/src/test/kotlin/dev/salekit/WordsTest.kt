package dev.salekit

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Enumerations that are the same on both sides of the border, amounts, and what is known without a sale. */
class WordsTest {
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
