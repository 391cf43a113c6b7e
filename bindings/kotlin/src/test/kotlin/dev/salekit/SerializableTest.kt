package dev.salekit

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.ByteArrayInputStream
import java.io.ByteArrayOutputStream
import java.io.File
import java.io.ObjectInputStream
import java.io.ObjectOutputStream
import java.io.ObjectStreamClass
import java.io.Serializable
import java.lang.reflect.Modifier

/** What an app can put into an Intent, a Bundle or a SavedStateHandle, and what it cannot. */
class SerializableTest {
    private val money = Money(1050, "EUR")
    private val card = CardSummary(CardBrand.VISA, "1111", 16, "Visa •••• 1111")
    private val approved = SaleOutcome.Approved("i", "7", "8", money, money, 1, "now", "then", ThreeDSecureStatus.Other("WORD"), card)
    private val parties = Parties("https://gate.example", MerchantServer.At("https://shop.example"))
    private val pending = PendingSale("7", SaleState.Finished(approved), money, "order 7", "i", 1)
    private val foreign = ForeignSale("7", parties, money, "order 7", "i", 1)
    private val damaged = DamagedSale("7", "i", "order 7", money, "no")

    private val examples: List<Serializable> = listOf(
        money, card, approved, parties, pending, foreign, damaged,
        PendingSales(listOf(pending), listOf(foreign), listOf(damaged)),
        SaleOutcome.Declined("i", "7", "8", 5, "no", ThreeDSecureStatus.Unsupported, DeclineAdvice.CONTACT_BANK),
        SaleOutcome.NotCharged("i", NotChargedReason.CANCELLED, "no", FailureKind.TIMED_OUT, "7"),
        SaleOutcome.Unknown("i", UnknownReason.STILL_PROCESSING, UnknownAdvice.ASK_MERCHANT, "7", "no"),
        ThreeDSecureStatus.Authenticated, ThreeDSecureStatus.NotAuthenticated, ThreeDSecureStatus.Unsupported,
        ThreeDSecureStatus.Other("WORD"),
        SaleState.Initiating, SaleState.Performing, SaleState.Recovering, SaleState.Processing,
        SaleState.Challenge("", true), SaleState.Finished(approved), SaleState.Other("later"),
        MerchantServer.At("https://shop.example"), MerchantServer.AppBackend,
        SaleLocation(52.5, 13.4), CardExpiry(12, 2030),
        StoredCard("card-1", "411111", true, CardBrand.VISA, "1111", CardExpiry(12, 2030)),
    )

    private val classes: List<Class<*>> = File(SaleClient::class.java.protectionDomain.codeSource.location.toURI())
        .resolve("dev/salekit").listFiles { file -> file.name.endsWith(".class") }!!
        .map { Class.forName("dev.salekit.${it.nameWithoutExtension}") }

    private fun serialized(value: Any): ByteArray =
        ByteArrayOutputStream().also { ObjectOutputStream(it).use { stream -> stream.writeObject(value) } }.toByteArray()

    private fun deserialized(bytes: ByteArray): Any = ObjectInputStream(ByteArrayInputStream(bytes)).use { it.readObject() }

    @Test
    fun `what is serializable is read as it was written`() {
        for (example in examples) {
            val again = deserialized(serialized(example))
            assertEquals(example, again)
            // Kotlin's objects are compared by identity.
            if (example::class.objectInstance() != null) assertSame(example, again)
            assertEquals(1, ObjectStreamClass.lookup(example.javaClass).serialVersionUID, "$example")
        }
    }

    private fun kotlin.reflect.KClass<*>.objectInstance(): Any? =
        java.declaredFields.firstOrNull { it.name == "INSTANCE" && Modifier.isStatic(it.modifiers) }?.get(null)

    @Test
    fun `every serializable class has an example`() {
        val serializable = classes.filter {
            Serializable::class.java.isAssignableFrom(it) && !it.isInterface && !it.isEnum && !it.isSynthetic &&
                !Modifier.isAbstract(it.modifiers) && !Throwable::class.java.isAssignableFrom(it) && Modifier.isPublic(it.modifiers)
        }.filter { !kotlin.jvm.internal.Lambda::class.java.isAssignableFrom(it) }
        assertEquals(serializable.map { it.name }.sorted(), examples.map { it.javaClass.name }.distinct().sorted())
    }

    @Test
    fun `the address of a challenge's page is not written`() {
        val page = "https://acs.example/the-way-into-the-challenge"
        val bytes = serialized(pending.copy(state = SaleState.Challenge(page, true)))
        assertFalse(page in String(bytes, Charsets.ISO_8859_1))
        assertEquals(SaleState.Challenge("", true), (deserialized(bytes) as PendingSale).state)
    }

    @Test
    fun `what holds card data, a token or who somebody is cannot be serialized`() {
        val secret = listOf(
            CardForm::class, FieldState::class, SaleRequest::class, StoredCardPayment::class, Consumer::class, InitiateSaleRequest::class,
            InvoiceRequest::class, InitiatedSale::class, SessionAnswer::class, SessionAnswer.Token::class, Challenge::class,
            Sale::class, SaleClient::class,
        )
        for (type in secret) assertFalse(Serializable::class.java.isAssignableFrom(type.java), "$type")
        // A new class is looked at: it is serializable and has an example, or it is not and stands here for a reason.
        assertTrue(classes.size > 60)
    }
}
