package dev.salekit

import java.nio.Buffer
import java.nio.ByteBuffer

/**
 * Lends [text] to [call] in a buffer outside of the JVM's heap, which the other side reads where it is. Buffer and [text]
 * are wiped after. What the garbage collector has moved of [text] before cannot be reached from here.
 */
@JvmSynthetic
internal inline fun <T> lending(text: ByteArray, call: (ByteBuffer) -> T): T {
    val lent = ByteBuffer.allocateDirect(text.size)
    try {
        lent.put(text)
        // `Buffer`'s own: on older Androids ByteBuffer has no `flip` and `clear` that return a ByteBuffer.
        (lent as Buffer).flip()
        return call(lent)
    } finally {
        text.fill(0)
        (lent as Buffer).clear()
        lent.put(text)
    }
}
