package dev.salekit.sample

import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.File

/** What README.md says of the tests is there. */
class ReadmeTest {
    private val table = File("README.md").readText().substringAfter("### What proves which case\n").substringBefore("\nThe pictures are")
        .lines().filter { it.startsWith("| ") && "---" !in it }.drop(1).map { row -> row.trim('|').split('|').map { it.trim() } }

    private fun named(cell: String) = Regex("`([^`]+)`").findAll(cell).map { it.groupValues[1] }.toList()

    @Test
    fun `every test in the table of cases exists`() {
        assertTrue("${table.size} cases", table.size >= 8)
        val android = SaleTest::class.java.methods.filter { it.isAnnotationPresent(Test::class.java) }.map { it.name }
        for ((case, onAndroid, onIos) in table) {
            assertTrue(case, named(onAndroid).isNotEmpty())
            for (name in named(onAndroid)) assertTrue("$case: $name", name in android)
            for (name in named(onIos)) {
                val (suite, test) = name.split('.')
                val source = File("../ios-sample/Tests/ShopTests/$suite.swift").readText()
                assertTrue("$case: $name", "@Test func $test()" in source)
            }
        }
    }
}
