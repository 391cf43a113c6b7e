package dev.salekit.android

import dev.salekit.Challenge
import java.util.concurrent.ConcurrentHashMap

/**
 * The challenges whose pages this process shows, by their sales' ids. They are kept here and not in intents. So no
 * other app can make [BrowserActivity] open another page, even if the app exports it for a return link.
 *
 * If the process is killed, they are lost. The next process knows nothing of the earlier pages and reports nothing
 * about them. That loses no information: the app resumes its pending sales when it starts, and SaleKit asks for the
 * status of each resumed sale.
 */
internal object Pages {
    private val waiting = ConcurrentHashMap<String, Challenge>()
    private val shown = ConcurrentHashMap<String, Challenge>()
    private val ending: MutableSet<String> = ConcurrentHashMap.newKeySet()

    /** The sales whose page was requested and has not been started yet. */
    val asked: Set<String> get() = waiting.keys.toSet()

    /** The sales whose page is to be closed and may still be open. */
    val closing: Set<String> get() = ending.toSet()

    fun ask(challenge: Challenge) {
        waiting[challenge.saleId] = challenge
        // The new page replaces the earlier one.
        ending -= challenge.saleId
    }

    /** The requested page. Each request can be taken once. */
    fun take(saleId: String): Challenge? {
        val asked = waiting.remove(saleId) ?: return null
        shown[saleId] = asked
        return asked
    }

    /**
     * The page is not needed any more. Returns whether there may be one: a page that was not started yet will not be.
     */
    fun close(saleId: String): Boolean {
        val asked = waiting.remove(saleId)
        if (asked != null && !shown.containsKey(saleId)) return false
        ending += saleId
        return true
    }

    /** The page is gone. Returns its challenge, to report why; `null` if this process has not shown it. */
    fun end(saleId: String): Challenge? {
        ending -= saleId
        return shown.remove(saleId)
    }
}
