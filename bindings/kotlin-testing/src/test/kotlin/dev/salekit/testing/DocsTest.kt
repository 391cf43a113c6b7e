package dev.salekit.testing

import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File

/** The test in docs/android.md compiles and holds. */
class DocsTest {
    @Test
    fun `what the page shows is what is compiled here, word for word`() {
        val page = File("../../docs/android.md").readText()
        val compiled = File("src/test/kotlin/dev/salekit/testing/docs/CheckoutTest.kt").readText().substringAfterLast("\nimport ")
        assertTrue("```kotlin\n${compiled.substringAfter("\n\n").trim()}\n```" in page)
    }
}
