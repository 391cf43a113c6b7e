package dev.salekit.sample

import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.File

/** Gradle's versions are those that the tests run with. */
class LockTest {
    private val locked = File(System.getProperty("sample.lock")).readLines().filter { it.isNotBlank() && !it.startsWith("#") }
        .associate { line -> line.split(' ').let { (group, artifact, version) -> "$group:$artifact" to version } }

    @Test
    fun `the version catalogue says what is locked`() {
        val catalogue = File(System.getProperty("sample.catalogue")).readText()
        val versions = Regex("""^([\w-]+) = "([\w.-]+)"$""", RegexOption.MULTILINE).findAll(catalogue).associate { it.groupValues[1] to it.groupValues[2] }
        val modules = Regex("""module = "(androidx[\w.]*:[\w-]+)", version\.ref = "([\w-]+)"""").findAll(catalogue).toList()
        assertTrue(modules.size >= 6)
        for (module in modules) {
            val (name, version) = module.destructured
            // Gradle chooses Android's variant by itself.
            assertEquals(name, locked[name] ?: locked["$name-android"], versions[version])
        }
    }
}
