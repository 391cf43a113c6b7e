package dev.salekit.android

import android.util.JsonReader
import android.util.JsonToken
import org.json.JSONObject
import java.io.IOException
import java.nio.ByteBuffer
import java.security.GeneralSecurityException

/**
 * The contents of a snapshot's file: the encrypted snapshot, and a part in clear. If the key is lost, the clear part
 * still identifies the sale. It contains the invoice's id and the app's merchant order id, as JSON with the snapshot's
 * names for them. The clear part is authenticated: if it is exchanged, the snapshot cannot be decrypted.
 *
 * A file begins with [MARK] and the length of the clear part, which is an empty object if the snapshot has neither. All
 * files of earlier versions are encrypted from their first byte and have no clear part.
 */
internal object SealedSnapshot {
    private val MARK = "SALEKIT\u0002".toByteArray()
    private const val INVOICE_ID = "invoice_id"
    private const val MERCHANT_ORDER_ID = "merchant_order_id"

    /** A longer text is left out, because SaleKit writes none that long. */
    private const val LONGEST_TEXT = 1_024

    fun seal(saleId: String, snapshot: ByteArray): ByteArray {
        val clear = clearPart(snapshot)
        val sealed = SnapshotKeys.seal(binding(saleId, clear), snapshot)
        return MARK + ByteBuffer.allocate(Short.SIZE_BYTES).putShort(clear.size.toShort()).array() + clear + sealed
    }

    /**
     * The snapshot. If no key decrypts it, the clear part instead: that is no snapshot, but contains what is still
     * known.
     *
     * @throws IOException if no key decrypts it and it has no clear part
     * @throws GeneralSecurityException if the Keystore does not work now
     */
    fun open(saleId: String, stored: ByteArray): ByteArray {
        val isMarked = stored.size >= MARK.size && stored.copyOf(MARK.size).contentEquals(MARK)
        if (!isMarked) {
            return SnapshotKeys.open(binding(saleId, byteArrayOf()), stored) ?: throw IOException("no key decrypts the snapshot")
        }
        val start = MARK.size + Short.SIZE_BYTES
        if (stored.size < start) throw IOException("the snapshot is cut short")
        val length = ByteBuffer.wrap(stored, MARK.size, Short.SIZE_BYTES).short.toInt()
        if (length !in 1..stored.size - start) throw IOException("the snapshot is cut short")
        val clear = stored.copyOfRange(start, start + length)
        return SnapshotKeys.open(binding(saleId, clear), stored.copyOfRange(start + length, stored.size)) ?: clear
    }

    /** What the authentication covers in addition to the snapshot. No id contains a zero byte. */
    private fun binding(saleId: String, clear: ByteArray): ByteArray {
        val id = saleId.toByteArray()
        return if (clear.isEmpty()) id else id + 0 + clear
    }

    private fun clearPart(snapshot: ByteArray): ByteArray {
        val texts = texts(snapshot)
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
            // Not JSON: keep what was found before.
        } catch (_: IllegalStateException) {
            // As above.
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
