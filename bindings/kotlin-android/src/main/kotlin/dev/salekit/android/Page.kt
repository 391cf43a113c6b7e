package dev.salekit.android

import dev.salekit.Sale
import dev.salekit.SaleClient
import dev.salekit.SaleState
import java.lang.ref.WeakReference
import java.util.concurrent.CompletableFuture
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

    /** The sale asks for a page, so it runs now. */
    fun onAsked(saleId: String) = Unit

    /** The sale has no page any more, and none that is still to be started. */
    fun onGone(saleId: String) = Unit
}

/** Passes on to the sale, if its client is still held by the app, what happens to the sale's page. */
internal class ClientListener(client: SaleClient) : PageListener {
    private val client = WeakReference(client)

    /**
     * The sales with a page, each found while it runs and with what it is told queued behind. An event may come when the
     * sale has ended: an ended sale ignores it, but to resume one that ended as unknown would start it again.
     */
    private val sales = ConcurrentHashMap<String, CompletableFuture<Sale?>>()

    override fun onAsked(saleId: String) {
        client.get()?.let { sales[saleId] = it.resumeFuture(saleId).thenApply { sale -> sale } }
    }

    override fun onGone(saleId: String) {
        sales -= saleId
    }

    override fun onPage(saleId: String, event: PageEvent) {
        tell(saleId, event)
    }

    /** Completes when the sale has been told, or when there is nobody to tell. */
    fun tell(saleId: String, event: PageEvent): CompletableFuture<*> {
        val told = sales[saleId] ?: unfinished(saleId)
        return told.whenComplete { sale, _ -> sale?.tell(event) }.also { next -> sales.computeIfPresent(saleId) { _, _ -> next } }
    }

    /** The sale of a page that was there before this process, unless it has ended. */
    private fun unfinished(saleId: String): CompletableFuture<Sale?> {
        val none = CompletableFuture.completedFuture<Sale?>(null)
        val client = client.get() ?: return none
        return client.pendingFuture().thenCompose { pending ->
            val isUnfinished = pending.sales.any { it.id == saleId && it.state !is SaleState.Finished }
            if (isUnfinished) client.resumeFuture(saleId).thenApply { it } else none
        }
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
    private val shown: MutableSet<String> = ConcurrentHashMap.newKeySet()
    private val ending: MutableSet<String> = ConcurrentHashMap.newKeySet()
    private val listeners = ConcurrentHashMap<String, PageListener>()

    /** Whom a sale belongs to that was not opened by this process: the page was there before it. */
    @Volatile
    var latest: PageListener? = null

    /** The sales whose page was asked for and has not been started yet. */
    val asked: Set<String> get() = waiting.keys.toSet()

    /** The sales whose page is to be closed and is not known to be gone yet. */
    val closing: Set<String> get() = ending.toSet()

    fun ask(saleId: String, url: String, listener: PageListener?) {
        listener?.onAsked(saleId)
        waiting[saleId] = Asked(url, listener)
        // The new page takes the place of the one before.
        ending -= saleId
    }

    /** The page that was asked for, once. */
    fun take(saleId: String): String? {
        val asked = waiting.remove(saleId) ?: return null
        shown += saleId
        asked.listener?.let { listeners[saleId] = it }
        return asked.url
    }

    /** The page is not needed any more. Whether there may be one: what has not been started yet will not be. */
    fun close(saleId: String): Boolean {
        val asked = waiting.remove(saleId)
        if (asked != null && saleId !in shown) {
            asked.listener?.onGone(saleId)
            return false
        }
        ending += saleId
        return true
    }

    /** The page is gone, so nothing more can happen to it. */
    fun end(saleId: String) {
        ending -= saleId
        shown -= saleId
        val listener = listeners.remove(saleId) ?: latest
        if (!waiting.containsKey(saleId)) listener?.onGone(saleId)
    }

    /**
     * Tells the sale, if its client is here. It is not when the process was killed under the page: then nothing is lost,
     * as the app resumes its pending sales when it starts, and a resumed sale asks how it stands.
     */
    fun tell(saleId: String, event: PageEvent) {
        (listeners[saleId] ?: latest)?.onPage(saleId, event)
        if (event != PageEvent.Opened) end(saleId)
    }
}
