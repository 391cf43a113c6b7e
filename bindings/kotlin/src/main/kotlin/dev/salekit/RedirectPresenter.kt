package dev.salekit

import dev.salekit.ffi.Challenge as FfiChallenge
import dev.salekit.ffi.RedirectPresenter as FfiRedirectPresenter

/**
 * Shows the challenge's page: in a Custom Tab or the system's browser, never in a web view of the app's own, which could
 * read what the cardholder types. Called on a thread of SaleKit's, one call after the other for each client; must not wait
 * for long. While it does, the client's other pages wait, and nothing else does.
 */
public interface RedirectPresenter {
    /**
     * Show the page of [challenge], instead of the one that is shown for this sale, if any. Later call
     * [Challenge.returned], [Challenge.closed] or [Challenge.failed]. Throwing is like the last of them.
     */
    public fun show(challenge: Challenge)

    /** Take away the page of [challenge], if it is still there. It is the one that was shown last for its sale. */
    public fun dismiss(challenge: Challenge)

    /**
     * Take away the page that an earlier process of the app may have shown for this sale, if it is still there. Called when
     * a resumed sale needs no page any more and this process has shown none. Only a browser that outlives the app has such
     * pages; by default nothing is done.
     */
    public fun dismissLeftover(saleId: String) {}
}

internal class PresenterAdapter(private val app: RedirectPresenter) : FfiRedirectPresenter {
    override fun show(challenge: FfiChallenge) = called { app.show(SaleChallenge(challenge)) }

    override fun dismiss(challenge: FfiChallenge) = called { app.dismiss(SaleChallenge(challenge)) }

    override fun dismissLeftover(saleId: String) = called { app.dismissLeftover(saleId) }
}
