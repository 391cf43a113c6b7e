package dev.salekit

import java.io.Serializable
import dev.salekit.ffi.SaleState as FfiSaleState

/** The state of a sale. Only [Finished] says anything about money. */
public sealed interface SaleState : Serializable {
    /** SaleKit asks the merchant's server for an access token and an invoice. Nothing can be charged yet. */
    public object Initiating : SaleState {
        private const val serialVersionUID: Long = 1

        override fun toString(): String = "Initiating"

        private fun readResolve(): Any = Initiating
    }

    /** SaleKit is about to send perform sale, or waits for its answer. */
    public object Performing : SaleState {
        private const val serialVersionUID: Long = 1

        override fun toString(): String = "Performing"

        private fun readResolve(): Any = Performing
    }

    /** The answer to perform sale was lost. SaleKit asks the merchant's server for the sale's session token. */
    public object Recovering : SaleState {
        private const val serialVersionUID: Long = 1

        override fun toString(): String = "Recovering"

        private fun readResolve(): Any = Recovering
    }

    /** The gateway is processing the sale. */
    public object Processing : SaleState {
        private const val serialVersionUID: Long = 1

        override fun toString(): String = "Processing"

        private fun readResolve(): Any = Processing
    }

    /**
     * The cardholder authenticates with the issuer in the browser. [toString] leaves the address out, because it may
     * contain a secret of this sale. Serialization leaves it out too: after deserialization, use [Sale.challenge].
     *
     * @property url the page, checked to be `https`; empty after deserialization
     * @property isOpen whether the page is, or may still be, open
     */
    public data class Challenge(val url: String, val isOpen: Boolean) : SaleState {
        override fun toString(): String = "Challenge(isOpen=$isOpen)"

        private fun writeReplace(): Any = copy(url = "")

        private companion object {
            private const val serialVersionUID: Long = 1
        }
    }

    /**
     * The sale has ended.
     *
     * @property outcome how it ended
     */
    public data class Finished(val outcome: SaleOutcome) : SaleState {
        private companion object {
            private const val serialVersionUID: Long = 1
        }
    }

    /**
     * A state that later versions may add. Treat it like [Processing].
     *
     * @property name its name
     */
    public data class Other(val name: String) : SaleState {
        private companion object {
            private const val serialVersionUID: Long = 1
        }
    }
}

@JvmSynthetic
internal fun FfiSaleState.toPublic(): SaleState = when (this) {
    is FfiSaleState.Initiating -> SaleState.Initiating
    is FfiSaleState.Performing -> SaleState.Performing
    is FfiSaleState.Recovering -> SaleState.Recovering
    is FfiSaleState.Processing -> SaleState.Processing
    is FfiSaleState.Challenge -> SaleState.Challenge(url = url, isOpen = isOpen)
    is FfiSaleState.Finished -> SaleState.Finished(outcome.toPublic())
    is FfiSaleState.Other -> SaleState.Other(name)
}
