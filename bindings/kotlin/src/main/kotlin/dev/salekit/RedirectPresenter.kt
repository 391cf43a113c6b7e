package dev.salekit

import dev.salekit.ffi.Challenge as FfiChallenge
import dev.salekit.ffi.RedirectPresenter as FfiRedirectPresenter

/**
 * Shows the challenge's page: in a Custom Tab or the system's browser. Never use a web view in the app, which could
 * read what the cardholder types. SaleKit calls it on its own thread, one call at a time for each client. Do not block
 * for long: that delays the client's other pages, and nothing else.
 */
public interface RedirectPresenter {
    /**
     * Show the page of [challenge], instead of the one that is shown for this sale, if any. Later call
     * [Challenge.returned], [Challenge.closed] or [Challenge.failed]. An exception has the same effect as
     * [Challenge.failed].
     */
    public fun show(challenge: Challenge)

    /** Close the page of [challenge], if it is still open. It is the page that was shown last for its sale. */
    public fun dismiss(challenge: Challenge)

    /**
     * Close the page that an earlier process of the app may have shown for this sale, if it is still open. SaleKit
     * calls this when a resumed sale needs no page any more and this process has shown none. Only a browser that
     * outlives the app has such pages. The default does nothing.
     */
    public fun dismissLeftover(saleId: String) {}
}

internal class PresenterAdapter(private val app: RedirectPresenter) : FfiRedirectPresenter {
    override fun show(challenge: FfiChallenge) = called { app.show(SaleChallenge(challenge)) }

    override fun dismiss(challenge: FfiChallenge) = called { app.dismiss(SaleChallenge(challenge)) }

    override fun dismissLeftover(saleId: String) = called { app.dismissLeftover(saleId) }
}
