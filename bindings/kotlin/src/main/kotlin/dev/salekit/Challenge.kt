package dev.salekit

import dev.salekit.ffi.Challenge as FfiChallenge

/**
 * One page of a challenge, bound to the sale that runs: its address, and what the app reports about it.
 *
 * It never starts or resumes a sale. Once the sale has ended, or another page has replaced this one, its calls do
 * nothing. If the gateway asks for a page again, that is another page, even with the same address. So the app may keep
 * a challenge, and call it late, twice or from any thread. A resumed sale has its own challenges.
 *
 * None of its calls says anything about the payment: SaleKit asks the gateway.
 *
 * You get it from [RedirectPresenter.show] and from [Sale.challenge]. It is an interface, so that a presenter can be
 * tested without a sale.
 */
public interface Challenge {
    /** The id of the sale. */
    public val saleId: String

    /**
     * The page's address: `https`, and at most 8192 characters. It gives access to the cardholder's challenge, so do
     * not log it.
     */
    public val url: String

    /** The browser returned to the app by the return link. The link proves nothing, whatever it contains. */
    public fun returned()

    /** The page was closed: by the cardholder, the app or the system. */
    public fun closed()

    /** The page could not be shown. The sale continues: the cardholder may authenticate in another way. */
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
