package dev.salekit.android

import android.util.JsonReader
import android.util.JsonToken
import org.json.JSONObject
import java.io.IOException
import java.nio.ByteBuffer
import java.security.GeneralSecurityException
import java.security.KeyStoreException

/**
 * What is in a snapshot's file: sealed, and beside it in clear what a sale can be known by when its key is gone: the
 * invoice's id and the app's own merchant order id, as JSON with the snapshot's own names for them. The clear part cannot be exchanged
 * without the seal breaking.
 *
 * A file begins with [MARK] and the length of the clear part. One without a clear part is sealed from its first byte, as
 * all files of earlier versions are.
 */
internal object SealedSnapshot {
    private val MARK = "SALEKIT\u0002".toByteArray()
    private const val INVOICE_ID = "invoice_id"
    private const val MERCHANT_ORDER_ID = "merchant_order_id"

    /** More of a text is left out: it would be none of SaleKit's. */
    private const val LONGEST_TEXT = 1_024

    fun seal(saleId: String, snapshot: ByteArray): ByteArray {
        val clear = clearPart(snapshot)
        val sealed = SnapshotKeys.seal(binding(saleId, clear), snapshot)
        if (clear.isEmpty()) return sealed
        return MARK + ByteBuffer.allocate(Short.SIZE_BYTES).putShort(clear.size.toShort()).array() + clear + sealed
    }

    /**
     * The snapshot; or, if no key opens it, its clear part, which is no snapshot and holds what can still be told.
     *
     * @throws GeneralSecurityException if no key opens it and it has no clear part, or if the Keystore does not work
     */
    fun open(saleId: String, stored: ByteArray): ByteArray {
        val isMarked = stored.size >= MARK.size && stored.copyOf(MARK.size).contentEquals(MARK)
        if (!isMarked) return SnapshotKeys.open(binding(saleId, byteArrayOf()), stored)
        val start = MARK.size + Short.SIZE_BYTES
        if (stored.size < start) throw IOException("the snapshot is cut short")
        val length = ByteBuffer.wrap(stored, MARK.size, Short.SIZE_BYTES).short.toInt()
        if (length !in 1..stored.size - start) throw IOException("the snapshot is cut short")
        val clear = stored.copyOfRange(start, start + length)
        return try {
            SnapshotKeys.open(binding(saleId, clear), stored.copyOfRange(start + length, stored.size))
        } catch (error: KeyStoreException) {
            throw error
        } catch (_: GeneralSecurityException) {
            clear
        }
    }

    /** What the seal covers besides the snapshot. No id has a zero in it. */
    private fun binding(saleId: String, clear: ByteArray): ByteArray {
        val id = saleId.toByteArray()
        return if (clear.isEmpty()) id else id + 0 + clear
    }

    private fun clearPart(snapshot: ByteArray): ByteArray {
        val texts = texts(snapshot)
        if (texts.isEmpty()) return byteArrayOf()
        // `invoice_id` first: the reader takes the first of each name.
        val clear = JSONObject()
        for (name in listOf(INVOICE_ID, MERCHANT_ORDER_ID)) texts[name]?.let { clear.put(name, it) }
        return clear.toString().toByteArray()
    }

    /** The first text of each name in the snapshot. */
    private fun texts(snapshot: ByteArray): Map<String, String> {
        val found = mutableMapOf<String, String>()
        try {
            JsonReader(snapshot.inputStream().reader()).use { find(it, found) }
        } catch (_: IOException) {
            // Not JSON: what was found is what there is.
        } catch (_: IllegalStateException) {
            // Likewise.
        }
        return found
    }

    private fun find(json: JsonReader, found: MutableMap<String, String>) {
        when (json.peek()) {
            JsonToken.BEGIN_OBJECT -> {
                json.beginObject()
                while (json.hasNext()) {
                    val name = json.nextName()
                    val isText = json.peek() == JsonToken.STRING
                    if (isText && (name == INVOICE_ID || name == MERCHANT_ORDER_ID) && name !in found) {
                        json.nextString().takeIf { it.length <= LONGEST_TEXT }?.let { found[name] = it }
                    } else {
                        find(json, found)
                    }
                }
                json.endObject()
            }
            JsonToken.BEGIN_ARRAY -> {
                json.beginArray()
                while (json.hasNext()) find(json, found)
                json.endArray()
            }
            else -> json.skipValue()
        }
    }
}
