package dev.salekit.android

import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyPermanentlyInvalidatedException
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

    /** How the Keystore's answer begins if it cannot read a key that it has. */
    private val LOST = listOf("Key blob corrupted", "Invalid key blob")

    /** Encrypts [snapshot] and binds it to [bound]. [bound] is not part of the result: [open] needs the same value. */
    fun seal(bound: ByteArray, snapshot: ByteArray): ByteArray {
        val cipher = encrypting()
        cipher.updateAAD(bound)
        val sealed = cipher.doFinal(snapshot)
        return cipher.iv + sealed
    }

    /**
     * Decrypts what [seal] returned for [bound], with whichever of the keys encrypted it. `null` if none does: its key is
     * lost, or the data are damaged.
     *
     * @throws GeneralSecurityException if the Keystore does not work now
     */
    fun open(bound: ByteArray, sealed: ByteArray): ByteArray? {
        if (sealed.size < NONCE_BYTES + TAG_BITS / Byte.SIZE_BITS) return null
        val store = keystore()
        var fault: GeneralSecurityException? = null
        for (number in numbers(store).ifEmpty { listOf(1) }.asReversed()) {
            try {
                val key = key(store, number) ?: continue
                val cipher = Cipher.getInstance(CIPHER)
                cipher.init(Cipher.DECRYPT_MODE, key, GCMParameterSpec(TAG_BITS, sealed, 0, NONCE_BYTES))
                cipher.updateAAD(bound)
                return cipher.doFinal(sealed, NONCE_BYTES, sealed.size - NONCE_BYTES)
            } catch (error: GeneralSecurityException) {
                if (!isLoss(error)) fault = error
            }
        }
        fault?.let { throw it }
        return null
    }

    /**
     * Whether the key is lost permanently, or is not the one. Anything else is retryable, even if Android throws the
     * same class. What the Keystore answered is the cause. Its number is no public API before API 33, but its sentence
     * is the same in all versions.
     */
    private fun isLoss(error: GeneralSecurityException): Boolean = when {
        error is AEADBadTagException || error is KeyPermanentlyInvalidatedException -> true
        // A key that is permanently invalidated, when it is asked for.
        error is UnrecoverableKeyException && error.cause == null -> true
        else -> LOST.any { error.cause?.message.orEmpty().startsWith(it) }
    }

    /**
     * A cipher with the newest key, or with a new key if the newest does not work. Only one thread at a time: several
     * threads would each create a key.
     */
    @Synchronized
    private fun encrypting(): Cipher {
        val store = keystore()
        val newest = numbers(store).lastOrNull()
        if (newest == null) {
            // A first key would replace the one that is there, if the Keystore only cannot name it now.
            key(store, 1)?.let { return encrypting(it) }
        } else {
            try {
                key(store, newest)?.let { return encrypting(it) }
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

    /** `null` if there is no such key. */
    private fun key(store: KeyStore, number: Int): SecretKey? = store.getKey(name(number), null) as? SecretKey

    /**
     * The numbers of the keys in the Keystore, the oldest first. From API 31 on, Android also names none if the Keystore
     * does not work now. Asked for the first key by its name, it then throws.
     */
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
