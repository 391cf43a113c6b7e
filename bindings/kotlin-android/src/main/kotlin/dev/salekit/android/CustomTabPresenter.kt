package dev.salekit.android

import android.content.Context
import android.content.Intent
import dev.salekit.RedirectPresenter
import dev.salekit.Sale
import dev.salekit.SaleClient
import java.lang.ref.WeakReference

/**
 * Shows the challenge's page in a Custom Tab, or in the browser where there is none: by plain intents, without AndroidX
 * and never in a web view. [BrowserActivity] stands under the page and notices when it goes away.
 *
 * Give it to the client's constructor, and the client to [attach] right after.
 *
 * @param context any context of the app
 */
public class CustomTabPresenter(context: Context) : RedirectPresenter {
    private val application = context.applicationContext

    /** Says whose sales are told what happens to the page. The client is held weakly. */
    public fun attach(client: SaleClient) {
        attached = WeakReference(client)
    }

    override fun open(saleId: String, url: String) {
        application.startActivity(BrowserActivity.opening(application, saleId, url))
    }

    override fun close(saleId: String) {
        application.startActivity(BrowserActivity.closing(application, saleId))
    }

    internal companion object {
        @Volatile
        private var attached: WeakReference<SaleClient>? = null

        /**
         * Tells the sale, if its client is here. It is not when the process was killed under the page: then nothing is
         * lost, as the app resumes its pending sales when it starts, and a resumed sale asks how it stands.
         */
        fun tell(saleId: String, what: (Sale) -> Unit) {
            attached?.get()?.resumeFuture(saleId)?.thenAccept(what)
        }
    }
}
