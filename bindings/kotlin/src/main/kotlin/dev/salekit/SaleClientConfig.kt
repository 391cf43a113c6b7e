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
 * @property storeDirectory a private directory of the app for snapshots of sales. Exclude it from backups: snapshots
 *   contain session tokens. Without a directory and without a [SnapshotStore], an app that was killed cannot resume its
 *   sales.
 * @property merchantPaths the merchant's paths; `null` for the documented ones
 * @property pacing the pace of status requests
 * @property timeouts how long things may take
 * @property tls TLS settings in addition to Mozilla's roots
 * @property allowsLoopbackHttp allows `http` for loopback addresses, in this configuration and for the challenge's
 *   page. For tests on one machine.
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
    /** Status requests are 3 to 5 seconds apart, as documented. */
    STRICT,

    /** A few quick requests after the browser returns to the app. Needs the gateway operator's consent. */
    BURST,

    /**
     * At most 0.4 seconds apart, so that a test against the sandbox takes a second. Only with a gateway's URL on a loopback
     * address: with any other, making the client throws [SaleKitException.InvalidInput].
     */
    TEST,
}

/**
 * How long things may take, in milliseconds; `null` keeps the default.
 *
 * @property processingMillis how long the gateway may process the sale before the outcome is [SaleOutcome.Unknown]; 3
 *   minutes by default
 * @property challengeMillis the cardholder's challenge; 10 minutes by default
 * @property recoveryMillis asking the merchant's server for a lost session token; 30 seconds by default
 * @property connectMillis making a connection; 10 seconds by default
 * @property answerMillis receiving a complete answer; 30 seconds by default
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
 * TLS settings in addition to the defaults.
 *
 * @property extraRootsPem PEM text with certificates to trust in addition to Mozilla's roots, for example a sandbox's
 *   or a company's CA
 * @property pins pinned public keys. The chain of a pinned host must contain one of them. Give each pinned host at
 *   least two.
 */
public data class TlsSettings @JvmOverloads constructor(val extraRootsPem: String? = null, val pins: List<PublicKeyPin> = emptyList())

/**
 * The SHA-256 of a certificate's SubjectPublicKeyInfo (RFC 7469), for one host.
 *
 * @property host the host's name, for example `gate.toptechpay.net`
 * @property pin `sha256/` and 44 characters of base64
 * @property expiresAtMillis when the pin expires, in milliseconds since 1970; `null` for never. An expired pin is not
 *   checked.
 */
public data class PublicKeyPin @JvmOverloads constructor(val host: String, val pin: String, val expiresAtMillis: Long? = null) {
    init {
        require(expiresAtMillis == null || expiresAtMillis >= 0) { "a time cannot be negative" }
    }
}

/**
 * Paths on the merchant's server; `{invoiceId}` stands for the invoice's id. With a [MerchantBackend] the paths' values
 * are not used. A path that is not `null` only says that the backend supports that request.
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
    /** Provides the documented paths. */
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
