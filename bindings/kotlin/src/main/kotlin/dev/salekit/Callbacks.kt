// How SaleKit calls the app's code, and how Java waits for SaleKit.

package dev.salekit

import dev.salekit.ffi.CallbackException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.future.future
import java.util.concurrent.CompletableFuture

/**
 * Calls the app's code from the core. Everything it throws reaches the core as a failure, errors too. The generated
 * code passes exceptions on, but it would report a thrown `Error` as a success: a snapshot that could not be saved for
 * lack of memory would count as saved. Messages of exceptions may contain secrets, so they are not passed on.
 */
@JvmSynthetic
internal inline fun <T> called(app: () -> T): T = try {
    app()
} catch (exception: SnapshotStoreException) {
    throw exception.toFfi()
} catch (throwable: Throwable) {
    throw CallbackException.Failed(throwable.javaClass.name)
}

/** The limit that [Dispatchers.IO] has by default. */
private const val MOST_AT_ONCE = 64

/**
 * A scope for coroutines that may block, separate from the app's coroutines and from SaleKit's other scopes. A limited
 * view of [Dispatchers.IO] has a limit of its own, and creates threads as it needs them. If one coroutine fails, the
 * others continue.
 */
private fun scope() = CoroutineScope(SupervisorJob() + Dispatchers.IO.limitedParallelism(MOST_AT_ONCE))

/** Runs the calls to the app's merchant backend. */
@get:JvmSynthetic
internal val merchantCalls: CoroutineScope = scope()

/** Completes futures, and so also runs the app's code that waits for them. */
private val futures = scope()

/** Runs [call] for a caller that has no coroutines. */
@JvmSynthetic
internal fun <T> futureOf(call: suspend () -> T): CompletableFuture<T> = futures.future { call() }
