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
 * Locks by files of the folder that the snapshots are in. The system gives them back when the process dies.
 *
 * Such a lock is the process's, and it goes when the process closes the file, whichever of its descriptors that was. So
 * this process keeps a table of what it holds, for all stores alike, and never opens a file that is in it.
 *
 * The file of a sale's lock is removed by its holder. A process that has opened it before that then holds a lock on a file
 * without a name, which nobody else can see: it looks for that, and takes the lock again on the file that is there now.
 */
internal class SnapshotLocks(private val folder: File) {
    private class Held(val file: RandomAccessFile, val owner: SnapshotLocks)

    /** The folder must be there. */
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
                    // Its holder has removed it since it was opened.
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
            // Not the file of a word, which is needed again and again.
            held.file.use { if (!isWord(name)) file.delete() }
        }
    }

    /**
     * Removes the files of processes that were killed. To look whether one is held is to hold it for a moment, in which its
     * sale could not run: so only of sales that have no snapshot, and that did not begin just now.
     */
    fun sweep() {
        val old = System.currentTimeMillis() - TimeUnit.DAYS.toMillis(1)
        for (file in folder.listFiles().orEmpty()) {
            val name = file.name.removeSuffix(SUFFIX)
            if (name == file.name || isWord(name) || file.lastModified() > old || File(folder, "$name.sale").exists()) continue
            try {
                if (lock(name) == StoreLock.HELD) unlock(name)
            } catch (_: IOException) {
                // Another time.
            }
        }
    }

    /** Whether the lock is held and its file still has a name; `null` if somebody else has it. Closes what is not needed. */
    private fun isLocked(opened: RandomAccessFile): Boolean? {
        var isWanted = false
        try {
            if (opened.channel.tryLock() == null) return null
            isWanted = true
            return Os.fstat(opened.fd).st_nlink > 0
        } catch (_: OverlappingFileLockException) {
            // This process has it, by another path to the same file. Closing this one would give that lock back.
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

    /** A word, and not a sale's id, which has 32 hexadecimal digits. */
    private fun isWord(name: String) = name.length < LENGTH_OF_ID && name.all { it in 'a'..'z' }

    private companion object {
        const val SUFFIX = ".lock"
        const val MOST_TRIES = 100
        const val LENGTH_OF_ID = 32

        /** What this process holds, by the files' canonical paths. */
        val table = mutableMapOf<String, Held>()

        val neverClosed = mutableListOf<RandomAccessFile>()
    }
}
