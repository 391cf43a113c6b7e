package dev.salekit

import dev.salekit.ffi.CallbackException
import dev.salekit.ffi.SnapshotStore as FfiSnapshotStore
import dev.salekit.ffi.StoreLock as FfiStoreLock

/**
 * Keeps one snapshot a sale, as bytes. May be called from several threads at once, and may block. What cannot be done
 * must be thrown, best as a [SnapshotStoreException]: a sale goes on only when its snapshot is safe.
 *
 * One record is no sale's: under the id of 32 zeros SaleKit keeps the invoices of the last 512 sales that it removed, so
 * that perform sale is never sent for them again. It is saved, loaded and listed as a snapshot is.
 *
 * A store without [lock] is for one process and one client at a time. With two, the second may resume or end a sale that
 * the first one goes on to make, and tell of it as not charged before it is charged.
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

    /**
     * Takes the lock [name], if nobody holds it: no other process, no other store on the same snapshots, and nobody who
     * took it through this one. Does not wait. The system must give it back when the process dies.
     *
     * @param name a sale's id (the lock is held as long as the sale runs) or a word of `a-z` (for a moment)
     * @return [StoreLock.UNSUPPORTED] unless a store does otherwise
     */
    public fun lock(name: String): StoreLock = StoreLock.UNSUPPORTED

    /** Gives back the lock [name], which was taken through this store. */
    public fun unlock(name: String): Unit = Unit
}

/** What became of asking a [SnapshotStore] for a lock. */
public enum class StoreLock {
    /** It is the caller's until it gives it back or its process dies. */
    HELD,

    /** Somebody else has it. */
    TAKEN,

    /** The store has no locks. */
    UNSUPPORTED,
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
    internal fun toFfi(): CallbackException = when (kind) {
        Kind.FULL -> CallbackException.StorageFull(detail)
        Kind.DENIED -> CallbackException.StorageDenied(detail)
        Kind.FAILED -> CallbackException.Failed(detail)
    }
}

internal class StoreAdapter(private val app: SnapshotStore) : FfiSnapshotStore {
    override fun save(saleId: String, snapshot: ByteArray) = called { app.save(saleId, snapshot) }

    override fun load(saleId: String): ByteArray? = called { app.load(saleId) }

    override fun list(): List<String> = called { app.list() }

    override fun remove(saleId: String) = called { app.remove(saleId) }

    override fun lock(name: String): FfiStoreLock = called { app.lock(name).toFfi() }

    override fun unlock(name: String) = called { app.unlock(name) }
}
