package dev.salekit

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File
import java.lang.reflect.Constructor
import java.lang.reflect.Executable
import java.lang.reflect.Method
import java.lang.reflect.Modifier

/** What Kotlin and Java see of the library. */
class SurfaceTest {
    private val classes: List<Class<*>> = File(SaleClient::class.java.protectionDomain.codeSource.location.toURI())
        .resolve("dev/salekit").listFiles { file -> file.name.endsWith(".class") }!!
        .map { Class.forName("dev.salekit.${it.nameWithoutExtension}") }

    private fun isPublic(modifiers: Int) = modifiers and (Modifier.PUBLIC or Modifier.PROTECTED) != 0

    /** Kotlin's `internal` is public to the JVM: methods have a mark in their names, classes and constructors in their metadata. */
    private fun isVisible(member: Executable) =
        isPublic(member.modifiers) && !member.isSynthetic && '$' !in member.name && "-" !in member.name

    private fun internalClasses() =
        setOf(
            "Messages", "PresenterAdapter", "SaleChallenge", "StoreAdapter", "MerchantAdapter", "HeadersAdapter",
            "ClientCore", "SaleCore", "FfiClientCore", "FfiSaleCore", "OutcomeCharges",
        )

    private val visible = classes.filter { isPublic(it.modifiers) && !it.isSynthetic && it.simpleName !in internalClasses() }

    @Test
    fun `nothing of the generated code is in a visible method`() {
        val methods = visible.flatMap { it.declaredMethods.toList() }.filter(::isVisible)
        assertTrue(methods.size > 200, "${methods.size}")
        val leaks = methods.filter { "dev.salekit.ffi" in it.toGenericString() }.map(Method::toGenericString)
        assertEquals(emptyList<String>(), leaks)
    }

    @Test
    fun `nothing of the generated code is in a visible constructor`() {
        val leaks = visible.flatMap { it.declaredConstructors.toList() }.filter(::isVisible)
            .filter { "dev.salekit.ffi" in it.toGenericString() }.map(Constructor<*>::toGenericString)
        assertEquals(emptyList<String>(), leaks)
    }

    @Test
    fun `no property holds card data`() {
        val properties = visible.flatMap { it.declaredMethods.toList() }.filter(::isVisible)
            .filter { it.name.startsWith("get") && it.parameterCount == 0 }
            // What the merchant tells of a card that it keeps: shown, so that the payer knows it. Nothing of a form says it.
            .filter { it.declaringClass != StoredCard::class.java || it.name != "getExpiry" }
            .map { it.name.removePrefix("get").lowercase() }
        assertTrue("last4" in properties)
        assertEquals(emptyList<String>(), properties.filter { it in setOf("number", "pan", "securitycode", "cvv", "expiry") })
    }
}
