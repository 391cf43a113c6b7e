package dev.salekit.android

import dev.salekit.Challenge
import java.util.concurrent.ConcurrentHashMap

/**
 * The challenges whose pages this process shows, by their sales' ids. They are here and not in intents: so nobody can have
 * [BrowserActivity] open something else, even where an app exports it for a return link.
 *
 * A process that was killed takes them along, and the next one has none for the pages of before: it reports nothing of
 * them. Nothing is lost by that, as the app resumes its pending sales when it starts, and a resumed sale asks how it stands.
 */
internal object Pages {
    private val waiting = ConcurrentHashMap<String, Challenge>()
    private val shown = ConcurrentHashMap<String, Challenge>()
    private val ending: MutableSet<String> = ConcurrentHashMap.newKeySet()

    /** The sales whose page was asked for and has not been started yet. */
    val asked: Set<String> get() = waiting.keys.toSet()

    /** The sales whose page is to be closed and is not known to be gone yet. */
    val closing: Set<String> get() = ending.toSet()

    fun ask(challenge: Challenge) {
        waiting[challenge.saleId] = challenge
        // The new page takes the place of the one before.
        ending -= challenge.saleId
    }

    /** The page that was asked for, once. */
    fun take(saleId: String): Challenge? {
        val asked = waiting.remove(saleId) ?: return null
        shown[saleId] = asked
        return asked
    }

    /** The page is not needed any more. Whether there may be one: what has not been started yet will not be. */
    fun close(saleId: String): Boolean {
        val asked = waiting.remove(saleId)
        if (asked != null && !shown.containsKey(saleId)) return false
        ending += saleId
        return true
    }

    /** The page is gone. Its challenge, to report why; `null` if this process has not shown it. */
    fun end(saleId: String): Challenge? {
        ending -= saleId
        return shown.remove(saleId)
    }
}
