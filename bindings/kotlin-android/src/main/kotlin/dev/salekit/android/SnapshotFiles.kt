package dev.salekit.android

import android.system.ErrnoException
import android.system.Os
import android.system.OsConstants
import dev.salekit.StoreLock
import java.io.File
import java.io.FileDescriptor
import java.io.FileInputStream
import java.io.FileNotFoundException
import java.io.FileOutputStream
import java.io.IOException
import java.util.UUID
import java.util.concurrent.ConcurrentHashMap

/**
 * One file per sale in one folder. A file is replaced completely or not at all, and survives a power cut once [write]
 * has returned. If a sync or a rename fails, Android's own `AtomicFile` logs it and returns as if it had worked; here
 * both throw.
 */
internal class SnapshotFiles(private val folder: File) {
    private val locks = SnapshotLocks(folder)

    @Volatile
    private var isMade = false

    @Volatile
    private var isSwept = false

    fun write(saleId: String, contents: ByteArray) {
        make()
        sweep()
        try {
            replace(saleId, contents)
        } catch (error: IOException) {
            // Another process of the app removed the new file as a leftover. It does that only once.
            if (error.errno != OsConstants.ENOENT) throw error
            replace(saleId, contents)
        }
    }

    /** The file's contents, or `null` if there is no such file. */
    fun read(saleId: String): ByteArray? {
        sweep()
        val file = file(saleId)
        restore(file)
        return try {
            FileInputStream(file).use { it.readBytes() }
        } catch (error: FileNotFoundException) {
            // This is also thrown for a file that exists and cannot be opened.
            if (file.exists()) throw error
            null
        }
    }

    fun list(): List<String> {
        sweep()
        val names = folder.list()
        // An empty list would hide sales.
        if (names == null && folder.exists()) throw IOException("the folder cannot be read")
        return names.orEmpty().map { it.removeSuffix(BACKUP) }
            .filter { it.endsWith(SUFFIX) }.map { it.removeSuffix(SUFFIX) }.distinct()
    }

    fun delete(saleId: String) {
        sweep()
        val present = listOf(file(saleId), backup(file(saleId))).filter { it.exists() }
        for (file in present) if (!file.delete() && file.exists()) throw IOException("the file cannot be removed")
        if (present.isNotEmpty()) syncFolder(folder)
    }

    fun lock(name: String): StoreLock {
        make()
        return locks.lock(name)
    }

    fun unlock(name: String) = locks.unlock(name)

    private fun file(saleId: String): File {
        // SaleKit makes the ids, but a name with a path separator would lead out of the folder.
        require(saleId.isNotEmpty() && saleId.all { it.isLetterOrDigit() || it == '-' || it == '_' }) { "not a sale's id" }
        return File(folder, saleId + SUFFIX)
    }

    private fun make() {
        if (isMade) return
        // Another thread may be creating it at the same time.
        if (!folder.mkdirs() && !folder.isDirectory) throw IOException("the folder for snapshots cannot be made")
        folder.parentFile?.let(::syncFolder)
        isMade = true
    }

    private fun replace(saleId: String, contents: ByteArray) {
        val file = file(saleId)
        restore(file)
        // A unique name, so that two threads that save the same sale do not write into one file.
        val beside = File(folder, "$saleId.${UUID.randomUUID()}$TEMPORARY")
        underWay += beside.path
        try {
            FileOutputStream(beside).use {
                it.write(contents)
                system { Os.fsync(it.fd) }
            }
            system { Os.rename(beside.path, file.path) }
        } finally {
            // It exists only if it was not renamed.
            beside.delete()
            underWay -= beside.path
        }
        syncFolder(folder)
    }

    /**
     * Before API 30, `AtomicFile` kept the previous file under another name while it wrote, and an earlier version of
     * this store used it. If a file with that name is left, it contains the complete snapshot.
     */
    private fun restore(file: File) = synchronized(underWay) {
        val backup = backup(file)
        if (backup.exists()) system { Os.rename(backup.path, file.path) }
    }

    private fun backup(file: File) = File(file.path + BACKUP)

    /** Removes what killed processes left: files of unfinished saves, which contain tokens, and files of locks. */
    private fun sweep() {
        if (isSwept) return
        locks.sweep()
        for (file in folder.listFiles().orEmpty()) {
            if (file.name.endsWith(TEMPORARY) && file.path !in underWay) file.delete()
        }
        isSwept = true
    }

    private fun syncFolder(folder: File) = system {
        val opened: FileDescriptor = Os.open(folder.path, OsConstants.O_RDONLY, 0)
        try {
            Os.fsync(opened)
        } finally {
            Os.close(opened)
        }
    }

    private inline fun system(call: () -> Unit) = try {
        call()
    } catch (error: ErrnoException) {
        throw IOException("a system call failed", error)
    }

    internal companion object {
        private const val SUFFIX = ".sale"
        private const val BACKUP = ".bak"

        /** `AtomicFile` uses the same suffix. */
        private const val TEMPORARY = ".new"

        /** The files that this process is writing. */
        private val underWay: MutableSet<String> = ConcurrentHashMap.newKeySet()

        /** The system's error number, if a system call failed. */
        val Throwable.errno: Int?
            get() = generateSequence(this) { it.cause }.filterIsInstance<ErrnoException>().firstOrNull()?.errno
    }
}
