package dev.salekit.android

import android.app.Activity
import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import android.net.Uri
import android.os.Bundle

/**
 * Has nothing to show: it starts the challenge's page on top of itself, so that it knows when the page is left, and closes
 * the page by being brought forward. An app that has a return link gives this activity an intent filter for it.
 *
 * A killed process does no harm: Android makes the activity anew when the page is left, and it only ends then.
 */
public class BrowserActivity : Activity() {
    private var started = false

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        started = savedInstanceState?.getBoolean(STARTED) ?: false
        if (!started) handle(intent)
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        if (intent.action != null) handle(intent)
    }

    override fun onResume() {
        super.onResume()
        // On top again, after the page was: it is gone. The first time around the page is still to appear.
        if (started && wasCovered && !isFinishing) {
            saleId()?.let { id -> CustomTabPresenter.tell(id) { it.browserClosed() } }
            finish()
        }
    }

    private var wasCovered = false

    override fun onStop() {
        super.onStop()
        wasCovered = true
    }

    override fun onSaveInstanceState(outState: Bundle) {
        super.onSaveInstanceState(outState)
        outState.putBoolean(STARTED, started)
    }

    override fun onRestoreInstanceState(savedInstanceState: Bundle) {
        super.onRestoreInstanceState(savedInstanceState)
        wasCovered = started
    }

    private fun saleId(): String? = intent?.getStringExtra(SALE)

    private fun handle(next: Intent) {
        when (next.action) {
            OPEN -> {
                intent = next
                show(next)
            }
            CLOSE -> if (!started || next.getStringExtra(SALE) == saleId()) finish()
            // The return link; what it says is not believed, the gateway is asked.
            Intent.ACTION_VIEW -> {
                val address = next.dataString
                val id = saleId()
                if (id != null && address != null) CustomTabPresenter.tell(id) { it.browserReturned(address) }
                finish()
            }
            else -> finish()
        }
    }

    private fun show(request: Intent) {
        val id = request.getStringExtra(SALE) ?: return finish()
        val page = Intent(Intent.ACTION_VIEW, request.data).addCategory(Intent.CATEGORY_BROWSABLE)
        // A session, even none, is what makes a browser that can do it show a Custom Tab.
        page.putExtras(Bundle().apply { putBinder(SESSION, null) })
        started = true
        wasCovered = false
        try {
            startActivity(page)
            CustomTabPresenter.tell(id) { it.browserOpened() }
        } catch (_: ActivityNotFoundException) {
            CustomTabPresenter.tell(id) { it.browserFailed() }
            finish()
        }
    }

    internal companion object {
        private const val OPEN = "dev.salekit.android.OPEN"
        private const val CLOSE = "dev.salekit.android.CLOSE"
        private const val SALE = "dev.salekit.android.SALE"
        private const val STARTED = "started"
        private const val SESSION = "android.support.customtabs.extra.SESSION"

        fun opening(context: Context, saleId: String, url: String): Intent =
            Intent(OPEN, Uri.parse(url), context, BrowserActivity::class.java)
                .putExtra(SALE, saleId)
                .addFlags(Intent.FLAG_ACTIVITY_NEW_TASK or Intent.FLAG_ACTIVITY_SINGLE_TOP)

        /** Brings the activity forward, which ends what is above it: the page. */
        fun closing(context: Context, saleId: String): Intent =
            Intent(CLOSE, null, context, BrowserActivity::class.java)
                .putExtra(SALE, saleId)
                .addFlags(
                    Intent.FLAG_ACTIVITY_NEW_TASK or Intent.FLAG_ACTIVITY_CLEAR_TOP or
                        Intent.FLAG_ACTIVITY_SINGLE_TOP,
                )
    }
}
