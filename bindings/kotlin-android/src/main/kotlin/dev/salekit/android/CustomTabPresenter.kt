package dev.salekit.android

import android.app.Activity
import android.app.Application
import android.content.ActivityNotFoundException
import android.content.Context
import android.net.Uri
import android.os.Bundle
import dev.salekit.Challenge
import dev.salekit.RedirectPresenter

/**
 * Shows the challenge's page in a Custom Tab, or in the browser if it has no Custom Tabs. It uses plain intents,
 * without AndroidX, and never a web view. [BrowserActivity] is below the page and notices when it goes away. Only
 * `https` is opened.
 *
 * Android starts no activity for an app in the background. A page that is requested there appears when the app returns,
 * and a page that the sale no longer needs goes away then.
 *
 * Pass it to the client's constructor. It never starts a sale, and it reports nothing about a page that a killed
 * process showed. Resume pending sales when the app starts: SaleKit asks for the status of each.
 *
 * @param context any context of the app
 */
public class CustomTabPresenter(context: Context) : RedirectPresenter {
    private val application = context.applicationContext

    init {
        (application as? Application)?.registerActivityLifecycleCallbacks(Reopening())
    }

    override fun show(challenge: Challenge) {
        require(Uri.parse(challenge.url).scheme.equals("https", ignoreCase = true)) { "the page is not https" }
        // Throw here, before Android starts the activity later: an exception from this call counts as failed.
        if (Browser.of(application) == null) throw ActivityNotFoundException("there is no browser")
        // What is noted and what is started must not change places with another client's.
        synchronized(Pages) {
            Pages.ask(challenge)
            application.startActivity(BrowserActivity.opening(application, challenge.saleId))
        }
    }

    override fun dismiss(challenge: Challenge): Unit = close(challenge.saleId)

    /** A browser outlives the app: the page of an earlier process may still be above its [BrowserActivity]. */
    override fun dismissLeftover(saleId: String): Unit = close(saleId)

    private fun close(saleId: String) = synchronized(Pages) {
        if (Pages.close(saleId)) application.startActivity(BrowserActivity.closing(application, saleId))
    }

    /**
     * Starts again what Android did not start in the background. Repeating it does no harm: a page is taken once and
     * ends once.
     */
    private inner class Reopening : Application.ActivityLifecycleCallbacks {
        override fun onActivityResumed(activity: Activity) {
            if (activity is BrowserActivity) return
            synchronized(Pages) {
                for (saleId in Pages.asked) application.startActivity(BrowserActivity.opening(application, saleId))
                // A page that is opened takes the place of those that are to be closed.
                if (Pages.asked.isNotEmpty()) return
                for (saleId in Pages.closing) application.startActivity(BrowserActivity.closing(application, saleId))
            }
        }

        override fun onActivityCreated(activity: Activity, savedInstanceState: Bundle?) = Unit
        override fun onActivityStarted(activity: Activity) = Unit
        override fun onActivityPaused(activity: Activity) = Unit
        override fun onActivityStopped(activity: Activity) = Unit
        override fun onActivitySaveInstanceState(activity: Activity, outState: Bundle) = Unit
        override fun onActivityDestroyed(activity: Activity) = Unit
    }
}
