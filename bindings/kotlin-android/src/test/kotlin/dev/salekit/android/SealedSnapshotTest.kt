package dev.salekit.android

import android.security.KeyStoreException
import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.UserNotAuthenticatedException
import dev.salekit.Charge
import dev.salekit.Fixtures
import dev.salekit.MapStore
import dev.salekit.SaleClient
import dev.salekit.SaleKitException
import dev.salekit.SaleState
import dev.salekit.Sandbox
import dev.salekit.SnapshotStoreException
import dev.salekit.eventually
import kotlinx.coroutines.runBlocking
import org.json.JSONObject
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import java.io.File
import java.security.InvalidKeyException
import java.security.UnrecoverableKeyException
import javax.crypto.spec.SecretKeySpec

/** What can still be said of a sale whose key is gone. The Keystore is a stand-in: see [FakeKeystore]. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 35])
class SealedSnapshotTest {
    private val store by lazy { AppPrivateSnapshotStore(app) }
    private val folder get() = File(app.noBackupFilesDir, "salekit")
    private val file get() = File(folder, "a.sale")
    private val snapshot =
        """{"version":2,"sale":{"order":{"merchant_order_id":"lunch \"no. 7\"\n\u20ac","amount":{"minor_units":1050}},"list":[{"a":null}],
            "phase":{"invoice_id":"inv/1","token":"secret-token"},"merchant_order_id":"not this"}}""".toByteArray()

    @Before
    fun system() {
        FakeKeystore.install()
        ShadowOs.reset()
    }

    private fun failure(call: () -> Unit) = assertThrows(SnapshotStoreException::class.java) { call() }

    @Test
    fun `invoice id and merchant order id are in clear beside what is sealed, and nothing else is`() {
        store.save("a", snapshot)
        assertArrayEquals(snapshot, store.load("a"))
        val stored = String(file.readBytes(), Charsets.ISO_8859_1)
        assertTrue("inv" in stored && "lunch" in stored)
        for (hidden in listOf("secret-token", "version", "1050", "not this", "\"order\"")) assertFalse(hidden, hidden in stored)
    }

    @Test
    fun `a sale whose key is lost or refused is known by its invoice id and its merchant order id`() {
        store.save("a", snapshot)
        val alias = FakeKeystore.specs.last().keystoreAlias
        val key = FakeKeystore.keys.getValue(alias)
        for (lose in listOf<() -> Unit>(
            { FakeKeystore.keys.clear() },
            { FakeKeystore.keys[alias] = RefusedKey(KeyPermanentlyInvalidatedException()) },
            { FakeKeystore.keys[alias] = RefusedKey(InvalidKeyException("Keystore operation failed", answer(-33, "Invalid key blob"))) },
            { FakeKeystore.keys[alias] = SecretKeySpec(ByteArray(32), "AES") },
            { FakeKeystore.lost += alias },
            { FakeKeystore.faults[alias] = unknown(answer(8, "Key blob corrupted")) },
        )) {
            lose()
            val left = JSONObject(String(store.load("a")!!))
            assertEquals(setOf("invoice_id", "merchant_order_id"), left.keys().asSequence().toSet())
            assertEquals("inv/1", left.getString("invoice_id"))
            assertEquals("lunch \"no. 7\"\n€", left.getString("merchant_order_id"))
            FakeKeystore.keys[alias] = key
            FakeKeystore.lost.clear()
            FakeKeystore.faults.clear()
            assertArrayEquals(snapshot, store.load("a"))
        }
    }

    /** What the Keystore itself answers, which is the cause of what Android throws. */
    private fun answer(number: Int, sentence: String) = KeyStoreException(number, sentence)

    private fun unknown(cause: KeyStoreException) =
        UnrecoverableKeyException("Failed to obtain information about key").apply { initCause(cause) }

    @Test
    fun `a sale without an invoice id and a merchant order id is known to be there when its key is lost`() {
        for (nothing in listOf("""{"version":2,"phase":"initiating"}""", "no snapshot at all", "")) {
            store.save("a", nothing.toByteArray())
            assertEquals(nothing, String(store.load("a")!!))
            FakeKeystore.keys.clear()
            assertEquals("{}", String(store.load("a")!!))
        }
    }

    @Test
    fun `a damaged seal, and a clear part that was exchanged, leave the clear part and no snapshot`() {
        store.save("a", snapshot)
        val whole = file.readBytes()
        val exchanged = String(whole, Charsets.ISO_8859_1).replaceFirst(":\"inv", ":\"inw").toByteArray(Charsets.ISO_8859_1)
        for (damaged in listOf(whole.copyOf(whole.size - 1), whole.copyOf(whole.size - 40), exchanged)) {
            file.writeBytes(damaged)
            assertTrue(JSONObject(String(store.load("a")!!)).getString("invoice_id").startsWith("in"))
        }
        // Cut within the clear part nothing is left of it.
        for (size in listOf(8, 9, 12)) {
            file.writeBytes(whole.copyOf(size))
            failure { store.load("a") }
        }
        // One sale's does not pass for another's.
        file.writeBytes(whole)
        file.renameTo(File(folder, "b.sale"))
        assertEquals(2, JSONObject(String(store.load("b")!!)).length())
    }

    @Test
    fun `a Keystore that does not work now is a retryable error, and not the loss of the key`() {
        store.save("a", snapshot)
        val alias = FakeKeystore.specs.last().keystoreAlias
        val key = FakeKeystore.keys.getValue(alias)
        val systemError = answer(4, "System error")
        for (fault in listOf<() -> Unit>(
            { FakeKeystore.isDead = true },
            { FakeKeystore.faults[alias] = unknown(systemError) },
            { FakeKeystore.faults[alias] = unknown(systemError).also { FakeKeystore.isSilent = true } },
            { FakeKeystore.keys[alias] = RefusedKey(InvalidKeyException("Keystore operation failed", systemError)) },
            { FakeKeystore.keys[alias] = RefusedKey(UserNotAuthenticatedException()) },
            // A later key is there, and is not this snapshot's.
            {
                FakeKeystore.keys["$alias.2"] = SecretKeySpec(ByteArray(32), "AES")
                FakeKeystore.faults[alias] = unknown(systemError)
            },
        )) {
            fault()
            assertEquals(SnapshotStoreException.Kind.DENIED, failure { store.load("a") }.kind)
            FakeKeystore.apply { faults.clear() }.apply { isDead = false }.isSilent = false
            FakeKeystore.keys[alias] = key
            assertArrayEquals(snapshot, store.load("a"))
        }
    }

    @Test
    fun `a Keystore that cannot name its keys now has none of them replaced`() {
        store.save("a", snapshot)
        val alias = FakeKeystore.specs.single().keystoreAlias
        FakeKeystore.isSilent = true
        store.save("b", snapshot)
        FakeKeystore.faults[alias] = unknown(answer(4, "System error"))
        failure { store.save("c", snapshot) }
        assertEquals(1, FakeKeystore.specs.size)
        FakeKeystore.faults.clear()
        for (id in listOf("a", "b")) assertArrayEquals(snapshot, store.load(id))
    }

    @Test
    fun `a client's sale cannot be forgotten while the Keystore does not work`() = runBlocking {
        // Whose end this process does not know.
        val left = MapStore()
        val sale = SaleClient(Fixtures.config(), null, left).use { client ->
            client.start(Fixtures.request("321")).also { sale ->
                eventually("the challenge") { sale.state is SaleState.Challenge }
                sale.cancel()
                assertEquals(Charge.UNKNOWN, sale.outcome().charge)
            }
        }
        store.save(sale.id, left.load(sale.id)!!)
        val alias = FakeKeystore.specs.last().keystoreAlias
        FakeKeystore.faults[alias] = unknown(answer(4, "System error"))
        SaleClient(Fixtures.config(), null, AppPrivateSnapshotStore(app)).use { client ->
            val refusal = runCatching { client.forget(sale.id) }.exceptionOrNull()
            assertTrue("$refusal", refusal is SaleKitException.StorageDenied)
            FakeKeystore.faults.clear()
            assertEquals(listOf(sale.id), client.pending().sales.map { it.id })
        }
    }

    @Test
    fun `what an earlier version sealed is read`() {
        for (text in listOf(String(snapshot), "no snapshot at all", "")) {
            file.apply { parentFile!!.mkdirs() }.writeBytes(SnapshotKeys.seal("a".toByteArray(), text.toByteArray()))
            assertEquals(text, String(store.load("a")!!))
        }
    }

    @Test
    fun `whatever is saved is loaded again, with texts that are there and without`() {
        val long = "x".repeat(5_000)
        for (text in listOf(
            "", "{", "[]", "null", "\"invoice_id\"", "{\"invoice_id\":7,\"merchant_order_id\":null}", "{\"invoice_id\":\"i\"", "{\"merchant_order_id\":\"l\"} and more",
            "{\"merchant_order_id\":\"$long\",\"invoice_id\":\"i\"}", "[[[{\"merchant_order_id\":\"\"}]]]",
        )) {
            store.save("a", text.toByteArray())
            assertEquals(text, String(store.load("a")!!))
            assertFalse(long in String(file.readBytes(), Charsets.ISO_8859_1))
        }
    }

    @Test
    fun `a sale of a client's is listed as damaged with its invoice id when its key is gone, and later sales go on`() = runBlocking {
        val sale = SaleClient(Fixtures.config(), null, store).use { client ->
            client.start(Fixtures.request("116", merchantOrderId = "order 7")).also { it.outcome() }
        }
        val invoice = sale.invoiceId
        FakeKeystore.keys.clear()
        SaleClient(Fixtures.config(), null, AppPrivateSnapshotStore(app)).use { client ->
            val damaged = client.pending().damaged.single()
            assertEquals(sale.id to invoice, damaged.id to damaged.invoiceId)
            assertTrue(runCatching { client.resume(sale.id) }.exceptionOrNull() is SaleKitException.SaleDamaged)
            val stored = String(File(folder, "${sale.id}.sale").readBytes(), Charsets.ISO_8859_1)
            assertTrue("order 7" in stored)
            val next = client.start(Fixtures.request("116"))
            next.outcome()
            assertEquals(listOf(next.id), client.pending().sales.map { it.id })
        }
    }

    @Test
    fun `a client's sale that was killed before it had an invoice is listed as damaged when its key is gone, and later sales go on`() = runBlocking {
        // A merchant's server that takes the first request and says nothing: the process is killed meanwhile.
        val device = Fixtures.device()
        Sandbox.shared.script(device, """{ "faults": [{ "message": "initiate", "kind": "stall", "ms": 3600000 }] }""")
        val left = MapStore()
        val sale = SaleClient(Fixtures.config(), null, left).use { client ->
            client.start(Fixtures.request(device = device)).also {
                eventually("the sale to be stored") { it.id in left.sales }
            }
        }
        val snapshot = left.snapshots.getValue(sale.id)
        sale.cancel()
        store.save(sale.id, snapshot)
        FakeKeystore.keys.clear()
        SaleClient(Fixtures.config(), null, store).use { client ->
            val damaged = client.pending().damaged.single()
            assertEquals(sale.id to null, damaged.id to damaged.invoiceId)
            // An order number makes the next sale look at every stored one.
            val next = client.start(Fixtures.request("123", merchantOrderId = "order 8"))
            val outcome = next.outcome()
            assertEquals("$outcome", Charge.CHARGED, outcome.charge)
            assertEquals(listOf(next.id), client.pending().sales.map { it.id })
        }
    }
}
