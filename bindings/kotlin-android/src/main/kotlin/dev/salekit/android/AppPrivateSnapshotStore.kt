package dev.salekit.android

import android.content.Context
import android.system.OsConstants
import dev.salekit.SnapshotStore
import dev.salekit.SnapshotStoreException
import dev.salekit.StoreLock
import dev.salekit.android.SnapshotFiles.Companion.errno
import java.io.File
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.ProviderException

/**
 * Keeps snapshots in the app's private directory that backups leave out. Each snapshot is encrypted (AES-256-GCM) with
 * a key of the Android Keystore, which never leaves the device. One sale's snapshot cannot be used in place of
 * another's.
 *
 * A sale's invoice id and merchant order id ([dev.salekit.SaleRequest.merchantOrderId]) are **stored in clear** beside
 * the encrypted part. If Android has lost the key or made it unusable, the encrypted part cannot be read, but
 * [dev.salekit.PendingSales.damaged] still lists the sale with these two ids, as far as it has them. The app chooses the
 * merchant order id: do not put a secret into it. Later sales get a new key, and snapshots encrypted with the old key are
 * kept. The record of earlier sales' invoices (see [SnapshotStore]) reveals nothing, and is not encrypted.
 *
 * If the Keystore only does not work now, [load] throws [SnapshotStoreException.Kind.DENIED]: the sales can be read later,
 * and cannot be forgotten until then.
 *
 * Its locks are files, so several stores and several processes of the app may use the same folder. None of them touches
 * a sale that another one runs.
 *
 * @param context any context of the app
 * @param folder a name of letters, digits, `-` and `_`. Stores with different names are independent. An app that has
 *   several gateways uses one folder for each.
 */
public class AppPrivateSnapshotStore @JvmOverloads constructor(context: Context, folder: String = "salekit") : SnapshotStore {
    private val folder = File(context.applicationContext.noBackupFilesDir, checked(folder))
    private val files = SnapshotFiles(this.folder)

    override fun save(saleId: String, snapshot: ByteArray): Unit = guarded(isWriting = true) {
        files.write(saleId, if (saleId == EARLIER_INVOICES) snapshot else SealedSnapshot.seal(saleId, snapshot))
    }

    override fun load(saleId: String): ByteArray? = guarded {
        files.read(saleId)?.let { if (saleId == EARLIER_INVOICES) it else SealedSnapshot.open(saleId, it) }
    }

    override fun list(): List<String> = guarded { files.list() }

    override fun remove(saleId: String): Unit = guarded { files.delete(saleId) }

    override fun lock(name: String): StoreLock = guarded(isWriting = true) { files.lock(name) }

    override fun unlock(name: String): Unit = guarded { files.unlock(name) }

    private inline fun <T> guarded(isWriting: Boolean = false, work: () -> T): T = try {
        work()
    } catch (error: IOException) {
        throw failed(error, kind(error, isWriting))
    } catch (error: GeneralSecurityException) {
        throw failed(error, kindOfFault(isWriting))
    } catch (error: ProviderException) {
        throw failed(error, kindOfFault(isWriting))
    }

    /** The Keystore does not work now. What cannot be read now is not damaged, and must not be forgotten. */
    private fun kindOfFault(isWriting: Boolean) =
        if (isWriting) SnapshotStoreException.Kind.FAILED else SnapshotStoreException.Kind.DENIED

    private fun kind(error: IOException, isWriting: Boolean): SnapshotStoreException.Kind {
        val isFull = isWriting && folder.parentFile.usableSpace < LEAST_SPACE
        return when (error.errno) {
            OsConstants.ENOSPC, OsConstants.EDQUOT -> SnapshotStoreException.Kind.FULL
            OsConstants.EACCES, OsConstants.EPERM, OsConstants.EROFS -> SnapshotStoreException.Kind.DENIED
            else -> if (isFull) SnapshotStoreException.Kind.FULL else SnapshotStoreException.Kind.FAILED
        }
    }

    /** Only the kind of the error: messages of the system could contain the file's name. */
    private fun failed(error: Exception, kind: SnapshotStoreException.Kind): SnapshotStoreException {
        val matter = error.errno?.let(OsConstants::errnoName) ?: error.javaClass.simpleName
        return SnapshotStoreException(kind, "the snapshot: $matter", error)
    }

    private companion object {
        const val LEAST_SPACE = 64L * 1024

        /** The id of the record that keeps the invoices of earlier sales. It must stay readable when a key is lost. */
        const val EARLIER_INVOICES = "00000000000000000000000000000000"

        /** A name with a path separator could lead to a folder that backups include. */
        fun checked(folder: String): String = folder.also {
            require(it.matches(Regex("[A-Za-z0-9_-]+"))) { "not a folder's name" }
        }
    }
}
