package dev.salekit

import com.google.gson.JsonParser
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.assertThrows
import java.io.File
import java.math.BigDecimal
import java.util.Locale

/** Amounts, configurations, and what is known without a sale. */
class ValuesTest {
    @TestFactory
    fun `amounts are read from texts and decimals, and never rounded`(): List<DynamicTest> {
        val amounts = JsonParser.parseString(File(System.getProperty("salekit.behaviour")).readText()).asJsonObject["amounts"].asJsonArray
        return amounts.map { it.asJsonObject }.map { own ->
            val (amount, currency) = own["amount"].asString to own["currency"].asString
            DynamicTest.dynamicTest("$amount $currency") {
                for (read in listOf({ Money.parse(amount, currency) }, { Money.of(BigDecimal(amount), currency) })) {
                    own["field"]?.let { field ->
                        assertEquals(field.asString, assertThrows<SaleKitException.InvalidInput> { read() }.field)
                    } ?: assertEquals(Money(own["minor_units"].asLong, currency), read())
                }
                own["shown"]?.let { shown ->
                    val money = Money(own["minor_units"].asLong, currency)
                    assertEquals(shown.asString, "$money")
                    assertEquals(BigDecimal(amount), money.toBigDecimal())
                }
            }
        }
    }

    @Test
    fun `a decimal is the same however it is written`() {
        assertEquals(Money(1050, "EUR"), Money.of(BigDecimal("10.500"), "EUR"))
        assertEquals(Money(1000, "EUR"), Money.of(BigDecimal("1E1"), "EUR"))
        for (amount in listOf("1E+999999999", "1E-999999999")) {
            assertThrows<SaleKitException.InvalidInput>(amount) { Money.of(BigDecimal(amount), "EUR") }
        }
        assertEquals("-1 minor units of EUR", Money(-1, "EUR").toString())
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
            if (core != null) assertEquals(core, Money.decimalsOf(code))
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
