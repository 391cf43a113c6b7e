package dev.salekit.android

import android.security.keystore.KeyProperties
import dev.salekit.SnapshotStoreException
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import java.io.File
import java.util.concurrent.CountDownLatch
import java.util.concurrent.CyclicBarrier
import kotlin.concurrent.thread

/** Snapshots on the device's disk. The Keystore is a stand-in: see [FakeKeystore]. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 35])
class AppPrivateSnapshotStoreTest {
    private val store by lazy { AppPrivateSnapshotStore(app) }
    private val folder get() = File(app.noBackupFilesDir, "salekit")
    private val snapshot = "session token 0123456789".toByteArray()

    @Before
    fun keystore() = FakeKeystore.install()

    private fun failure(call: () -> Unit) = assertThrows(SnapshotStoreException::class.java) { call() }

    @Test
    fun `what is saved is there until it is removed, for later runs too`() {
        assertEquals(emptyList<String>(), store.list())
        assertNull(store.load("a-1"))
        store.save("a-1", "first".toByteArray())
        store.save("a-1", snapshot)
        store.save("b_2", byteArrayOf())
        val later = AppPrivateSnapshotStore(app)
        assertEquals(setOf("a-1", "b_2"), later.list().toSet())
        assertArrayEquals(snapshot, later.load("a-1"))
        assertArrayEquals(byteArrayOf(), later.load("b_2"))
        later.remove("a-1")
        later.remove("a-1")
        assertEquals(listOf("b_2"), store.list())
        assertNull(store.load("a-1"))
    }

    @Test
    fun `nothing is written outside of the directory that no backup takes along`() {
        val before = files()
        store.save("a", snapshot)
        val written = files() - before
        assertEquals(1, written.size)
        assertTrue(written.single().startsWith(app.noBackupFilesDir))
    }

    private fun files() = File(app.applicationInfo.dataDir).walk().filter { it.isFile }.toSet()

    @Test
    fun `what is written is encrypted, each time otherwise, by a key of the Keystore`() {
        store.save("a", snapshot)
        val first = folder.listFiles()!!.single().readBytes()
        store.save("a", snapshot)
        val second = folder.listFiles()!!.single().readBytes()
        for (stored in listOf(first, second)) {
            assertFalse("session" in String(stored, Charsets.ISO_8859_1))
            // Nonce and tag.
            assertEquals(12 + snapshot.size + 16, stored.size)
        }
        assertFalse(first.copyOf(12).contentEquals(second.copyOf(12)))
        val asked = FakeKeystore.specs.single()
        assertEquals(256, asked.keySize)
        assertEquals(listOf(KeyProperties.BLOCK_MODE_GCM), asked.blockModes.toList())
        assertEquals(KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT, asked.purposes)
        // The Keystore itself refuses a nonce that was used before.
        assertTrue(asked.isRandomizedEncryptionRequired)
        // Needed while the device is locked too: a sale may end in the pocket.
        assertFalse(asked.isUserAuthenticationRequired)
    }

    @Test
    fun `a damaged snapshot is an error, and so is one without its key`() {
        store.save("a", snapshot)
        val file = folder.listFiles()!!.single()
        val whole = file.readBytes()
        for (damaged in listOf(byteArrayOf(), whole.copyOf(5), whole.copyOf(whole.size - 1), whole.flipped(0), whole.flipped(20))) {
            file.writeBytes(damaged)
            val error = failure { store.load("a") }
            assertEquals(SnapshotStoreException.Kind.FAILED, error.kind)
            assertFalse(folder.path in error.message!!)
            assertEquals(listOf("a"), store.list())
        }
        file.writeBytes(whole)
        FakeKeystore.keys.clear()
        failure { store.load("a") }
    }

    private fun ByteArray.flipped(at: Int) = copyOf().also { it[at] = (it[at].toInt() xor 1).toByte() }

    @Test
    fun `one sale's snapshot does not pass for another's`() {
        store.save("a", snapshot)
        File(folder, "a.sale").renameTo(File(folder, "b.sale"))
        failure { store.load("b") }
    }

    @Test
    fun `a sale whose snapshot was being replaced when the app was killed is not lost`() {
        store.save("a", snapshot)
        // How Android's AtomicFile leaves it before API 30, and later ones still read it.
        File(folder, "a.sale").renameTo(File(folder, "a.sale.bak"))
        assertEquals(listOf("a"), store.list())
        assertArrayEquals(snapshot, store.load("a"))
        assertEquals(listOf("a"), store.list())
    }

    @Test
    fun `a Keystore that does not work is an error of the store's`() {
        FakeKeystore.isBroken = true
        assertEquals(SnapshotStoreException.Kind.FAILED, failure { store.save("a", snapshot) }.kind)
        assertEquals(emptyList<String>(), store.list())
    }

    @Test
    fun `a folder that cannot be made is not a full disk`() {
        val store = store
        app.noBackupFilesDir.apply { deleteRecursively() }.writeText("in the way")
        assertEquals(SnapshotStoreException.Kind.FAILED, failure { store.save("a", snapshot) }.kind)
    }

    @Test
    fun `an id never leads out of the folder`() {
        for (id in listOf("", "../a", "a/b", "..", "a.b", "a\u0000b")) {
            assertThrows(IllegalArgumentException::class.java) { store.save(id, snapshot) }
            assertThrows(IllegalArgumentException::class.java) { store.load(id) }
            assertThrows(IllegalArgumentException::class.java) { store.remove(id) }
        }
        assertFalse(folder.exists() && folder.list()!!.isNotEmpty())
    }

    @Test
    fun `several stores that save at once for the first time share one key`() {
        val together = CyclicBarrier(8)
        FakeKeystore.second = CountDownLatch(2)
        val savers = (1..8).map { number ->
            val own = AppPrivateSnapshotStore(app)
            thread {
                together.await()
                own.save("sale-$number", snapshot)
            }
        }
        savers.forEach { it.join() }
        assertEquals(1, FakeKeystore.specs.size)
        for (number in 1..8) assertArrayEquals(snapshot, store.load("sale-$number"))
    }
}
