package dev.salekit.android

import android.content.Context
import android.system.OsConstants
import dev.salekit.SnapshotStore
import dev.salekit.SnapshotStoreException
import dev.salekit.android.SnapshotFiles.Companion.errno
import java.io.File
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.ProviderException

/**
 * Keeps snapshots in the app's private directory that no backup takes along, each encrypted (AES-256-GCM) with a key of
 * the Android Keystore, which never leaves the device. What is stored for one sale cannot be passed off as another's.
 *
 * If Android has lost the key or made it unusable, later sales get a new one. What the old key sealed cannot be read then:
 * it is kept, and listed in [dev.salekit.PendingSales.damaged].
 *
 * @param context any context of the app
 */
public class AppPrivateSnapshotStore(context: Context) : SnapshotStore {
    private val folder = File(context.applicationContext.noBackupFilesDir, "salekit")
    private val files = SnapshotFiles(folder)

    override fun save(saleId: String, snapshot: ByteArray): Unit = guarded(isWriting = true) {
        files.write(saleId, SnapshotKeys.seal(saleId, snapshot))
    }

    override fun load(saleId: String): ByteArray? = guarded {
        files.read(saleId)?.let { SnapshotKeys.open(saleId, it) }
    }

    override fun list(): List<String> = guarded { files.list() }

    override fun remove(saleId: String): Unit = guarded { files.delete(saleId) }

    private inline fun <T> guarded(isWriting: Boolean = false, work: () -> T): T = try {
        work()
    } catch (error: IOException) {
        throw failed(error, kind(error, isWriting))
    } catch (error: GeneralSecurityException) {
        throw failed(error, SnapshotStoreException.Kind.FAILED)
    } catch (error: ProviderException) {
        // How the Keystore says that it does not work now.
        throw failed(error, SnapshotStoreException.Kind.FAILED)
    }

    private fun kind(error: IOException, isWriting: Boolean): SnapshotStoreException.Kind {
        val isFull = isWriting && folder.parentFile.usableSpace < LEAST_SPACE
        return when (error.errno) {
            OsConstants.ENOSPC, OsConstants.EDQUOT -> SnapshotStoreException.Kind.FULL
            OsConstants.EACCES, OsConstants.EPERM, OsConstants.EROFS -> SnapshotStoreException.Kind.DENIED
            else -> if (isFull) SnapshotStoreException.Kind.FULL else SnapshotStoreException.Kind.FAILED
        }
    }

    /** What is the matter and no more: messages of the system could name the file. */
    private fun failed(error: Exception, kind: SnapshotStoreException.Kind): SnapshotStoreException {
        val matter = error.errno?.let(OsConstants::errnoName) ?: error.javaClass.simpleName
        return SnapshotStoreException(kind, "the snapshot: $matter", error)
    }

    private companion object {
        const val LEAST_SPACE = 64L * 1024
    }
}
