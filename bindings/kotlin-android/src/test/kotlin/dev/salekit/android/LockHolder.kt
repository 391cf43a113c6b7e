package dev.salekit.android

import java.io.File
import java.io.RandomAccessFile

/** Another process of the app: `LockHolderKt FILE` takes the lock on it, says whether it could, and waits to be killed. */
fun main(arguments: Array<String>) {
    val lock = RandomAccessFile(File(arguments.single()), "rw").channel.tryLock()
    println(if (lock != null) "held" else "taken")
    readln()
}

/** Starts one and waits until it says how it went. */
internal class OtherProcess(file: File) : AutoCloseable {
    private val process = ProcessBuilder(
        File(System.getProperty("java.home"), "bin/java").path, "-cp", System.getProperty("java.class.path"),
        "dev.salekit.android.LockHolderKt", file.path,
    ).redirectErrorStream(true).start()

    val said: String = process.inputStream.bufferedReader().readLine() ?: "nothing"

    /** As Android does it: the process gets no chance to do anything more. */
    override fun close() {
        process.destroyForcibly().waitFor()
    }
}
