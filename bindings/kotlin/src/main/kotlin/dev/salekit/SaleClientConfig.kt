package dev.salekit

import dev.salekit.ffi.SaleClientConfig as FfiSaleClientConfig
import dev.salekit.ffi.PublicKeyPin as FfiPublicKeyPin
import dev.salekit.ffi.Timeouts as FfiTimeouts
import dev.salekit.ffi.MerchantPaths as FfiMerchantPaths
import dev.salekit.ffi.TlsSettings as FfiTlsSettings

/**
 * What an app configures once. Addresses and pins are checked when the [SaleClient] is made, before anything is sent.
 *
 * @property gatewayUrl the gateway's base URL as the brand's documents give it, for example
 *   `https://sandbox.toptechpay.net/payment`
 * @property merchantUrl the base URL of the merchant's server
 * @property storeDirectory a directory of the app's own for snapshots of sales, outside of backups: they hold session
 *   tokens. Without one and without a [SnapshotStore], a killed app cannot go on with its sales.
 * @property merchantPaths the merchant's paths; the documented ones by default
 * @property pacing the pace of status requests
 * @property timeouts how long things may take
 * @property tls TLS settings beyond Mozilla's roots
 * @property allowsLoopbackHttp allows `http` for loopback addresses, here and for the challenge's page. For tests on one
 *   machine.
 */
public data class SaleClientConfig @JvmOverloads constructor(
    val gatewayUrl: String,
    val merchantUrl: String,
    val storeDirectory: String? = null,
    val merchantPaths: MerchantPaths? = null,
    val pacing: PacingProfile = PacingProfile.STRICT,
    val timeouts: Timeouts = Timeouts(),
    val tls: TlsSettings = TlsSettings(),
    val allowsLoopbackHttp: Boolean = false,
)

/** The pace of status requests. */
public enum class PacingProfile {
    /** Every gap within the documented 3 to 5 seconds. */
    STRICT,

    /** Some quick requests after the browser's return. Needs the gateway operator's consent. */
    BURST,
}

/**
 * How long things may take, in milliseconds; `null` keeps the default.
 *
 * @property processingMillis the gateway's processing, before the outcome is called unknown; 3 minutes by default
 * @property challengeMillis the cardholder's challenge; 10 minutes by default
 * @property recoveryMillis asking the merchant's server for a lost session token; 30 seconds by default
 * @property connectMillis making a connection; 10 seconds by default
 * @property answerMillis a whole answer; 30 seconds by default
 */
public data class Timeouts @JvmOverloads constructor(
    val processingMillis: Long? = null,
    val challengeMillis: Long? = null,
    val recoveryMillis: Long? = null,
    val connectMillis: Long? = null,
    val answerMillis: Long? = null,
) {
    init {
        val all = listOf(processingMillis, challengeMillis, recoveryMillis, connectMillis, answerMillis)
        require(all.none { it != null && it < 0 }) { "a time cannot be negative" }
    }
}

/**
 * TlsSettings beyond the defaults.
 *
 * @property extraRootsPem PEM text with certificates that are trusted besides Mozilla's roots: for a sandbox, or a
 *   company's own CA
 * @property pins public keys of which each server's chain must hold one. A host with pins must have two or more.
 */
public data class TlsSettings @JvmOverloads constructor(val extraRootsPem: String? = null, val pins: List<PublicKeyPin> = emptyList())

/**
 * The SHA-256 of a certificate's SubjectPublicKeyInfo (RFC 7469), for one host.
 *
 * @property host the host's name, for example `gate.toptechpay.net`
 * @property pin `sha256/` and 44 characters of base64
 * @property expiresAtMillis from then on the pin is not asked for any more, in milliseconds since 1970; `null` for never
 */
public data class PublicKeyPin @JvmOverloads constructor(val host: String, val pin: String, val expiresAtMillis: Long? = null) {
    init {
        require(expiresAtMillis == null || expiresAtMillis >= 0) { "a time cannot be negative" }
    }
}

/**
 * Paths on the merchant's server; `{invoiceId}` stands for the invoice's id. With a [MerchantBackend] only whether a path is
 * there matters: it says what the backend can be asked for.
 *
 * @property initiate initiate sale (POST)
 * @property accessToken where the app gets an access token (GET); `null` if the app brings its own
 * @property sessionToken the session token of an invoice (POST); `null` if the merchant does not offer it
 * @property storedCard the stored card of an invoice (POST); `null` if the merchant does not offer it
 */
public data class MerchantPaths(
    val initiate: String,
    val accessToken: String?,
    val sessionToken: String?,
    val storedCard: String?,
) {
    /** The paths that are known. */
    public companion object {
        /** The paths that the protocol's documents and samples use. */
        @JvmStatic
        public fun documented(): MerchantPaths {
            val paths = dev.salekit.ffi.documentedMerchantPaths()
            return MerchantPaths(
                initiate = paths.initiate,
                accessToken = paths.accessToken,
                sessionToken = paths.sessionToken,
                storedCard = paths.storedCard,
            )
        }
    }
}

@JvmSynthetic
internal fun SaleClientConfig.toFfi(): FfiSaleClientConfig = FfiSaleClientConfig(
    gatewayUrl = gatewayUrl,
    merchantUrl = merchantUrl,
    storeDirectory = storeDirectory,
    merchantPaths = merchantPaths?.run {
        FfiMerchantPaths(
            accessToken = accessToken,
            initiate = initiate,
            sessionToken = sessionToken,
            storedCard = storedCard,
        )
    },
    pacing = pacing.toFfi(),
    timeouts = timeouts.run {
        FfiTimeouts(
            processingMillis = processingMillis?.toULong(),
            challengeMillis = challengeMillis?.toULong(),
            recoveryMillis = recoveryMillis?.toULong(),
            connectMillis = connectMillis?.toULong(),
            answerMillis = answerMillis?.toULong(),
        )
    },
    tls = FfiTlsSettings(
        extraRootsPem = tls.extraRootsPem,
        pins = tls.pins.map { FfiPublicKeyPin(host = it.host, pin = it.pin, expiresAtMillis = it.expiresAtMillis?.toULong()) },
    ),
    allowsLoopbackHttp = allowsLoopbackHttp,
)
