package dev.salekit.android

import android.system.OsConstants
import dev.salekit.SnapshotStoreException
import dev.salekit.StoreLock
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
import java.nio.file.Files
import java.util.concurrent.CyclicBarrier
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread

/** Who may touch a sale: locks of stores on one folder, in this process and in another. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 35])
class SnapshotLocksTest {
    private val store by lazy { AppPrivateSnapshotStore(app) }
    private val folder get() = File(app.noBackupFilesDir, "salekit")
    private val sale = "0123456789abcdef0123456789abcdef"
    private val file get() = File(folder, "$sale.lock")

    @Before
    fun system() {
        FakeKeystore.install()
        ShadowOs.reset()
    }

    @Test
    fun `a lock is held once in a process, whichever store asks, until it is given back`() {
        val other = AppPrivateSnapshotStore(app)
        assertEquals(StoreLock.HELD, store.lock(sale))
        assertEquals(StoreLock.TAKEN, store.lock(sale))
        assertEquals(StoreLock.TAKEN, other.lock(sale))
        assertEquals(StoreLock.HELD, other.lock("invoices"))
        // Not the other's to give back.
        other.unlock(sale)
        assertEquals(StoreLock.TAKEN, other.lock(sale))
        store.unlock(sale)
        store.unlock(sale)
        assertEquals(StoreLock.HELD, other.lock(sale))
        other.unlock(sale)
        other.unlock("invoices")
    }

    @Test
    fun `another process is kept out, whatever this one asks and sweeps meanwhile`() {
        store.lock(sale)
        file.setLastModified(System.currentTimeMillis() - TimeUnit.DAYS.toMillis(3))
        // Each of these would give the lock back if it opened and closed the file.
        repeat(3) { AppPrivateSnapshotStore(app).run { lock(sale).also { list() } } }
        OtherProcess(file).use { assertEquals("taken", it.said) }
        store.unlock(sale)
        OtherProcess(file).use { assertEquals("held", it.said) }
    }

    @Test
    fun `what another process holds is taken, and free when that is killed`() {
        folder.mkdirs()
        OtherProcess(file).use {
            assertEquals("held", it.said)
            assertEquals(StoreLock.TAKEN, store.lock(sale))
            // That answer takes nothing away from it.
            OtherProcess(file).use { third -> assertEquals("taken", third.said) }
        }
        assertEquals(StoreLock.HELD, store.lock(sale))
        store.unlock(sale)
    }

    @Test
    fun `a lock by another path to the same folder is the same`() {
        folder.mkdirs()
        Files.createSymbolicLink(File(app.noBackupFilesDir, "linked").toPath(), folder.toPath())
        val linked = AppPrivateSnapshotStore(app, "linked")
        assertEquals(StoreLock.HELD, store.lock(sale))
        assertEquals(StoreLock.TAKEN, linked.lock(sale))
        // By a name that shows nothing of it, too.
        Files.createLink(File(folder, "another.lock").toPath(), file.toPath())
        assertEquals(StoreLock.TAKEN, store.lock("another"))
        OtherProcess(file).use { assertEquals("taken", it.said) }
        store.unlock(sale)
    }

    @Test
    fun `a lock on a file that its holder removed meanwhile is taken again on the one that is there`() {
        var removed = 0
        ShadowOs.before = { call -> if (call == "fstat file" && removed++ == 0) assertTrue(file.delete()) }
        assertEquals(StoreLock.HELD, store.lock(sale))
        assertEquals(2, removed)
        OtherProcess(file).use { assertEquals("taken", it.said) }
        store.unlock(sale)
    }

    @Test
    fun `locks are no snapshots, and leave nothing behind`() {
        store.save(sale, "snapshot".toByteArray())
        store.lock(sale)
        store.lock("invoices")
        assertEquals(listOf(sale), store.list())
        store.unlock(sale)
        store.unlock("invoices")
        // The file of the word stays: it is needed again and again.
        assertEquals(setOf("$sale.sale", "invoices.lock"), folder.list()!!.toSet())
    }

    @Test
    fun `what a killed process has left goes when nobody holds it and its sale is not there`() {
        val old = System.currentTimeMillis() - TimeUnit.DAYS.toMillis(3)
        val names = listOf("gone", "kept", "new", "invoices").associateWith { it.padEnd(if (it == "invoices") 0 else 32, '0') }
        store.save(names.getValue("kept"), "snapshot".toByteArray())
        for ((name, id) in names) File(folder, "$id.lock").apply { createNewFile() }.also { if (name != "new") it.setLastModified(old) }
        OtherProcess(file.apply { createNewFile() }).use {
            file.setLastModified(old)
            AppPrivateSnapshotStore(app).list()
            val left = folder.list()!!.filter { it.endsWith(".lock") }.toSet()
            assertEquals((names - "gone").values.map { id -> "$id.lock" }.toSet() + file.name, left)
        }
        AppPrivateSnapshotStore(app).list()
        assertFalse(file.exists())
    }

    @Test
    fun `of many that ask at once one has it at a time`() {
        val together = CyclicBarrier(6)
        val holders = AtomicInteger()
        val held = AtomicInteger()
        (1..6).map {
            val own = AppPrivateSnapshotStore(app)
            thread {
                together.await()
                repeat(50) {
                    // A holder that the system lets wait must not make the others use up their turns.
                    while (own.lock(sale) != StoreLock.HELD) Thread.yield()
                    check(holders.incrementAndGet() == 1)
                    held.incrementAndGet()
                    holders.decrementAndGet()
                    own.unlock(sale)
                }
            }
        }.forEach { it.join() }
        assertEquals(6 * 50, held.get())
        assertEquals(0, holders.get())
        assertFalse(file.exists())
    }

    @Test
    fun `whether anybody holds it is unknown, is an error and holds nothing`() {
        ShadowOs.fail("fstat file", OsConstants.EIO)
        assertThrows(SnapshotStoreException::class.java) { store.lock(sale) }
        ShadowOs.reset()
        OtherProcess(file).use { assertEquals("held", it.said) }
        for (name in listOf("", "../a", "a/b", "a.b")) {
            assertThrows(IllegalArgumentException::class.java) { store.lock(name) }
        }
    }

    @Test
    fun `stores with folders of their own know nothing of each other`() {
        val brand = AppPrivateSnapshotStore(app, "brand-b")
        store.save(sale, "one".toByteArray())
        brand.save(sale, "other".toByteArray())
        assertEquals("one", String(store.load(sale)!!))
        assertEquals("other", String(brand.load(sale)!!))
        assertEquals(StoreLock.HELD, store.lock(sale))
        assertEquals(StoreLock.HELD, brand.lock(sale))
        store.unlock(sale)
        brand.unlock(sale)
        store.remove(sale)
        assertEquals(listOf(sale), brand.list())
        assertTrue(File(app.noBackupFilesDir, "brand-b").isDirectory)
        for (name in listOf("", "..", "a/b", "../files", ".")) {
            assertThrows(IllegalArgumentException::class.java) { AppPrivateSnapshotStore(app, name) }
        }
    }
}
