package dev.salekit.android

import android.security.keystore.KeyPermanentlyInvalidatedException
import android.security.keystore.KeyProperties
import android.system.OsConstants
import android.util.AtomicFile
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
import java.util.Collections
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
    fun system() {
        FakeKeystore.install()
        ShadowOs.reset()
    }

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
            // Mark, the empty clear part and its length, nonce and tag.
            assertEquals(8 + 2 + 2 + 12 + snapshot.size + 16, stored.size)
        }
        assertFalse(first.copyOfRange(12, 24).contentEquals(second.copyOfRange(12, 24)))
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
    fun `a damaged snapshot is an error or empty, and one without its key is empty`() {
        store.save("a", snapshot)
        val file = folder.listFiles()!!.single()
        val whole = file.readBytes()
        for (damaged in listOf(byteArrayOf(), whole.copyOf(5), whole.copyOf(11), whole.flipped(0), whole.flipped(8))) {
            file.writeBytes(damaged)
            val error = failure { store.load("a") }
            assertEquals(SnapshotStoreException.Kind.FAILED, error.kind)
            assertFalse(folder.path in error.message!!)
            assertEquals(listOf("a"), store.list())
        }
        // Its clear part is left, in which there is nothing.
        for (damaged in listOf(whole.copyOf(12), whole.copyOf(whole.size - 1), whole.flipped(20), whole.flipped(whole.size - 1))) {
            file.writeBytes(damaged)
            assertEquals("{}", String(store.load("a")!!))
        }
        file.writeBytes(whole)
        FakeKeystore.keys.clear()
        assertEquals("{}", String(store.load("a")!!))
    }

    private fun ByteArray.flipped(at: Int) = copyOf().also { it[at] = (it[at].toInt() xor 1).toByte() }

    @Test
    fun `one sale's snapshot does not pass for another's`() {
        store.save("a", snapshot)
        File(folder, "a.sale").renameTo(File(folder, "b.sale"))
        assertEquals("{}", String(store.load("b")!!))
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
    fun `what an earlier version wrote with Android's own AtomicFile is read and replaced`() {
        store.save("a", snapshot)
        val written = File(folder, "a.sale").readBytes()
        File(folder, "a.sale").delete()
        val old = AtomicFile(File(folder, "a.sale"))
        old.finishWrite(old.startWrite().apply { write(written) })
        assertArrayEquals(snapshot, AppPrivateSnapshotStore(app).load("a"))
        // Killed in the middle of a save, before API 30: the new file is not complete, the one before has another name.
        File(folder, "a.sale").renameTo(File(folder, "a.sale.bak"))
        File(folder, "a.sale").writeBytes(written.copyOf(3))
        assertArrayEquals(snapshot, AppPrivateSnapshotStore(app).load("a"))
        File(folder, "a.sale").renameTo(File(folder, "a.sale.bak"))
        store.save("a", "newer".toByteArray())
        assertArrayEquals("newer".toByteArray(), AppPrivateSnapshotStore(app).load("a"))
        assertEquals(listOf("a.sale"), folder.list()!!.toList())
    }

    @Test
    fun `saved means written, synchronised, renamed and synchronised in its folder, in this order`() {
        store.save("a", snapshot)
        val file = File(folder, "a.sale").path
        val (sync, rename, folderSync) = ShadowOs.calls.takeLast(3)
        assertEquals("fsync file", sync)
        assertTrue(rename, rename.startsWith("rename ") && rename.endsWith(".new $file"))
        assertEquals("fsync ${folder.path}", folderSync)
        // The folder was new as well.
        assertEquals("fsync ${folder.parent}", ShadowOs.calls.first())
        assertEquals(ShadowOs.opened, ShadowOs.closed)
    }

    @Test
    fun `a save whose sync or rename fails says so and leaves what was there`() {
        store.save("a", snapshot)
        for (call in listOf("fsync file", "rename ")) {
            ShadowOs.fail(call, OsConstants.EIO)
            assertEquals(SnapshotStoreException.Kind.FAILED, failure { store.save("a", "newer".toByteArray()) }.kind)
            assertEquals(call, listOf("a.sale"), folder.list()!!.toList())
            assertArrayEquals(snapshot, store.load("a"))
        }
        ShadowOs.fail("fsync ${folder.path}", OsConstants.EIO)
        failure { store.save("a", "newer".toByteArray()) }
        ShadowOs.reset()
        store.save("a", "newest".toByteArray())
        assertArrayEquals("newest".toByteArray(), store.load("a"))
    }

    @Test
    fun `a full disk and a forbidden one are named`() {
        val kinds = mapOf(
            OsConstants.ENOSPC to SnapshotStoreException.Kind.FULL,
            OsConstants.EDQUOT to SnapshotStoreException.Kind.FULL,
            OsConstants.EROFS to SnapshotStoreException.Kind.DENIED,
            OsConstants.EACCES to SnapshotStoreException.Kind.DENIED,
        )
        for ((errno, kind) in kinds) {
            ShadowOs.fail("rename ", errno)
            val error = failure { store.save("a", snapshot) }
            assertEquals(kind, error.kind)
            assertFalse(error.message!!, folder.path in error.message!!)
        }
    }

    @Test
    fun `what a killed save has left is not listed and goes`() {
        store.save("a", snapshot)
        val uses = listOf<(AppPrivateSnapshotStore) -> Unit>(
            { it.list() },
            { it.load("a") },
            { it.save("b", snapshot) },
            { it.remove("b") },
        )
        for (use in uses) {
            // By this version and by an earlier one.
            val left = listOf(File(folder, "c.0123.new"), File(folder, "c.sale.new")).onEach { it.writeText("token") }
            val next = AppPrivateSnapshotStore(app)
            use(next)
            assertEquals(emptyList<File>(), left.filter { it.exists() })
            assertFalse("c" in next.list())
        }
    }

    @Test
    fun `a save that is under way is not swept away by another store of the process`() {
        var swept = false
        ShadowOs.before = { call ->
            if (call.startsWith("rename ")) {
                swept = true
                AppPrivateSnapshotStore(app).list()
            }
        }
        store.save("a", snapshot)
        assertTrue(swept)
        assertArrayEquals(snapshot, store.load("a"))
        assertEquals(1, ShadowOs.calls.count { it.startsWith("rename ") })
    }

    @Test
    fun `a save whose new file another process took for a remainder is done again`() {
        var taken = 0
        ShadowOs.before = { call ->
            if (call.startsWith("rename ") && taken++ == 0) folder.listFiles()!!.single { it.name.endsWith(".new") }.delete()
        }
        store.save("a", snapshot)
        assertEquals(2, taken)
        assertArrayEquals(snapshot, store.load("a"))
    }

    @Test
    fun `several that save one sale at once do not mix their files`() {
        val together = CyclicBarrier(4)
        val versions = (1..4).map { "$it".repeat(10_000 * it).toByteArray() }
        val failures = Collections.synchronizedList(mutableListOf<Throwable>())
        versions.map { version ->
            thread {
                together.await()
                repeat(50) {
                    runCatching {
                        store.save("a", version)
                        val present = store.load("a")!!
                        check(versions.any { it.contentEquals(present) })
                    }.onFailure(failures::add)
                }
            }
        }.forEach { it.join() }
        assertEquals(emptyList<Throwable>(), failures)
        assertEquals(listOf("a.sale"), folder.list()!!.toList())
    }

    @Test
    fun `what cannot be read or removed is an error and not taken for nothing`() {
        store.save("a", snapshot)
        val file = File(folder, "a.sale")
        // A directory with something in it can neither be opened as a file nor deleted.
        file.delete()
        File(file, "inside").mkdirs()
        failure { store.load("a") }
        failure { store.remove("a") }
        folder.deleteRecursively()
        folder.writeText("in the way")
        failure { store.list() }
    }

    @Test
    fun `a key that is lost or cannot be used any more is replaced, and what it sealed is kept and damaged`() {
        val unusable = RefusedKey(KeyPermanentlyInvalidatedException())
        val losses = listOf<(String) -> Unit>(
            { FakeKeystore.lost += it },
            { FakeKeystore.keys[it] = unusable },
            { FakeKeystore.keys -= it },
        )
        for ((number, lose) in losses.withIndex()) {
            store.save("before-$number", snapshot)
            val newest = FakeKeystore.specs.last().keystoreAlias
            val key = FakeKeystore.keys.getValue(newest)
            lose(newest)
            store.save("after-$number", snapshot)
            assertArrayEquals(snapshot, AppPrivateSnapshotStore(app).load("after-$number"))
            assertEquals("{}", String(store.load("before-$number")!!))
            assertTrue("before-$number" in store.list())
            if (number == losses.lastIndex) continue
            // Was the Keystore only unwell? Nothing that was sealed is lost.
            FakeKeystore.lost -= newest
            FakeKeystore.keys[newest] = key
            assertArrayEquals(snapshot, store.load("before-$number"))
        }
    }

    @Test
    fun `a key that is lost takes nothing away of what is kept of earlier sales' invoices`() {
        val id = "0".repeat(32)
        store.save(id, snapshot)
        store.save("a", snapshot)
        FakeKeystore.keys.clear()
        assertEquals("{}", String(store.load("a")!!))
        assertArrayEquals(snapshot, store.load(id))
        assertEquals(setOf("a", id), store.list().toSet())
    }

    @Test
    fun `a key is not made to read with, nor kept when it does not work either`() {
        store.save("a", snapshot)
        FakeKeystore.keys.clear()
        assertEquals("{}", String(store.load("a")!!))
        assertEquals(1, FakeKeystore.specs.size)
        FakeKeystore.isUnusable = true
        failure { store.save("a", snapshot) }
        assertEquals(emptySet<String>(), FakeKeystore.keys.keys.toSet())
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
