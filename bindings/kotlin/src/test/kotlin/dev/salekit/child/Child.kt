package dev.salekit.child

import java.io.File
import java.util.concurrent.TimeUnit

/** A JVM of its own that runs [main] with this one's class path and native library, and tells its lines. */
class Child private constructor(private val process: Process) : AutoCloseable {
    val pid: Long get() = process.pid()
    private val lines = process.inputReader()

    /** The rest of the next line that begins with [word]. Lines in between are somebody else's. */
    fun line(word: String): String = find(Regex("^${Regex.escape(word)} (.*)$")).groupValues[1]

    /** What matches in the next line that has something that does. */
    fun find(pattern: Regex): MatchResult {
        val said = StringBuilder()
        while (true) {
            val line = lines.readLine() ?: error("no line like $pattern in what the other JVM said:\n$said")
            said.appendLine(line)
            pattern.find(line)?.let { return it }
        }
    }

    /** Lets the child go on: it waits for a line. */
    fun goOn() {
        process.outputStream.write('\n'.code)
        process.outputStream.flush()
    }

    /** As an operating system does: the process gets no chance to do anything more. */
    fun kill() {
        process.destroyForcibly().waitFor(1, TimeUnit.MINUTES)
    }

    override fun close() = kill()

    companion object {
        fun start(vararg arguments: String, options: List<String> = emptyList()): Child {
            val java = File(System.getProperty("java.home"), "bin/java").path
            val shared = listOf("jna.library.path", "salekit.library.dir").map { "-D$it=${System.getProperty(it)}" }
            val command = listOf(java) + options + shared +
                listOf("-cp", System.getProperty("java.class.path"), "dev.salekit.child.ChildMainKt") + arguments
            return Child(ProcessBuilder(command).redirectErrorStream(true).start())
        }
    }
}
