package dev.salekit

import dev.salekit.ffi.RedirectPresenter as FfiRedirectPresenter

/**
 * Shows the challenge's page: in a Custom Tab or the system's browser, never in a web view of the app's own, which could
 * read what the cardholder types. Called on a thread of SaleKit's, one call after the other for each client; must not wait
 * for long. While it does, the client's other pages wait, and nothing else does.
 */
public interface RedirectPresenter {
    /**
     * Show [url], instead of the page that is open for this sale, if any. Then tell the sale [Sale.browserOpened], and
     * later [Sale.browserReturned] or [Sale.browserClosed]; [SaleClient.resume] finds it by its id. Throwing is like
     * [Sale.browserFailed].
     */
    public fun open(saleId: String, url: String)

    /** Take the page of this sale away, if it is still there. */
    public fun close(saleId: String)
}

internal class PresenterAdapter(private val app: RedirectPresenter) : FfiRedirectPresenter {
    override fun open(saleId: String, url: String) = called { app.open(saleId, url) }

    override fun close(saleId: String) = called { app.close(saleId) }
}
