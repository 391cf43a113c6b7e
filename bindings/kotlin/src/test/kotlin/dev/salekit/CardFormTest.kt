package dev.salekit

import com.google.gson.JsonObject
import com.google.gson.JsonParser
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.assertThrows
import java.io.File

/** The card form through its Kotlin surface: every edit and every value crosses. What it knows of cards is tested in the core. */
class CardFormTest {
    @TestFactory
    fun `each edit answers with the field's state`(): List<DynamicTest> {
        val lists = JsonParser.parseString(File(System.getProperty("salekit.behaviour")).readText()).asJsonObject["card_form"].asJsonArray
        return lists.map { it.asJsonObject }.map { own ->
            DynamicTest.dynamicTest(own["name"].asString) {
                CardForm().use { form -> for (step in own["steps"].asJsonArray) form.check(step.asJsonObject) }
            }
        }
    }

    private fun CardForm.check(step: JsonObject) {
        val field = CardField.valueOf(step["in"].asString.uppercase())
        val state = step["refused"]?.let { rule ->
            assertEquals(rule.asString, assertThrows<SaleKitException.InvalidInput>("$step") { edit(field, step) }.rule)
            state(field)
        } ?: edit(field, step)
        assertEquals(field, state.field)
        step["display"]?.let { assertEquals(it.asString, state.display, "$step") }
        step["caret"]?.let { assertEquals(it.asInt, state.caret, "$step") }
        step["brand"]?.let { assertEquals(it.asString, state.brand.name.lowercase(), "$step") }
        step["validity"]?.let { assertEquals(it.asString, word(state.validity), "$step") }
        if (state.display.isNotEmpty()) assertFalse(state.display in "$state", "$step")
    }

    private fun CardForm.edit(field: CardField, step: JsonObject): FieldState {
        fun text() = step["text"].asString
        fun at(name: String) = step[name].asInt
        return when (val edit = step["do"].asString) {
            "type" -> text().fold(state(field)) { state, key -> insert(field, state.caret, key.code) }
            "paste" -> paste(field, text().toByteArray())
            "replace" -> replace(field, at("start"), at("end"), text().toByteArray())
            "delete" -> delete(field, at("start"), at("end"))
            "delete_forward" -> deleteForward(field, at("start"), at("end"))
            "focus_gained" -> focusGained(field)
            "focus_lost" -> focusLost(field)
            "clear" -> clear(field)
            "conceal" -> conceal().let { state(field) }
            "mask" -> setMasking(Masking.valueOf(text().uppercase())).let { state(field) }
            else -> error("there is no $edit")
        }
    }

    private fun word(validity: Validity) = (validity as? Validity.Invalid)?.code ?: "$validity".lowercase()

    @Test
    fun `what the number says of the card, and what is missing`() {
        CardForm().use { form ->
            form.paste(CardField.NUMBER, Fixtures.VISA.toByteArray())
            val hints = form.hints
            assertEquals("Visa", hints.brandName)
            assertEquals(3 to 3, hints.shortestSecurityCode to hints.longestSecurityCode)
            assertTrue(16 in hints.numberLengths)
            assertEquals(listOf(CardField.EXPIRY, CardField.SECURITY_CODE, CardField.PRINTED_NAME), form.missing)
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
