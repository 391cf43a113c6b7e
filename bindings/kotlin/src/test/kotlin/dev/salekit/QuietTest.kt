package dev.salekit

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.io.File
import java.lang.reflect.Field
import java.lang.reflect.Modifier
import java.lang.reflect.ParameterizedType
import java.lang.reflect.Type

/**
 * What `toString` shows of every class in the library's packages, the generated ones included. Each is made with all its
 * members filled, whatever its constructors want, so a class or a member that is added is looked at by itself: what it
 * shows must be in [mayBeShown], or the test fails.
 */
class QuietTest {
    private val root = File(SaleClient::class.java.protectionDomain.codeSource.location.toURI())

    private val classes: List<Class<*>> = listOf("dev/salekit", "dev/salekit/ffi")
        .flatMap { root.resolve(it).listFiles { file -> file.name.endsWith(".class") }!!.toList() }
        .map { Class.forName(it.relativeTo(root).path.removeSuffix(".class").replace('/', '.'), false, javaClass.classLoader) }

    /**
     * Neither personal nor secret: amounts, the gateway's and the merchant's own names for things, what the core has cleaned,
     * addresses of servers.
     */
    private val mayBeShown = setOf(
        "GatewayProfile.name", "GatewayProfile.productionUrl", "GatewayProfile.sandboxUrl",
        "CardHints.brandName", "CardHints.securityCodeName",
        "CardSummary.display", "CardSummary.last4",
        "DamagedSale.detail", "DamagedSale.id", "DamagedSale.invoiceId", "DamagedSale.merchantOrderId",
        "ForeignSale.id", "ForeignSale.invoiceId", "ForeignSale.merchantOrderId",
        "PublicKeyPin.host", "PublicKeyPin.pin",
        "LogLine.origin", "LogLine.text",
        "MerchantServer\$At.url", "Money.currency", "Parties.gatewayUrl",
        "PendingSale.id", "PendingSale.invoiceId", "PendingSale.merchantOrderId",
        "SaleChallenge.saleId",
        "SaleClientConfig.gatewayUrl", "SaleClientConfig.merchantUrl", "SaleClientConfig.storeDirectory",
        "SaleKitException.message",
        "SaleOutcome\$Approved.bankOrderId", "SaleOutcome\$Approved.invoiceId", "SaleOutcome\$Approved.orderCreated",
        "SaleOutcome\$Approved.orderId", "SaleOutcome\$Approved.transactionCreated",
        "SaleOutcome\$Declined.bankOrderId", "SaleOutcome\$Declined.invoiceId", "SaleOutcome\$Declined.orderId",
        "SaleOutcome\$Declined.gatewayMessage",
        "SaleOutcome\$NotCharged.detail", "SaleOutcome\$NotCharged.invoiceId",
        "SaleOutcome\$NotCharged.supportReference",
        "SaleOutcome\$Unknown.detail", "SaleOutcome\$Unknown.invoiceId", "SaleOutcome\$Unknown.orderId",
        "SaleState\$Other.name",
        "MerchantPaths.accessToken", "MerchantPaths.initiate", "MerchantPaths.sessionToken", "MerchantPaths.storedCard",
        "StoredCard.bin", "StoredCard.last4",
        "ThreeDSecureStatus\$Other.word",
        "TlsSettings.extraRootsPem",
        "Validity\$Invalid.detail", "Validity\$Invalid.rule",
        "ffi.CallbackException\$Failed.detail",
        "ffi.CallbackException\$StorageDenied.detail",
        "ffi.CallbackException\$StorageFull.detail",
        "ffi.SaleKitException\$Internal.detail",
        "ffi.SaleKitException\$InvalidInput.detail", "ffi.SaleKitException\$InvalidInput.field",
        "ffi.SaleKitException\$InvalidInput.rule",
        "ffi.SaleKitException\$NoRandomness.detail",
        "ffi.SaleKitException\$OrderInUse.saleId",
        "ffi.SaleKitException\$SaleForeign.saleId", "ffi.SaleKitException\$SaleOutcomeFinal.saleId",
        "ffi.SaleKitException\$SaleOutcomeUnknown.saleId", "ffi.SaleKitException\$SaleUnfinished.saleId",
        "ffi.SaleKitException\$SaleDamaged.detail", "ffi.SaleKitException\$SaleDamaged.saleId",
        "ffi.SaleKitException\$SaleNotFound.saleId",
        "ffi.SaleKitException\$SaleStillRunning.saleId",
        "ffi.SaleKitException\$MerchantUnavailable.detail",
        "ffi.SaleKitException\$StorageDenied.detail",
        "ffi.SaleKitException\$StorageFailed.detail",
        "ffi.SaleKitException\$StorageFull.detail",
    )

