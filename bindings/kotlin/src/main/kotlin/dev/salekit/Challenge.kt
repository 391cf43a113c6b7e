package dev.salekit

import dev.salekit.ffi.Challenge as FfiChallenge

/**
 * One page of a challenge, bound to the sale that runs: its address, and what the app reports about it.
 *
 * It never starts or resumes a sale. Once the sale has ended, or another page has taken this one's place, its calls do
 * nothing: a page that the gateway asks for again is another page, even with the same address. So a challenge may be kept,
 * and called late, twice or from any thread. A sale that was resumed has challenges of its own.
 *
 * None of its calls says anything about the payment: SaleKit asks the gateway.
 *
 * Given to [RedirectPresenter.show], and by [Sale.challenge]. An interface, so that a presenter can be tested without a
 * sale.
 */
public interface Challenge {
    /** The id of the sale. */
    public val saleId: String

    /**
     * The page's address: `https`, and at most 8192 characters. It is the cardholder's way into the challenge, so do not log
     * it.
     */
    public val url: String

    /** The browser came back to the app by the return link. The link proves nothing, whatever it says. */
    public fun returned()

    /** The page was closed: by the cardholder, the app or the system. */
    public fun closed()

    /** The page could not be shown. The sale goes on: the cardholder may authenticate in another way. */
    public fun failed()
}

/** The page of a sale that the core runs. */
internal class SaleChallenge(private val ffi: FfiChallenge) : Challenge {
    override val saleId: String = bridged { ffi.saleId() }
    override val url: String = bridged { ffi.url() }

    override fun returned(): Unit = bridged { ffi.returned() }

    override fun closed(): Unit = bridged { ffi.closed() }

    override fun failed(): Unit = bridged { ffi.failed() }

    /** Without the address. */
    override fun toString(): String = "Challenge($saleId)"
}
