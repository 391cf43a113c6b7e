package dev.salekit

import dev.salekit.readme.sell
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File

/** The README's ten lines are a file that compiles and makes a sale. */
class ReadmeTest {
    private val readme = File(System.getProperty("salekit.readme"))

    @Test
    fun `the ten lines are in the README word for word`() {
        val lines = readme.resolveSibling("src/test/kotlin/dev/salekit/readme/TenLines.kt").readText()
        val code = lines.substringAfter("package dev.salekit.readme\n\n").trim()
        assertEquals(10, code.substringAfter("\n\n").lines().count { it.isNotBlank() }, code)
        assertTrue("```kotlin\n$code\n```" in readme.readText())
    }

    @Test
    fun `the ten lines make a sale`() = runBlocking {
        assertEquals("Paid 10.50 EUR", sell(Fixtures.config(), Fixtures.card("123")))
        assertEquals("Try another card.", sell(Fixtures.config(), Fixtures.card("116")))
    }
}
