package dev.salekit

import dev.salekit.ffi.CallbackException
import dev.salekit.ffi.SnapshotStore as FfiSnapshotStore
import dev.salekit.ffi.StoreLock as FfiStoreLock

/**
 * Keeps one snapshot per sale, as bytes. May be called from several threads at once, and may block. If a call cannot be
 * done, it must throw, preferably a [SnapshotStoreException]: a sale continues only when its snapshot is safe.
 *
 * One record belongs to no sale: under the id of 32 zeros SaleKit keeps the invoices of the last 512 sales that it
 * removed, so that perform sale is never sent for them again. It is saved, loaded and listed like a snapshot.
 *
 * A store without [lock] is for one process and one client at a time. With two clients, the second may resume or end a
 * sale that the first one still runs, and report it as not charged before the first one charges it.
 */
public interface SnapshotStore {
    /**
     * Stores [snapshot] in place of the sale's earlier one, completely or not at all. When this returns, the snapshot
     * must survive a power cut.
     */
    public fun save(saleId: String, snapshot: ByteArray)

    /** The sale's snapshot, or `null`. */
    public fun load(saleId: String): ByteArray?

    /** The ids of all sales that have a snapshot. */
    public fun list(): List<String>

    /** Removes the sale's snapshot, if there is one. */
    public fun remove(saleId: String)

    /**
     * Takes the lock [name], unless it is held: by another process, by another store on the same snapshots, or through
     * this store. Does not wait. The system must release the lock when the process dies.
     *
     * @param name a sale's id (the lock is held as long as the sale runs) or a word of `a-z` (held for a moment)
     * @return [StoreLock.UNSUPPORTED] unless a store overrides this
     */
    public fun lock(name: String): StoreLock = StoreLock.UNSUPPORTED

    /** Releases the lock [name], which was taken through this store. */
    public fun unlock(name: String): Unit = Unit
}

/** The result of requesting a lock from a [SnapshotStore]. */
public enum class StoreLock {
    /** The caller holds the lock until it releases it or its process dies. */
    HELD,

    /** Another holder has it. */
    TAKEN,

    /** The store has no locks. */
    UNSUPPORTED,
}

/**
 * Why a [SnapshotStore] could not complete a call.
 *
 * @property kind the kind of failure
 * @param detail a sentence for a developer, without secrets: it is passed on
 */
public class SnapshotStoreException @JvmOverloads constructor(
    public val kind: Kind,
    private val detail: String,
    cause: Throwable? = null,
) : Exception(detail, cause) {
    /** The kinds of failures of a store. */
    public enum class Kind {
        /** No space left, or a quota is reached. */
        FULL,

        /** The app may not read or write there now, for example because the Android Keystore does not work. */
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
