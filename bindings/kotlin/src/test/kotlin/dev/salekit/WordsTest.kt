package dev.salekit

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import java.math.BigDecimal
import java.util.Locale

/** Amounts, and what is known without a sale. */
class WordsTest {
    @Test
    fun `amounts are read and written exactly`() {
        assertEquals(Money(1050, "EUR"), Money.parse("10.50", "EUR"))
        assertEquals("500 JPY", Money(500, "JPY").toString())
        assertEquals(3, Money.decimalsOf("KWD"))
        assertEquals("transaction.amountCentis", assertThrows<SaleKitException.InvalidInput> { Money.parse("1,5", "EUR") }.field)
        assertEquals("-1 minor units of EUR", Money(-1, "EUR").toString())
    }

    @Test
    fun `amounts are made of decimals and become them, and are never rounded`() {
        assertEquals(Money(1050, "EUR"), Money.of(BigDecimal("10.50"), "EUR"))
        assertEquals(Money(1050, "EUR"), Money.of(BigDecimal("10.500"), "EUR"))
        assertEquals(Money(1000, "EUR"), Money.of(BigDecimal("1E1"), "EUR"))
        assertEquals(Money(500, "JPY"), Money.of(BigDecimal(500), "JPY"))
        for ((amount, currency) in listOf(
            "10.505" to "EUR", "0.5" to "JPY", "0" to "EUR", "-1" to "EUR", "1E+999999999" to "EUR", "1E-999999999" to "EUR",
            "92233720368547758.08" to "EUR", "1" to "XXX", "1" to "eur",
        )) {
            val error = assertThrows<SaleKitException.InvalidInput>("$amount $currency") { Money.of(BigDecimal(amount), currency) }
            assertTrue(error.field.startsWith("transaction."), error.field)
        }
        assertEquals(BigDecimal("10.50"), Money(1050, "EUR").toBigDecimal())
        assertEquals(BigDecimal("500"), Money(500, "JPY").toBigDecimal())
        assertEquals(BigDecimal("1.234"), Money(1234, "KWD").toBigDecimal())
        assertThrows<SaleKitException.InvalidInput> { Money(1, "XXX").toBigDecimal() }
    }

    @Test
    fun `amounts are formatted as people write them, with the currency's own decimals`() {
        fun plain(text: String) = text.replace('\u00a0', ' ').replace('\u202f', ' ')
        assertEquals("€10.50", plain(Money(1050, "EUR").format(Locale.US)))
        assertEquals("10,50 €", plain(Money(1050, "EUR").format(Locale.GERMANY)))
        assertEquals("1.234.567,89 €", plain(Money(123456789, "EUR").format(Locale.GERMANY)))
        // Where the platform has another idea, or none: the Iceland króna has no decimals, the Zimbabwe gold is of 2024.
        assertEquals("500", plain(Money(500, "ISK").format(Locale.US)).filter { it.isDigit() || it == '.' })
        assertEquals("ZWG10.50", plain(Money(1050, "ZWG").format(Locale.US)).replace(" ", ""))
        assertEquals("1.234", plain(Money(1234, "KWD").format(Locale.US)).filter { it.isDigit() || it == '.' })
        assertThrows<SaleKitException.InvalidInput> { Money(1, "XXX").format(Locale.US) }
    }

    @Test
    fun `every number of decimals is the core's`() {
        for (code in java.util.Currency.getAvailableCurrencies().map { it.currencyCode } + listOf("ZWG", "XCG", "BYR", "XXX", "eur")) {
            val core = try {
                dev.salekit.ffi.currencyExponent(code).toInt()
            } catch (_: dev.salekit.ffi.SaleKitException) {
                null
            }
            assertEquals(core, exponentOf(code), code)
        }
    }

    @Test
    fun `a configuration that cannot work is refused before anything is sent`() {
        val config = Fixtures.config()
        for (bad in listOf(
            config.copy(gatewayUrl = "http://gate.example"),
            config.copy(gatewayUrl = "https://gate.example", pacing = PacingProfile.TEST),
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
