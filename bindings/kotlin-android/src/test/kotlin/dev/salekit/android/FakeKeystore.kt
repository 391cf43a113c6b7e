package dev.salekit.android

import android.security.keystore.KeyGenParameterSpec
import java.io.InputStream
import java.io.OutputStream
import java.security.InvalidKeyException
import java.security.Key
import java.security.KeyStore
import java.security.KeyStoreSpi
import java.security.Provider
import java.security.ProviderException
import java.security.SecureRandom
import java.security.Security
import java.security.UnrecoverableKeyException
import java.security.cert.Certificate
import java.security.spec.AlgorithmParameterSpec
import java.util.Collections
import java.util.Date
import java.util.Enumeration
import java.util.concurrent.ConcurrentHashMap
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import javax.crypto.KeyGenerator
import javax.crypto.KeyGeneratorSpi
import javax.crypto.SecretKey
import javax.crypto.spec.SecretKeySpec

/** A key that cannot be used, for which the Keystore gives [reason]. */
internal class RefusedKey(private val reason: InvalidKeyException) : SecretKey {
    override fun getAlgorithm() = "AES"
    override fun getFormat() = "RAW"
    override fun getEncoded(): ByteArray = throw reason
}

/**
 * Stands in for the Android Keystore, which Robolectric has none of: keys are made and kept under the same names, but in
 * this process' memory. The cipher is the JVM's own. What only the real one does (keys that cannot be taken out of it) is
 * not tested here.
 */
internal class FakeKeystore : Provider("AndroidKeyStore", "1.0", "for tests") {
    init {
        put("KeyStore.AndroidKeyStore", Store::class.java.name)
        put("KeyGenerator.AES", Generator::class.java.name)
    }

    class Generator : KeyGeneratorSpi() {
        private lateinit var asked: KeyGenParameterSpec

        override fun engineInit(params: AlgorithmParameterSpec, random: SecureRandom?) {
            asked = params as KeyGenParameterSpec
        }

        override fun engineGenerateKey(): SecretKey {
            if (isBroken) throw ProviderException("the keystore does not answer")
            specs += asked
            // Nobody else should come; but who would must get the time to.
            second?.countDown()
            second?.await(300, TimeUnit.MILLISECONDS)
            val generator = KeyGenerator.getInstance("AES", Security.getProviders("KeyGenerator.AES").first { it.name != "AndroidKeyStore" })
            val made = generator.apply { init(asked.keySize) }.generateKey()
            val key = if (isUnusable) SecretKeySpec(ByteArray(5), "AES") else made
            keys[asked.keystoreAlias] = key
            return key
        }

        override fun engineInit(random: SecureRandom?) = error("not so on Android")

        override fun engineInit(keysize: Int, random: SecureRandom?) = error("not so on Android")
    }

    class Store : KeyStoreSpi() {
        override fun engineLoad(stream: InputStream?, password: CharArray?) = Unit
        override fun engineLoad(param: KeyStore.LoadStoreParameter?) = Unit
        override fun engineGetKey(alias: String, password: CharArray?): Key? {
            faults[alias]?.let { throw it }
            if (alias in lost) throw UnrecoverableKeyException("the keystore knows the name only")
            return keys[alias]
        }

        override fun engineAliases(): Enumeration<String> {
            if (isDead) throw ProviderException("the keystore does not answer")
            return Collections.enumeration(if (isSilent) emptyList() else keys.keys)
        }

        override fun engineContainsAlias(alias: String) = keys.containsKey(alias)
        override fun engineSize() = keys.size
        override fun engineIsKeyEntry(alias: String) = keys.containsKey(alias)
        override fun engineDeleteEntry(alias: String) {
            keys.remove(alias)
        }

        override fun engineIsCertificateEntry(alias: String) = false
        override fun engineGetCertificate(alias: String): Certificate? = null
        override fun engineGetCertificateAlias(certificate: Certificate?): String? = null
        override fun engineGetCertificateChain(alias: String): Array<Certificate>? = null
        override fun engineGetCreationDate(alias: String): Date? = null
        override fun engineSetKeyEntry(a: String, k: Key?, p: CharArray?, c: Array<Certificate>?) = error("not asked for")
        override fun engineSetKeyEntry(alias: String, key: ByteArray?, chain: Array<Certificate>?) = error("not asked for")
        override fun engineSetCertificateEntry(alias: String, certificate: Certificate?) = error("not asked for")
        override fun engineStore(stream: OutputStream?, password: CharArray?) = error("not asked for")
    }

    companion object {
        val keys = ConcurrentHashMap<String, SecretKey>()

        /** What each key was asked for with. */
        val specs: MutableList<KeyGenParameterSpec> = Collections.synchronizedList(mutableListOf())

        /** The names of keys that are there and cannot be had. */
        val lost: MutableSet<String> = ConcurrentHashMap.newKeySet()

        /** What it answers when it is asked for a key. */
        val faults = ConcurrentHashMap<String, UnrecoverableKeyException>()

        var isBroken = false

        /** Whether it does not even say which keys there are. */
        var isDead = false

        /** Whether it names no keys, as from API 31 on when it does not work: it can still be asked for each. */
        var isSilent = false

        /** Whether keys that are made now do not work. */
        var isUnusable = false

        /** Where several who make a key at once would meet. */
        var second: CountDownLatch? = null

        fun install() {
            keys.clear()
            specs.clear()
            lost.clear()
            faults.clear()
            isBroken = false
            isDead = false
            isSilent = false
            isUnusable = false
            second = null
            Security.removeProvider("AndroidKeyStore")
            Security.addProvider(FakeKeystore())
        }
    }
}
