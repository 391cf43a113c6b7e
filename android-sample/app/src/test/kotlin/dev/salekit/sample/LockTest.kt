package dev.salekit.sample

import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.File

/** Gradle's versions are those that the tests run with. */
class LockTest {
    private val locked = File(System.getProperty("sample.lock")).readLines().filter { it.isNotBlank() && !it.startsWith("#") }
        .associate { line -> line.split(' ').let { (group, artifact, version) -> "$group:$artifact" to version } }

    private val catalogue = File(System.getProperty("sample.catalogue")).readText()
    private val versions = Regex("""^([\w-]+) = "([\w.-]+)"$""", RegexOption.MULTILINE).findAll(catalogue).associate { it.groupValues[1] to it.groupValues[2] }
    private val build = File(System.getProperty("sample.build")).readText()

    private fun tested(name: String) = System.getProperty("sample.$name")

    @Test
    fun `Kotlin, coroutines and SaleKit are those of the tests`() {
        assertEquals(tested("kotlin"), versions["kotlin"])
        assertEquals(tested("coroutines"), versions["coroutines"])
        assertEquals(tested("version"), versions["salekit"])
        assertEquals(tested("version"), Regex("""versionName = "(.*)"""").find(build)?.groupValues?.get(1))
    }

    @Test
    fun `the build is as new as AndroidX asks for`() {
        val compileSdk = Regex("""compileSdk = (\d+)""").find(build)?.groupValues?.get(1)
        assertTrue("compileSdk $compileSdk", compileSdk!!.toInt() >= tested("least.compile.sdk").toInt())
        val plugin = versions["agp"]!!.split('.').map { it.toInt() }
        val least = tested("least.plugin").split('.').map { it.toInt() }
        assertTrue("plugin $plugin, least $least", compareValuesBy(plugin, least, { it[0] }, { it[1] }, { it[2] }) >= 0)
    }

    @Test
    fun `the version catalogue says what is locked`() {
        val modules = Regex("""module = "(androidx[\w.]*:[\w-]+)", version\.ref = "([\w-]+)"""").findAll(catalogue).toList()
        assertTrue(modules.size >= 6)
        for (module in modules) {
            val (name, version) = module.destructured
            // Gradle chooses Android's variant by itself.
            assertEquals(name, locked[name] ?: locked["$name-android"], versions[version])
        }
    }
}
