package dev.salekit

import dev.salekit.ffi.SaleState as FfiSaleState

/** Where a sale stands. Only [Finished] says anything about money. */
public sealed interface SaleState {
    /** The merchant's server is asked for an access token and an invoice. Nothing can be charged yet. */
    public object Initiating : SaleState {
        override fun toString(): String = "Initiating"
    }

    /** Perform sale is about to be sent or on its way. */
    public object Performing : SaleState {
        override fun toString(): String = "Performing"
    }

    /** The answer to perform sale was lost; the merchant's server is asked where the sale can be found. */
    public object Recovering : SaleState {
        override fun toString(): String = "Recovering"
    }

    /** The gateway is processing. */
    public object Processing : SaleState {
        override fun toString(): String = "Processing"
    }

    /**
     * The cardholder authenticates with the issuer in the browser. [toString] leaves the address out: it may hold a
     * secret of this sale.
     *
     * @property url the page, checked to be `https`
     * @property isOpen whether the page is, or may still be, open
     */
    public data class Challenge(val url: String, val isOpen: Boolean) : SaleState {
        override fun toString(): String = "Challenge(isOpen=$isOpen)"
    }

    /**
     * The end.
     *
     * @property outcome how it ended
     */
    public data class Finished(val outcome: SaleOutcome) : SaleState

    /**
     * A state that later versions may add. Treat it like [Processing].
     *
     * @property name its name
     */
    public data class Other(val name: String) : SaleState
}

@JvmSynthetic
internal fun FfiSaleState.toPublic(): SaleState = when (this) {
    is FfiSaleState.Initiating -> SaleState.Initiating
    is FfiSaleState.Performing -> SaleState.Performing
    is FfiSaleState.Recovering -> SaleState.Recovering
    is FfiSaleState.Processing -> SaleState.Processing
    is FfiSaleState.Challenge -> SaleState.Challenge(url, isOpen)
    is FfiSaleState.Finished -> SaleState.Finished(outcome.toPublic())
    is FfiSaleState.Other -> SaleState.Other(name)
}
