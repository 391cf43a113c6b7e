// How SaleKit calls the app, and how Java waits for SaleKit.

package dev.salekit

import dev.salekit.ffi.CallbackException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.future.future
import java.util.concurrent.CompletableFuture

/**
 * Calls the app's code from the core. Whatever it throws reaches the core as a failure, errors too: the
 * generated code passes exceptions on, but a thrown `Error` would look like success, and a snapshot that ran out of
 * memory like a saved one. Texts of exceptions may hold anything and stay here.
 */
@JvmSynthetic
internal inline fun <T> called(app: () -> T): T = try {
    app()
} catch (exception: SnapshotStoreException) {
    throw exception.toFfi()
} catch (throwable: Throwable) {
    throw CallbackException.Failed(throwable.javaClass.name)
}

/** As many as [Dispatchers.IO] has by itself. */
private const val MOST_AT_ONCE = 64

/**
 * Coroutines that may block, beside those of the app and of each other kind: a view of [Dispatchers.IO] has its own
 * bound, and threads as they are needed. One that fails concerns no other.
 */
private fun scope() = CoroutineScope(SupervisorJob() + Dispatchers.IO.limitedParallelism(MOST_AT_ONCE))

/** Where the app's merchant backend is asked. */
@get:JvmSynthetic
internal val merchantCalls: CoroutineScope = scope()

/** Where futures are completed, and with that the app's code goes on that waits for them. */
private val futures = scope()

/** Runs [call] for a caller that has no coroutines. */
@JvmSynthetic
internal fun <T> futureOf(call: suspend () -> T): CompletableFuture<T> = futures.future { call() }
