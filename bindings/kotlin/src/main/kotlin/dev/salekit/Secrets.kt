package dev.salekit

import java.nio.Buffer
import java.nio.ByteBuffer

/**
 * Passes [text] to [call] in a buffer outside of the JVM's heap, which the native library reads in place. Afterwards
 * the buffer and [text] are wiped. Copies of [text] that the garbage collector left behind earlier cannot be wiped from
 * here.
 */
@JvmSynthetic
internal inline fun <T> lending(text: ByteArray, call: (ByteBuffer) -> T): T {
    val lent = ByteBuffer.allocateDirect(text.size)
    try {
        lent.put(text)
        // Calls `Buffer`'s methods: on older Androids ByteBuffer has no `flip` and `clear` that return a ByteBuffer.
        (lent as Buffer).flip()
        return call(lent)
    } finally {
        text.fill(0)
        (lent as Buffer).clear()
        lent.put(text)
    }
}
