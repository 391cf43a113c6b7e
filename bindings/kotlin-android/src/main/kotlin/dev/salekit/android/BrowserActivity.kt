package dev.salekit.android

import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import android.net.Uri
import android.os.Bundle
import dev.salekit.Challenge

/**
 * Has nothing to show: it starts the challenge's page on top of itself, so that it knows when the page is left, and closes
 * the page by being brought forward. An app that has a return link gives this activity an intent filter for it.
 *
 * A killed process does no harm: Android makes the activity anew when the page is left, and it only ends then. It reports
 * nothing and starts no sale: the app resumes its pending sales when it starts.
 */
public class BrowserActivity : Activity() {
    private var started = false
    private var wasCovered = false

    /** Whether the end of the page was reported, or need not be. */
    private var isReported = false

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        started = savedInstanceState?.getBoolean(STARTED) ?: false
        wasCovered = savedInstanceState?.getBoolean(COVERED) ?: false
        if (savedInstanceState == null) handle(intent)
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        handle(intent)
    }

    override fun onResume() {
        super.onResume()
        // On top again, after the page was: it is gone. The first time around the page is still to appear.
        if (started && wasCovered && !isFinishing) finish()
    }

    override fun onPause() {
        super.onPause()
        // Not in onStop, as a page may leave something of the app in sight. A rotation covers nothing.
        if (!isChangingConfigurations) wasCovered = true
    }

    /** Where nothing else was reported, the page is closed: a back gesture may end this activity beside a page in a window. */
    override fun finish() {
        if (started) report(Challenge::closed)
        super.finish()
    }

    override fun onSaveInstanceState(outState: Bundle) {
        super.onSaveInstanceState(outState)
        outState.putBoolean(STARTED, started)
        outState.putBoolean(COVERED, wasCovered)
    }

    private fun saleId(): String? = intent?.getStringExtra(SALE)

    private fun handle(next: Intent) {
        when (next.action) {
            OPEN -> open(next)
            CLOSE -> close(next.getStringExtra(SALE))
            Intent.ACTION_VIEW, RETURNED -> returned(next)
            else -> if (!started) finish()
        }
    }

    private fun open(request: Intent) {
        val id = request.getStringExtra(SALE)
        val challenge = id?.let(Pages::take)
        if (challenge == null) {
            // Not asked for by this process, or there already.
            if (!started) finish()
            return
        }
        val before = saleId()
        if (started && before != null && before != id) Pages.end(before)?.closed()
        intent = request
        started = true
        wasCovered = false
        isReported = false
        val browser = Browser.of(this) ?: return failed()
        val page = Intent(Intent.ACTION_VIEW, Uri.parse(challenge.url)).addCategory(Intent.CATEGORY_BROWSABLE)
            .setPackage(browser)
        // A session, even none, is what makes a browser that can do it show a Custom Tab.
        page.putExtras(Bundle().apply { putBinder(SESSION, null) })
        try {
            startActivity(page)
        } catch (_: ActivityNotFoundException) {
            failed()
        } catch (_: SecurityException) {
            // What claims to be a browser cannot be started from here.
            failed()
        }
    }

    private fun failed() {
        report(Challenge::failed)
        finish()
    }

    /** The sale wants no page any more. Another one's may be here instead. */
    private fun close(id: String?) {
        id?.let(Pages::end)
        if (started && id != saleId()) return
        isReported = true
        finish()
    }

    /** Reports, once, what has ended the page. */
    private fun report(end: Challenge.() -> Unit) {
        if (isReported) return
        isReported = true
        saleId()?.let(Pages::end)?.end()
    }

    /** The return link; what it says is not believed, the gateway is asked. */
    private fun returned(next: Intent) {
        val link = next.data
        if (link == null || !isReturnLink(link)) {
            if (!started) finish()
            return
        }
        if (started) {
            report(Challenge::returned)
            finish()
            return
        }
        // A browser starts a second one of these above its page: the one below is brought forward, which ends the page.
        if (next.action != RETURNED) startActivity(forward(RETURNED, this).setData(link))
        finish()
    }

    /** Whether the app gives this activity links like [link]; anybody can send it others, where it is exported. */
    private fun isReturnLink(link: Uri): Boolean {
        val view = Intent(Intent.ACTION_VIEW, link).addCategory(Intent.CATEGORY_BROWSABLE).setPackage(packageName)
        return packageManager.queryIntentActivities(view, 0).any { it.activityInfo.name == BrowserActivity::class.java.name }
    }

    internal companion object {
        private const val OPEN = "dev.salekit.android.OPEN"
        private const val CLOSE = "dev.salekit.android.CLOSE"
        private const val RETURNED = "dev.salekit.android.RETURNED"
        private const val SALE = "dev.salekit.android.SALE"
        private const val STARTED = "started"
        private const val COVERED = "covered"
        private const val SESSION = "android.support.customtabs.extra.SESSION"

        fun opening(context: Context, saleId: String): Intent = forward(OPEN, context).putExtra(SALE, saleId)

        fun closing(context: Context, saleId: String): Intent = forward(CLOSE, context).putExtra(SALE, saleId)

        /** Brings the activity forward, which ends what is above it: the page. Makes one where there is none. */
        private fun forward(action: String, context: Context): Intent =
            Intent(action, null, context, BrowserActivity::class.java)
                .addFlags(
                    Intent.FLAG_ACTIVITY_NEW_TASK or Intent.FLAG_ACTIVITY_CLEAR_TOP or
                        Intent.FLAG_ACTIVITY_SINGLE_TOP,
                )
    }
}
