package dev.salekit.android

import dev.salekit.Challenge

/**
 * The challenges whose pages this process shows, by their sales' ids. They are kept here and not in intents. So no
 * other app can make [BrowserActivity] open another page, even if the app exports it for a return link.
 *
 * If the process is killed, they are lost. The next process knows nothing of the earlier pages and reports nothing
 * about them. That loses no information: the app resumes its pending sales when it starts, and SaleKit asks for the
 * status of each resumed sale.
 */
internal object Pages {
    private val waiting = mutableMapOf<String, Challenge>()

    /** In the order in which they were opened. Usually there is one: the last takes the place of those before. */
    private val shown = mutableMapOf<String, Challenge>()
    private val ending = mutableSetOf<String>()

    /** The sales whose page was requested and has not been started yet. */
    val asked: Set<String> @Synchronized get() = waiting.keys.toSet()

    /** The sales whose page is open. */
    val open: Set<String> @Synchronized get() = shown.keys.toSet()

    /** The sales whose page is to be closed and may still be open. */
    val closing: Set<String> @Synchronized get() = ending.toSet()

    @Synchronized
    fun ask(challenge: Challenge) {
        waiting[challenge.saleId] = challenge
        // The new page replaces the earlier one.
        ending -= challenge.saleId
    }

    /** The requested page. Each request can be taken once. It takes the place of every page before it. */
    @Synchronized
    fun take(saleId: String): Challenge? {
        val asked = waiting.remove(saleId) ?: return null
        shown -= saleId
        shown[saleId] = asked
        ending.clear()
        return asked
    }

    /**
     * The page is not needed any more. Returns whether it must be closed now. There is none if it was not started yet, or
     * if another sale's page has taken its place: closing it would close that one. If another sale's page was requested,
     * that one will take its place.
     */
    @Synchronized
    fun close(saleId: String): Boolean {
        val asked = waiting.remove(saleId)
        if (asked != null && saleId !in shown) return false
        if ((shown.keys.lastOrNull() ?: saleId) != saleId) {
            end(saleId)
            return false
        }
        ending += saleId
        return waiting.isEmpty()
    }

    /** The page is gone. Returns its challenge, to report why; `null` if this process has not shown it. */
    @Synchronized
    fun end(saleId: String): Challenge? {
        ending -= saleId
        return shown.remove(saleId)
    }
}
