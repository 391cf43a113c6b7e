package dev.salekit.android

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import java.security.GeneralSecurityException
import java.security.InvalidKeyException
import java.security.KeyStore
import java.security.UnrecoverableKeyException
import javax.crypto.AEADBadTagException
import javax.crypto.Cipher
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * The Keystore's keys for snapshots, and encryption with them. The result is nonce, ciphertext and tag (AES-256-GCM).
 *
 * Android may remove a key or make it unusable: after an update, or when the device's lock is changed. The next key
 * then gets another name. The earlier key stays in the Keystore: if it works again, its snapshots can be read again.
 */
internal object SnapshotKeys {
    private const val KEYSTORE = "AndroidKeyStore"
    private const val NAME = "dev.salekit.snapshots"
    private const val CIPHER = "AES/GCM/NoPadding"
    private const val KEY_BITS = 256
    private const val TAG_BITS = 128
    private const val NONCE_BYTES = 12

    /** Encrypts [snapshot] and binds it to [bound]. [bound] is not part of the result: [open] needs the same value. */
    fun seal(bound: ByteArray, snapshot: ByteArray): ByteArray {
        val cipher = encrypting()
        cipher.updateAAD(bound)
        val sealed = cipher.doFinal(snapshot)
        return cipher.iv + sealed
    }

    /**
     * Decrypts what [seal] returned for [bound], with whichever of the keys encrypted it.
     *
     * @throws java.security.KeyStoreException if the Keystore does not work
     * @throws GeneralSecurityException if no key decrypts it: its key is lost, or the data are damaged
     */
    fun open(bound: ByteArray, sealed: ByteArray): ByteArray {
        if (sealed.size < NONCE_BYTES) throw AEADBadTagException("the snapshot is cut short")
        val store = keystore()
        var failure: GeneralSecurityException = UnrecoverableKeyException("there is no key")
        for (number in numbers(store).asReversed()) {
            try {
                val cipher = Cipher.getInstance(CIPHER)
                cipher.init(Cipher.DECRYPT_MODE, key(store, number), GCMParameterSpec(TAG_BITS, sealed, 0, NONCE_BYTES))
                cipher.updateAAD(bound)
                return cipher.doFinal(sealed, NONCE_BYTES, sealed.size - NONCE_BYTES)
            } catch (error: GeneralSecurityException) {
                failure = error
            }
        }
        throw failure
    }

    /**
     * A cipher with the newest key, or with a new key if the newest does not work. Only one thread at a time: several
     * threads would each create a key.
     */
    @Synchronized
    private fun encrypting(): Cipher {
        val store = keystore()
        val newest = numbers(store).lastOrNull()
        if (newest != null) {
            try {
                return encrypting(key(store, newest))
            } catch (_: UnrecoverableKeyException) {
                // Android has lost it.
            } catch (_: InvalidKeyException) {
                // Android no longer permits its use.
            }
        }
        val next = (newest ?: 0) + 1
        val made = generate(name(next))
        return try {
            encrypting(made)
        } catch (error: GeneralSecurityException) {
            // Delete the new key, else each try would leave one behind. Nothing is encrypted with it.
            store.deleteEntry(name(next))
            throw error
        }
    }

    private fun encrypting(key: SecretKey): Cipher = Cipher.getInstance(CIPHER).apply { init(Cipher.ENCRYPT_MODE, key) }

    private fun keystore(): KeyStore = KeyStore.getInstance(KEYSTORE).apply { load(null) }

    private fun key(store: KeyStore, number: Int): SecretKey =
        store.getKey(name(number), null) as? SecretKey ?: throw UnrecoverableKeyException("the key is gone")

    /** The numbers of the keys in the Keystore, the oldest first. */
    private fun numbers(store: KeyStore): List<Int> = store.aliases().asSequence().mapNotNull { alias ->
        if (alias == NAME) 1 else alias.substringAfter("$NAME.", "").toIntOrNull()?.takeIf { it > 1 }
    }.sorted().toList()

    private fun name(number: Int): String = if (number == 1) NAME else "$NAME.$number"

    private fun generate(name: String): SecretKey {
        val generator = KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, KEYSTORE)
        generator.init(
            KeyGenParameterSpec.Builder(name, KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT)
                .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
                .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
                .setKeySize(KEY_BITS)
                .build(),
        )
        return generator.generateKey()
    }
}
