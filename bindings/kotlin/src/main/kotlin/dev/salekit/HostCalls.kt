// How SaleKit calls the app, and how Java waits for SaleKit.

package dev.salekit

import dev.salekit.ffi.HostException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.SupervisorJob
import kotlinx.coroutines.future.future
import java.util.concurrent.CompletableFuture

/**
 * Calls the app's code from the other side of the border. Whatever it throws arrives there as a failure, errors too: the
 * generated code passes exceptions on, but a thrown `Error` would look like success, and a snapshot that ran out of
 * memory like a saved one. Texts of exceptions may hold anything and stay here.
 */
@JvmSynthetic
internal inline fun <T> called(app: () -> T): T = try {
    app()
} catch (exception: SnapshotStoreException) {
    throw exception.toFfi()
} catch (throwable: Throwable) {
    throw HostException.Failed(throwable.javaClass.name)
}

/** Where the app's coroutines run that nobody waits for here. They may block, and one that fails concerns no other. */
@get:JvmSynthetic
internal val background: CoroutineScope = CoroutineScope(SupervisorJob() + Dispatchers.IO)

/** Runs [call] for a caller that has no coroutines. */
@JvmSynthetic
internal fun <T> futureOf(call: suspend () -> T): CompletableFuture<T> = background.future { call() }
