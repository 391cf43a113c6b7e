package dev.salekit.compose

import dev.salekit.CardForm
import dev.salekit.StoredCard
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import java.util.Locale

/** What needs no screen. */
class PartsTest {
    @Test
    fun `brands have letters of their own`() {
        assertEquals("VI", letters("Visa"))
        assertEquals("AE", letters("American Express"))
        assertEquals("UP", letters("UnionPay"))
        assertEquals("JCB", letters("JCB"))
    }

    @Test
    fun `the hint for the expiry is in the payer's language`() {
        assertEquals("MM/JJ", expiryHint(Locale.GERMAN))
        assertEquals("MM/YY", expiryHint(Locale.JAPANESE))
    }

    @Test
    fun `texts become bytes`() {
        assertArrayEquals("дA".toByteArray(), utf8("xдAx", 1, 3))
    }

    @Test
    fun `nothing here prints what was typed`() {
        assertEquals("CardFormHolder(…)", CardFormHolder().use { it.toString() })
        assertEquals("StoredCardCode(…)", StoredCardCode().toString())
    }

    @Test
    fun `a stored card's code is used once`() {
        StoredCardCode().use { code ->
            assertNull(code.payment(StoredCard("1")))
            code.type(0, 0, "12")
            assertFalse(code.isComplete)
            code.type(1, 2, "34")
            assertTrue(code.isComplete)
            assertEquals("•••", code.text.text.toString())
            code.type(3, 3, "5")
            // A fifth digit, or what is none, is refused.
            code.type(4, 4, "6")
            code.type(0, 4, "abc")
            assertEquals("••••", code.text.text.toString())
            assertEquals("1", code.payment(StoredCard("1"))!!.card.clientCardId)
            assertFalse(code.isComplete)
            assertEquals("", code.text.text.toString())
        }
    }

    private fun StoredCardCode.type(start: Int, end: Int, typed: String) {
        text.edit {
            replace(start, end, typed)
            with(edits) { transformInput() }
        }
    }

    @Test
    fun `a closed holder is quiet`() {
        val card = CardFormHolder()
        val form: CardForm = card.form
        card.close()
        card.close()
        card.refresh()
        card.wipe()
        card.conceal()
        assertTrue(runCatching { form.missing }.isFailure)
    }
}
