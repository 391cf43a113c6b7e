package dev.salekit.android

import android.app.Activity
import android.app.Application
import android.content.ActivityNotFoundException
import android.content.Context
import android.net.Uri
import android.os.Bundle
import dev.salekit.RedirectPresenter
import dev.salekit.SaleClient

/**
 * Shows the challenge's page in a Custom Tab, or in the browser where there is none: by plain intents, without AndroidX
 * and never in a web view. [BrowserActivity] stands under the page and notices when it goes away. Only `https` is opened.
 *
 * Android starts nothing for an app in the background: a page that is asked for there appears when the app is back, and one
 * that the sale does not need any more goes away then.
 *
 * Give it to the client's constructor, and the client to [attach] right after.
 *
 * @param context any context of the app
 */
public class CustomTabPresenter(context: Context) : RedirectPresenter {
    private val application = context.applicationContext

    @Volatile
    private var listener: PageListener? = null

    init {
        (application as? Application)?.registerActivityLifecycleCallbacks(Reopening())
    }

    /** Says whose sales are told what happens to the page. The client is held weakly. */
    public fun attach(client: SaleClient): Unit = attach(ClientListener(client))

    internal fun attach(listener: PageListener) {
        this.listener = listener
        Pages.latest = listener
    }

    override fun open(saleId: String, url: String) {
        require(Uri.parse(url).scheme.equals("https", ignoreCase = true)) { "the page is not https" }
        // Thrown at once, and not when Android gets round to starting the activity: a sale is told of what is thrown here.
        if (Browser.of(application) == null) throw ActivityNotFoundException("there is no browser")
        Pages.ask(saleId, url, listener)
        application.startActivity(BrowserActivity.opening(application, saleId))
    }

    override fun close(saleId: String) {
        if (Pages.close(saleId)) application.startActivity(BrowserActivity.closing(application, saleId))
    }

    /** Starts again what Android did not start in the background. Twice does no harm: a page is taken, and ends, once. */
    private inner class Reopening : Application.ActivityLifecycleCallbacks {
        override fun onActivityResumed(activity: Activity) {
            if (activity is BrowserActivity) return
            for (saleId in Pages.closing) application.startActivity(BrowserActivity.closing(application, saleId))
            for (saleId in Pages.asked) application.startActivity(BrowserActivity.opening(application, saleId))
        }

        override fun onActivityCreated(activity: Activity, savedInstanceState: Bundle?) = Unit
        override fun onActivityStarted(activity: Activity) = Unit
        override fun onActivityPaused(activity: Activity) = Unit
        override fun onActivityStopped(activity: Activity) = Unit
        override fun onActivitySaveInstanceState(activity: Activity, outState: Bundle) = Unit
        override fun onActivityDestroyed(activity: Activity) = Unit
    }
}
