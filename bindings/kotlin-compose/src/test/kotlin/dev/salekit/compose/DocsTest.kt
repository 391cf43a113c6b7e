package dev.salekit.compose

import org.junit.Assert.assertEquals
import org.junit.Test
import java.io.File

/** The card fields in docs/android.md are what is compiled here. */
class DocsTest {
    @Test
    fun `what the page shows is what is compiled here, word for word`() {
        val page = File("../../docs/android.md").readText().substringAfter("\n## Card fields\n").substringBefore("\n## ")
        val shown = Regex("```kt\n(.*?)\n```", RegexOption.DOT_MATCHES_ALL).findAll(page).map { it.groupValues[1] }
        val compiled = File("src/test/kotlin/dev/salekit/compose/docs/CardScreen.kt").readText().substringAfterLast("\nimport ")
        assertEquals(compiled.substringAfter("\n\n").trim(), shown.joinToString("\n\n"))
    }
}
