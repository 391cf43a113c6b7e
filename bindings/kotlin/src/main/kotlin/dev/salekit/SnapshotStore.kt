package dev.salekit

import dev.salekit.ffi.HostException
import dev.salekit.ffi.SnapshotStore as FfiSnapshotStore

/**
 * Keeps one snapshot a sale, as bytes. May be called from several threads at once, and may block. What cannot be done
 * must be thrown, best as a [SnapshotStoreException]: a sale goes on only when its snapshot is safe.
 */
public interface SnapshotStore {
    /**
     * Stores [snapshot] in place of the sale's earlier one, completely or not at all. When it returns the snapshot must
     * be there after a power cut.
     */
    public fun save(saleId: String, snapshot: ByteArray)

    /** The sale's snapshot, or `null`. */
    public fun load(saleId: String): ByteArray?

    /** The ids of all sales that have a snapshot. */
    public fun list(): List<String>

    /** Forgets the sale's snapshot, if there is one. */
    public fun remove(saleId: String)
}

/**
 * Why a [SnapshotStore] could not do what it was asked for.
 *
 * @property kind what is the matter
 * @param detail a sentence for a developer, without secrets: it is passed on
 */
public class SnapshotStoreException @JvmOverloads constructor(
    public val kind: Kind,
    private val detail: String,
    cause: Throwable? = null,
) : Exception(detail, cause) {
    /** What can be the matter with a store. */
    public enum class Kind {
        /** No space left, or a quota is reached. */
        FULL,

        /** The app may not read or write there. */
        DENIED,

        /** Any other failure. */
        FAILED,
    }

    @JvmSynthetic
    internal fun toFfi(): HostException = when (kind) {
        Kind.FULL -> HostException.StorageFull(detail)
        Kind.DENIED -> HostException.StorageDenied(detail)
        Kind.FAILED -> HostException.Failed(detail)
    }
}

internal class StoreAdapter(private val app: SnapshotStore) : FfiSnapshotStore {
    override fun save(saleId: String, snapshot: ByteArray) = called { app.save(saleId, snapshot) }

    override fun load(saleId: String): ByteArray? = called { app.load(saleId) }

    override fun list(): List<String> = called { app.list() }

    override fun remove(saleId: String) = called { app.remove(saleId) }
}
