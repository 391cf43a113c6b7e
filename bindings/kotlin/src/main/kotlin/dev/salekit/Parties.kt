package dev.salekit

import java.io.Serializable
import dev.salekit.ffi.MerchantServer as FfiMerchantServer
import dev.salekit.ffi.Parties as FfiParties

/**
 * The gateway and the merchant's server of a client, and of each sale that it starts. SaleKit sends a sale's tokens
 * only to these two.
 *
 * @property gatewayUrl the gateway's base URL as configured, in its normal form: host in lower case, no default port,
 *   no slash at the end
 * @property merchant the merchant's server
 */
public data class Parties(val gatewayUrl: String, val merchant: MerchantServer) : Serializable {
    private companion object {
        private const val serialVersionUID: Long = 1
    }
}

/** Which server of the merchant's a client asks. */
public sealed interface MerchantServer : Serializable {
    /**
     * The server at this base URL.
     *
     * @property url the base URL, in its normal form
     */
    public data class At(val url: String) : MerchantServer {
        private companion object {
            private const val serialVersionUID: Long = 1
        }
    }

    /**
     * A [MerchantBackend] answers for the merchant. It has no address, so all sales of such clients count as one
     * merchant's. Their gateways still distinguish them.
     */
    public object AppBackend : MerchantServer {
        private const val serialVersionUID: Long = 1

        override fun toString(): String = "AppBackend"

        private fun readResolve(): Any = AppBackend
    }
}

@JvmSynthetic
internal fun FfiParties.toPublic(): Parties = Parties(
    gatewayUrl = gatewayUrl,
    merchant = when (val merchant = merchant) {
        is FfiMerchantServer.At -> MerchantServer.At(url = merchant.url)
        is FfiMerchantServer.AppBackend -> MerchantServer.AppBackend
    },
)
