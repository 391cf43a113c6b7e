package dev.salekit.android

import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import android.net.Uri
import android.os.Bundle
import dev.salekit.Challenge

/**
 * Has no content of its own. It starts the challenge's page on top of itself, so that it notices when the page is left.
 * It closes the page by coming to the front. If the app has a return link, give this activity an intent filter for it.
 *
 * A killed process does no harm: Android creates the activity again when the page is left, and then it only ends. It
 * reports nothing and starts no sale: the app resumes its pending sales when it starts.
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
        // The activity is on top again, so the page is gone. The first time, the page has not appeared yet.
        if (started && wasCovered && !isFinishing) finish()
    }

    override fun onPause() {
        super.onPause()
        // Not in onStop, because a page may leave part of the app visible. A rotation covers nothing.
        if (!isChangingConfigurations) wasCovered = true
    }

    /**
     * If nothing else was reported, the page counts as closed. A back gesture may end this activity beside a page in a
     * window.
     */
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
            // This process did not request it, or it is already open.
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
        // With this extra, even without a session, a browser that supports Custom Tabs shows one.
        page.putExtras(Bundle().apply { putBinder(SESSION, null) })
        try {
            startActivity(page)
        } catch (_: ActivityNotFoundException) {
            failed()
        } catch (_: SecurityException) {
            // The app that claims to be a browser cannot be started from here.
            failed()
        }
    }

    private fun failed() {
        report(Challenge::failed)
        finish()
    }

    /** The sale does not need its page any more. The page of another sale may be open here instead. */
    private fun close(id: String?) {
        id?.let(Pages::end)
        if (started && id != saleId()) return
        isReported = true
        finish()
    }

    /** Reports once why the page ended. */
    private fun report(end: Challenge.() -> Unit) {
        if (isReported) return
        isReported = true
        saleId()?.let(Pages::end)?.end()
    }

    /** Handles the return link. SaleKit does not trust its contents and asks the gateway. */
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
        // A browser starts a second activity above its page. Bring the one below to the front, which ends the page.
        if (next.action != RETURNED) startActivity(forward(RETURNED, this).setData(link))
        finish()
    }

    /**
     * Whether the app has an intent filter for links like [link]. If the activity is exported, any app can send it
     * other links.
     */
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

        /** Brings the activity to the front, which ends the page above it. Creates an activity if there is none. */
        private fun forward(action: String, context: Context): Intent =
            Intent(action, null, context, BrowserActivity::class.java)
                .addFlags(
                    Intent.FLAG_ACTIVITY_NEW_TASK or Intent.FLAG_ACTIVITY_CLEAR_TOP or
                        Intent.FLAG_ACTIVITY_SINGLE_TOP,
                )
    }
}
