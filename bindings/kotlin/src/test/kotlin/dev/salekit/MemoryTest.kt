package dev.salekit

import dev.salekit.child.Child
import dev.salekit.child.Needles
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.condition.EnabledOnOs
import org.junit.jupiter.api.condition.OS
import java.io.File
import java.io.IOException
import java.io.RandomAccessFile

/**
 * Looks through the memory of a JVM that has made a sale, from outside, for the card's number and code.
 *
 * What the JVM keeps in its own heap is counted and not judged: a byte array is wiped where it is, but a collection may
 * have copied it before. All other memory that can be written, which is SaleKit's and the JVM's own alike, must be clean.
 */
@EnabledOnOs(OS.LINUX)
class MemoryTest {
    /** What was found where, with the bytes around it. */
    private class Hits(val inHeap: Map<String, String>, val elsewhere: Map<String, String>)

    @Test
    fun `after a sale neither number nor code are outside of the JVM's heap`() {
        Sandbox.shared
        val options = listOf("-XX:+UseSerialGC", "-Xmx96m", "-Xlog:gc+heap+coops=debug")
        Child.start("enter", Sandbox.readyFile.path, options = options).use { child ->
            val (start, megabytes) = child.find(Regex("""Heap address: 0x([0-9a-f]+), size: (\d+) MB""")).destructured
            val heap = start.toULong(16).let { it until it + megabytes.toULong() * 1024u * 1024u }
            assertEquals("ready", child.line("stage"))
            val before = look(child.pid, heap)
            child.goOn()
            assertEquals("entered", child.line("stage"))
            val entered = look(child.pid, heap)
            child.goOn()
            assertEquals("sold", child.line("stage"))
            val sold = look(child.pid, heap)

            // The look would see the number if it were there: while it is typed, the form holds it.
            assertTrue(entered.elsewhere.keys.any { it.startsWith("number") }, "${entered.elsewhere}")
            assertEquals(emptySet<String>(), before.elsewhere.keys.filter { it.startsWith("number") }.toSet())
            // Four digits are found by chance too; what was there before the code was entered is not the code.
            assertEquals(emptyMap<String, String>(), sold.elsewhere - before.elsewhere.keys)
            println("hits in the JVM's heap: ${(sold.inHeap - before.inHeap.keys).size}")
        }
    }

    /** Where number and code are, as ASCII and as UTF-16, each as `what@address`. */
    private fun look(pid: Long, heap: ClosedRange<ULong>): Hits {
        val needles = listOf("number" to Needles.number(), "code" to Needles.code()).flatMap { (name, ascii) ->
            listOf(
                name to ascii,
                "$name-utf16le" to ascii.flatMap { listOf(it, 0) }.toByteArray(),
                "$name-utf16be" to ascii.flatMap { listOf(0, it) }.toByteArray(),
            )
        }.map { (name, bytes) -> name to latin1(bytes) }
        val inHeap = mutableMapOf<String, String>()
        val elsewhere = mutableMapOf<String, String>()
        RandomAccessFile("/proc/$pid/mem", "r").use { memory ->
            for (line in File("/proc/$pid/maps").readLines().filter { it.split(' ')[1].startsWith("rw") }) {
                val (from, to) = line.substringBefore(' ').split('-').map { it.toULong(16) }
                for ((address, text) in chunks(memory, from, to)) {
                    for ((name, needle) in needles) {
                        for (at in text.indicesOf(needle)) {
                            // Part of a longer number: a port, a time.
                            if (text.isDigit(at - 1) || text.isDigit(at + needle.length)) continue
                            val found = address + at.toULong()
                            val around = text.substring(maxOf(at - 24, 0), minOf(at + 48, text.length))
                            val hits = if (found in heap) inHeap else elsewhere
                            hits["$name@${found.toString(16)}"] = around.replace(Regex("[^ -~]"), ".")
                        }
                    }
                }
            }
        }
        return Hits(inHeap, elsewhere)
    }

    /** A region in pieces that overlap, so that nothing hides between two. Pages that cannot be read are left out. */
    private fun chunks(memory: RandomAccessFile, from: ULong, to: ULong) = sequence {
        var address = from
        while (address < to) {
            val bytes = ByteArray(minOf(to - address, CHUNK.toULong()).toInt())
            val read = try {
                memory.seek(address.toLong())
                memory.read(bytes)
            } catch (_: IOException) {
                -1
            }
            if (read > 0) yield(address to latin1(bytes.copyOf(read)))
            address += if (read > OVERLAP && address + read.toULong() < to) (read - OVERLAP).toULong() else bytes.size.toULong()
        }
    }

    /** Bytes as a text of Latin-1, a character each, which the JVM searches much faster than an array. */
    private fun latin1(bytes: ByteArray) = String(bytes, Charsets.ISO_8859_1)

    private fun String.indicesOf(needle: String) = generateSequence(indexOf(needle)) { indexOf(needle, it + 1) }
        .takeWhile { it >= 0 }

    private fun String.isDigit(at: Int) = getOrNull(at) ?.let { it in '0'..'9' } == true

    private companion object {
        const val CHUNK = 1 shl 20
        const val OVERLAP = 64
    }
}