    private val unsafe = sun.misc.Unsafe::class.java.getDeclaredField("theUnsafe").apply { isAccessible = true }
        .get(null) as sun.misc.Unsafe

    private fun fields(type: Class<*>): List<Field> = generateSequence(type) { it.superclass }
        .takeWhile { it.name.startsWith("dev.salekit.") }
        .flatMap { it.declaredFields.asSequence() }
        .filter { !Modifier.isStatic(it.modifiers) && !it.isSynthetic }
        .toList()

    /** What stands in a text member: where it is declared, so that a finding names its source. */
    private fun mark(field: Field) = "<${field.declaringClass.name.removePrefix("dev.salekit.")}.${field.name}>"

    private fun filled(type: Class<*>, depth: Int = 0): Any? {
        if (type.isEnum) return type.enumConstants.first()
        val concrete = if (isMade(type)) type else classes.firstOrNull { type.isAssignableFrom(it) && isMade(it) && fields(it).isNotEmpty() }
        if (concrete == null || depth > 6) return null
        return unsafe.allocateInstance(concrete).also { made ->
            for (field in fields(concrete)) fill(made, field, depth)
        }
    }

    private fun fill(made: Any, field: Field, depth: Int) {
        val at = unsafe.objectFieldOffset(field)
        when (field.type) {
            java.lang.Double.TYPE -> unsafe.putDouble(made, at, 52.516275)
            java.lang.Long.TYPE -> unsafe.putLong(made, at, 7)
            java.lang.Integer.TYPE -> unsafe.putInt(made, at, 7)
            java.lang.Short.TYPE -> unsafe.putShort(made, at, 7)
            java.lang.Boolean.TYPE -> unsafe.putBoolean(made, at, true)
            else -> unsafe.putObject(made, at, value(field, field.genericType, depth))
        }
    }

    private fun value(field: Field, type: Type, depth: Int): Any? = when {
        type == String::class.java -> mark(field)
        type == ByteArray::class.java -> mark(field).toByteArray()
        type == java.lang.Double::class.java -> 52.516275
        type == java.lang.Long::class.java -> 7L
        type is ParameterizedType && type.rawType == List::class.java ->
            listOfNotNull(value(field, type.actualTypeArguments[0].let { (it as? java.lang.reflect.WildcardType)?.upperBounds?.first() ?: it }, depth))
        type is Class<*> && type.name.startsWith("dev.salekit.") -> filled(type, depth + 1)
        else -> null
    }

    private fun isMade(type: Class<*>) = !type.isInterface && !Modifier.isAbstract(type.modifiers) && !type.isEnum

    /** Classes with texts of their own to show: all others show what `Object`, an enumeration or a lambda does. */
    private fun speaks(type: Class<*>) = type.getMethod("toString").declaringClass
        .let { it.name.startsWith("dev.salekit.") || it == Throwable::class.java }

    @Test
    fun `no class shows anything personal`() {
        val spoken = classes.filter { isMade(it) && !it.isSynthetic && fields(it).isNotEmpty() && speaks(it) }
        assertTrue(spoken.size > 60 && Consumer::class.java in spoken, "${spoken.size}: $spoken")
        val seen = sortedSetOf<String>()
        for (type in spoken) {
            val made = filled(type)
            val shown = try {
                // What an exception holds is its message, too.
                made.toString() + ((made as? Throwable)?.message ?: "")
            } catch (_: NullPointerException) {
                // It asks the native library, which is not there. What it shows comes from there, and is looked at there.
                assertTrue(type in setOf(Sale::class.java), "$type cannot be shown")
                continue
            }
            seen += Regex("<([^<>]*)>").findAll(shown).map { it.groupValues[1] }
            assertTrue("52.516275" !in shown, "$type shows where somebody is: $shown")
        }
        assertEquals(emptyList<String>(), seen.filter { it !in mayBeShown }, "these are shown; may they be?")
        assertEquals(emptyList<String>(), mayBeShown.filter { it !in seen }, "these are not shown any more")
    }
}
