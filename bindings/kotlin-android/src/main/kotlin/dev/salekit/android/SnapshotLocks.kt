package dev.salekit.android

import android.system.ErrnoException
import android.system.Os
import dev.salekit.StoreLock
import java.io.File
import java.io.IOException
import java.io.RandomAccessFile
import java.nio.channels.OverlappingFileLockException
import java.util.concurrent.TimeUnit

/**
 * Locks by means of files in the folder of the snapshots. The system releases them when the process dies.
 *
 * Such a lock belongs to the process. It is released when the process closes the file, through any of its descriptors.
 * So this process keeps one table of the locks that it holds, for all stores, and never opens a file that is in the
 * table.
 *
 * The holder of a sale's lock removes the lock's file. A process that opened the file before that then locks a file
 * without a name, and no other process can see that lock. So it checks for this case, and takes the lock again on the
 * file that is there now.
 */
internal class SnapshotLocks(private val folder: File) {
    private class Held(val file: RandomAccessFile, val owner: SnapshotLocks)

    /** The folder must exist. */
    fun lock(name: String): StoreLock {
        val file = file(name)
        synchronized(table) {
            val key = file.canonicalPath
            if (key in table) return StoreLock.TAKEN
            repeat(MOST_TRIES) {
                val opened = RandomAccessFile(file, "rw")
                when (isLocked(opened)) {
                    null -> return StoreLock.TAKEN
                    true -> {
                        table[key] = Held(opened, this)
                        return StoreLock.HELD
                    }
                    // Its holder removed the file after it was opened here.
                    false -> opened.close()
                }
            }
        }
        throw IOException("the lock's file does not stay")
    }

    fun unlock(name: String) {
        val file = file(name)
        synchronized(table) {
            val key = file.canonicalPath
            val held = table[key]?.takeIf { it.owner === this } ?: return
            table -= key
            // Keep the file of a word: it is needed again and again.
            held.file.use { if (!isWord(name)) file.delete() }
        }
    }

    /**
     * Removes the files that killed processes left. To check whether a lock is held, this takes it for a moment, and in
     * that moment its sale could not run. So it checks only files that are older than a day and whose sales have no
     * snapshot.
     */
    fun sweep() {
        val old = System.currentTimeMillis() - TimeUnit.DAYS.toMillis(1)
        for (file in folder.listFiles().orEmpty()) {
            val name = file.name.removeSuffix(SUFFIX)
            if (name == file.name || isWord(name) || file.lastModified() > old || File(folder, "$name.sale").exists()) continue
            try {
                if (lock(name) == StoreLock.HELD) unlock(name)
            } catch (_: IOException) {
                // The next sweep tries again.
            }
        }
    }

    /**
     * Whether this process now holds the lock and the file still has a name; `null` if another holder has the lock.
     * Closes the file if it is not needed.
     */
    private fun isLocked(opened: RandomAccessFile): Boolean? {
        var isWanted = false
        try {
            if (opened.channel.tryLock() == null) return null
            isWanted = true
            return Os.fstat(opened.fd).st_nlink > 0
        } catch (_: OverlappingFileLockException) {
            // This process already holds the lock, through another path to the same file. Closing this one would
            // release it.
            neverClosed += opened
            isWanted = true
            return null
        } catch (error: ErrnoException) {
            isWanted = false
            throw IOException("a system call failed", error)
        } finally {
            if (!isWanted) opened.close()
        }
    }

    private fun file(name: String): File {
        require(name.isNotEmpty() && name.all { it.isLetterOrDigit() || it == '-' || it == '_' }) { "not a lock's name" }
        return File(folder, name + SUFFIX)
    }

    /** Whether [name] is a word. A sale's id has 32 hexadecimal digits. */
    private fun isWord(name: String) = name.length < LENGTH_OF_ID && name.all { it in 'a'..'z' }

    private companion object {
        const val SUFFIX = ".lock"
        const val MOST_TRIES = 100
        const val LENGTH_OF_ID = 32

        /** The locks that this process holds, by their files' canonical paths. */
        val table = mutableMapOf<String, Held>()

        val neverClosed = mutableListOf<RandomAccessFile>()
    }
}
