package dev.salekit.android

import android.content.Context
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import android.util.AtomicFile
import dev.salekit.SnapshotStore
import dev.salekit.SnapshotStoreException
import java.io.File
import java.io.FileNotFoundException
import java.io.IOException
import java.security.GeneralSecurityException
import java.security.KeyStore
import java.security.ProviderException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * Keeps snapshots in the app's private directory that no backup takes along, each encrypted (AES-256-GCM) with a key of
 * the Android Keystore, which never leaves the device. What is stored for one sale cannot be passed off as another's.
 *
 * @param context any context of the app
 */
public class AppPrivateSnapshotStore(context: Context) : SnapshotStore {
    private val folder = File(context.applicationContext.noBackupFilesDir, "salekit")

    override fun save(saleId: String, snapshot: ByteArray): Unit = guarded(isWriting = true) {
        // Another thread may be making it just now.
        if (!folder.mkdirs() && !folder.isDirectory) throw IOException("the folder for snapshots cannot be made")
        val cipher = Cipher.getInstance(CIPHER)
        cipher.init(Cipher.ENCRYPT_MODE, key())
        cipher.updateAAD(saleId.toByteArray())
        val sealed = cipher.doFinal(snapshot)
        // Written beside, synchronised and renamed: complete or not there at all.
        val file = AtomicFile(file(saleId))
        val stream = file.startWrite()
        try {
            stream.write(cipher.iv)
            stream.write(sealed)
            file.finishWrite(stream)
        } catch (error: IOException) {
            file.failWrite(stream)
            throw error
        }
    }

    override fun load(saleId: String): ByteArray? = guarded {
        val stored = try {
            AtomicFile(file(saleId)).readFully()
        } catch (_: FileNotFoundException) {
            return@guarded null
        }
        if (stored.size < NONCE_BYTES) throw IOException("the snapshot is cut short")
        val cipher = Cipher.getInstance(CIPHER)
        cipher.init(Cipher.DECRYPT_MODE, key(), GCMParameterSpec(TAG_BITS, stored, 0, NONCE_BYTES))
        cipher.updateAAD(saleId.toByteArray())
        cipher.doFinal(stored, NONCE_BYTES, stored.size - NONCE_BYTES)
    }

    override fun list(): List<String> = guarded {
        // Before API 30 what was there is kept under another name while it is replaced; a kill then leaves only that.
        folder.list().orEmpty().map { it.removeSuffix(BACKUP) }
            .filter { it.endsWith(SUFFIX) }.map { it.removeSuffix(SUFFIX) }.distinct()
    }

    override fun remove(saleId: String): Unit = guarded { AtomicFile(file(saleId)).delete() }

    private fun file(saleId: String): File {
        // Ids are SaleKit's own; but a name with a separator would lead out of the folder.
        require(saleId.isNotEmpty() && saleId.all { it.isLetterOrDigit() || it == '-' || it == '_' }) { "not a sale's id" }
        return File(folder, saleId + SUFFIX)
    }

    /** The key, made when it is asked for first: by one of all stores, or a key would be lost with what it had sealed. */
    private fun key(): SecretKey = synchronized(KEY) {
        val store = KeyStore.getInstance(KEYSTORE).apply { load(null) }
        (store.getKey(KEY, null) as? SecretKey)?.let { return it }
        val generator = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, KEYSTORE)
        generator.init(
            KeyGenParameterSpec.Builder(KEY, KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT)
                .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
                .setKeySize(KEY_BITS)
                .build(),
        )
        generator.generateKey()
    }

    private inline fun <T> guarded(isWriting: Boolean = false, work: () -> T): T = try {
        work()
    } catch (error: IOException) {
        throw failed(error, isWriting)
    } catch (error: GeneralSecurityException) {
        throw failed(error, false)
    } catch (error: ProviderException) {
        // How the Keystore says that it does not work now.
        throw failed(error, false)
    }

    /** The kind of failure only: messages of the system could name the file. */
    private fun failed(error: Exception, isWriting: Boolean): SnapshotStoreException {
        val isFull = isWriting && folder.parentFile.usableSpace < LEAST_SPACE
        val kind = if (isFull) SnapshotStoreException.Kind.FULL else SnapshotStoreException.Kind.FAILED
        return SnapshotStoreException(kind, "the snapshot: ${error.javaClass.simpleName}", error)
    }

    private companion object {
        const val KEYSTORE = "AndroidKeyStore"
        const val KEY = "dev.salekit.snapshots"
        const val CIPHER = "AES/GCM/NoPadding"
        const val KEY_BITS = 256
        const val TAG_BITS = 128
        const val NONCE_BYTES = 12
        const val SUFFIX = ".sale"
        const val BACKUP = ".bak"
        const val LEAST_SPACE = 64L * 1024
    }
}
