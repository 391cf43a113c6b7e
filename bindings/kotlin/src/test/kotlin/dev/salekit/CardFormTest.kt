package dev.salekit

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import java.util.Locale

/** The card form through its Kotlin surface. What it knows of cards is tested in the core. */
class CardFormTest {
    @Test
    fun `a number typed key by key is grouped, masked and recognised`() {
        CardForm().use { form ->
            form.setMasking(Masking.MASKED)
            var state = form.state(CardField.NUMBER)
            assertEquals(Validity.Empty, state.validity)
            for (key in Fixtures.VISA) {
                state = form.insert(CardField.NUMBER, state.caret, key.code)
            }
            assertEquals(Validity.Valid, state.validity)
            assertEquals(CardBrand.VISA, state.brand)
            assertFalse(Fixtures.VISA in state.display.filter(Char::isDigit))
            assertTrue(state.display.endsWith("1111"))
            assertFalse("1111" in state.toString())
            val hints = form.hints
            assertEquals("Visa", hints.brandName)
            assertEquals(3 to 3, hints.shortestSecurityCode to hints.longestSecurityCode)
            assertTrue(16 in hints.numberLengths)
            assertEquals(listOf(CardField.EXPIRY, CardField.SECURITY_CODE, CardField.PRINTED_NAME).toSet(), form.missing.toSet())
            form.setMasking(Masking.HIDDEN)
            form.conceal()
            assertFalse(form.state(CardField.NUMBER).display.any(Char::isDigit))
            assertEquals(Validity.Incomplete, form.delete(CardField.NUMBER, 0, 4).validity)
            assertEquals(Validity.Empty, form.clear(CardField.NUMBER).validity)
        }
    }

    private fun CardForm.type(field: CardField, keys: String): FieldState {
        var state = state(field)
        for (key in keys) state = insert(field, state.caret, key.code)
        return state
    }

    @Test
    fun `who types a number sees it until the field is left`() {
        CardForm().use { form ->
            assertEquals("4111 11", form.type(CardField.NUMBER, "411111").display)
            assertEquals("•••• ••", form.focusLost(CardField.NUMBER).display)
            assertEquals("4111 11", form.focusGained(CardField.NUMBER).display)
            assertEquals("4111 1111 1111 1111", form.type(CardField.NUMBER, Fixtures.VISA.drop(6)).display)
            assertEquals("4111 11•• •••• 1111", form.focusLost(CardField.NUMBER).display)
            assertEquals("4111 11•• •••• 1111", form.focusGained(CardField.NUMBER).display)
        }
    }

    @Test
    fun `both keys that delete get past a separator, each in its direction`() {
        CardForm().use { form ->
            form.type(CardField.NUMBER, "401287")
            assertEquals("4012 7", form.deleteForward(CardField.NUMBER, 4, 5).display)
            assertEquals("4017", form.delete(CardField.NUMBER, 4, 5).display)
        }
    }

    @Test
    fun `what may go on is told from what is complete, and any keyboard will do`() {
        CardForm().use { form ->
            val possible = form.type(CardField.NUMBER, "675964982648")
            assertEquals(Validity.Possible to CardBrand.MAESTRO, possible.validity to possible.brand)
            assertEquals(Validity.Valid, form.focusLost(CardField.NUMBER).validity)
            assertEquals(Validity.Incomplete, form.type(CardField.EXPIRY, "12/20").validity)
            assertEquals(Validity.Valid, form.paste(CardField.EXPIRY, "٢٠٤٠-١٢".toByteArray()).validity)
            form.clear(CardField.NUMBER)
            assertEquals(CardBrand.BELKART, form.type(CardField.NUMBER, "9112").brand)
            assertEquals("Belkart", form.hints.brandName)
        }
    }

    @Test
    fun `bytes that are given are wiped, whether they are taken or refused`() {
        CardForm(HolderFields.FIRST_AND_LAST_NAME).use { form ->
            assertTrue(CardField.LAST_NAME in form.fields)
            val number = Fixtures.VISA.toByteArray()
            assertEquals(Validity.Valid, form.paste(CardField.NUMBER, number).validity)
            assertTrue(number.all { it == 0.toByte() })
            val name = "4111a".toByteArray()
            assertThrows<SaleKitException.InvalidInput> { form.replace(CardField.NUMBER, 0, 0, name) }
            assertTrue(name.all { it == 0.toByte() })
            assertThrows<SaleKitException.InvalidInput> { form.paste(CardField.NUMBER, byteArrayOf(-1, -2)) }
            assertEquals(Validity.Empty, form.paste(CardField.FIRST_NAME, byteArrayOf()).validity)
            form.wipe()
            assertEquals(Validity.Empty, form.state(CardField.NUMBER).validity)
        }
    }

    @Test
    fun `what is wrong with a field has a code and a sentence`() {
        CardForm().use { form ->
            val state = form.paste(CardField.NUMBER, "4111111111111112".toByteArray())
            val invalid = assertInstanceOf(Validity.Invalid::class.java, state.validity)
            assertEquals("check_digit", invalid.code)
            assertEquals("Please check the number for a typing mistake.", invalid.displayMessage(Locale.ENGLISH))
        }
    }

    @Test
    fun `a card that is not complete is refused and stays in its form`() {
        val form = Fixtures.card("12")
        SaleClient(Fixtures.config()).use { client ->
            val error = assertThrows<SaleKitException.InvalidInput> { client.start(Fixtures.request(source = form)) }
            assertEquals("sourceOfFunds.card.securityCode", error.field)
            assertEquals(listOf(CardField.SECURITY_CODE), form.missing)
            form.paste(CardField.SECURITY_CODE, "123".toByteArray())
            val sale = client.start(Fixtures.request(source = form))
            assertEquals(Validity.Empty, form.state(CardField.NUMBER).validity)
            assertEquals(Charge.CHARGED, sale.outcomeFuture().get().charge)
        }
        form.close()
        form.close()
        assertThrows<IllegalStateException> { form.missing }
        assertFalse("4111" in form.toString())
    }
}
