package dev.salekit.android

import dev.salekit.Sale
import dev.salekit.SaleClient
import java.lang.ref.WeakReference
import java.util.concurrent.ConcurrentHashMap

/** What can happen to a challenge's page. */
internal sealed interface PageEvent {
    object Opened : PageEvent

    object Failed : PageEvent

    object Closed : PageEvent

    class Returned(val url: String) : PageEvent
}

/** Is told what happens to a sale's page. */
internal fun interface PageListener {
    fun onPage(saleId: String, event: PageEvent)
}

/** Passes on to the sale, if its client is still held by the app, what happens to the sale's page. */
internal class ClientListener(client: SaleClient) : PageListener {
    private val client = WeakReference(client)

    override fun onPage(saleId: String, event: PageEvent) {
        client.get()?.resumeFuture(saleId)?.thenAccept { it.tell(event) }
    }

    private fun Sale.tell(event: PageEvent) = when (event) {
        PageEvent.Opened -> browserOpened()
        PageEvent.Failed -> browserFailed()
        PageEvent.Closed -> browserClosed()
        is PageEvent.Returned -> browserReturned(event.url)
    }
}

/**
 * What this process knows of pages. Addresses are here and not in intents: so nobody can have [BrowserActivity] open
 * something else, even where an app exports it for a return link.
 */
internal object Pages {
    private class Asked(val url: String, val listener: PageListener?)

    private val waiting = ConcurrentHashMap<String, Asked>()
    private val listeners = ConcurrentHashMap<String, PageListener>()

    /** Whom a sale belongs to that was not opened by this process: the page was there before it. */
    @Volatile
    var latest: PageListener? = null

    /** The sales whose page was asked for and has not been started yet. */
    val asked: Set<String> get() = waiting.keys.toSet()

    fun ask(saleId: String, url: String, listener: PageListener?) {
        waiting[saleId] = Asked(url, listener)
    }

    /** The page that was asked for, once. */
    fun take(saleId: String): String? {
        val asked = waiting.remove(saleId) ?: return null
        asked.listener?.let { listeners[saleId] = it }
        return asked.url
    }

    /** Whether a page was asked for that will not be needed any more. */
    fun forget(saleId: String): Boolean = waiting.remove(saleId) != null

    /** The page is gone, so nothing more can happen to it. */
    fun end(saleId: String): PageListener? = listeners.remove(saleId)

    /**
     * Tells the sale, if its client is here. It is not when the process was killed under the page: then nothing is lost,
     * as the app resumes its pending sales when it starts, and a resumed sale asks how it stands.
     */
    fun tell(saleId: String, event: PageEvent) {
        val listener = if (event == PageEvent.Opened) listeners[saleId] else end(saleId)
        (listener ?: latest)?.onPage(saleId, event)
    }
}
