package dev.salekit.android

import android.system.ErrnoException
import android.system.Os
import android.system.OsConstants
import android.system.StructStat
import org.robolectric.annotation.Implementation
import org.robolectric.annotation.Implements
import java.io.File
import java.io.FileDescriptor
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardCopyOption
import java.util.Collections
import java.util.IdentityHashMap

/**
 * The system calls that Robolectric does not make, on the JVM's own files: they are noted, and fail where a test says so.
 * Whether a device's disk keeps what it should is not tested here.
 */
@Implements(Os::class)
internal class ShadowOs {
    companion object {
        /** What was called, in order: `rename FROM TO`, `fsync FOLDER`, `fsync file`. */
        val calls: MutableList<String> = Collections.synchronizedList(mutableListOf())

        /** Runs ahead of each call. */
        @Volatile
        var before: (String) -> Unit = {}

        private val folders: MutableMap<FileDescriptor, String> = Collections.synchronizedMap(IdentityHashMap())

        @Volatile
        var opened = 0
            private set

        @Volatile
        var closed = 0
            private set

        /** Has each call that starts with [start] fail. */
        fun fail(start: String, errno: Int) {
            before = { if (it.startsWith(start)) throw ErrnoException(start, errno) }
        }

        fun reset() {
            calls.clear()
            before = {}
            opened = 0
            closed = 0
        }

        private fun called(call: String) {
            calls += call
            before(call)
        }

        @JvmStatic
        @Implementation
        fun open(path: String, flags: Int, mode: Int): FileDescriptor {
            check(flags == OsConstants.O_RDONLY && mode == 0)
            if (!File(path).isDirectory) throw ErrnoException("open", OsConstants.ENOTDIR)
            synchronized(folders) { opened++ }
            return FileDescriptor().also { folders[it] = path }
        }

        @JvmStatic
        @Implementation
        fun close(opened: FileDescriptor) {
            checkNotNull(folders.remove(opened)) { "closed already" }
            synchronized(folders) { closed++ }
        }

        @JvmStatic
        @Implementation
        fun fsync(opened: FileDescriptor) {
            called("fsync " + (folders[opened] ?: "file"))
            if (opened !in folders) opened.sync()
        }

        @JvmStatic
        @Implementation
        fun rename(from: String, to: String) {
            called("rename $from $to")
            if (!File(from).exists()) throw ErrnoException("rename", OsConstants.ENOENT)
            Files.move(File(from).toPath(), File(to).toPath(), StandardCopyOption.ATOMIC_MOVE)
        }

        /** Only how many names the file has. */
        @JvmStatic
        @Implementation
        fun fstat(opened: FileDescriptor): StructStat {
            called("fstat file")
            val names = Files.getAttribute(Path.of("/proc/self/fd/${number(opened)}"), "unix:nlink") as Int
            return StructStat(0, 0, 0, names.toLong(), 0, 0, 0, 0, 0, 0, 0, 0, 0)
        }

        /** The system's own number of a file, which the JVM shows nobody. */
        private fun number(opened: FileDescriptor): Int {
            val unsafe = Class.forName("sun.misc.Unsafe")
            val instance = unsafe.getDeclaredField("theUnsafe").apply { isAccessible = true }.get(null)
            val offset = unsafe.getMethod("objectFieldOffset", java.lang.reflect.Field::class.java)
                .invoke(instance, FileDescriptor::class.java.getDeclaredField("fd")) as Long
            return unsafe.getMethod("getInt", Any::class.java, Long::class.java).invoke(instance, opened, offset) as Int
        }
    }
}
