package dev.salekit

import dev.salekit.ffi.Header
import dev.salekit.ffi.HeadersCompletion
import kotlinx.coroutines.future.await
import java.util.concurrent.CompletableFuture
import dev.salekit.ffi.FailureKind as FfiFailureKind
import dev.salekit.ffi.MerchantHeaders as FfiMerchantHeaders

/**
 * Knows the headers that the app adds to SaleKit's requests to the merchant's server:
 *
 * ```kotlin
 * SaleClient(config, merchantHeaders = { mapOf("Authorization" to "Bearer ${session.freshToken()}") })
 * ```
 *
 * It is asked for each request, in a coroutine of SaleKit's, on a thread on which it may block; so a token that has run out
 * can be renewed. The headers never go to the gateway, nor into a log or an error. Java implements [FutureMerchantHeaders]
 * instead.
 */
public fun interface MerchantHeaders {
    /**
     * The headers of the next request, at most 32: names of 1 to 64 characters, once each in any case, and values of 1 to 8192
     * characters of visible ASCII. What frames a message (`Host`, `Content-Length`, `Transfer-Encoding`, `Connection` …) and
     * what SaleKit sets itself (`Accept`, `Accept-Encoding`, `Content-Type`) is refused.
     *
     * A request whose headers are refused, or for which this throws, is not sent and counts as failed: with the kind of a
     * [MerchantException.Failed], else as [FailureKind.CALLBACK_FAILED]. A line of the log says which rule was broken.
     */
    public suspend fun headers(): Map<String, String>
}

/** [MerchantHeaders] for Java: answers with a future, which completes exceptionally instead of throwing. */
public abstract class FutureMerchantHeaders : MerchantHeaders {
    /** As [headers]. */
    public abstract fun headersFuture(): CompletableFuture<Map<String, String>>

    final override suspend fun headers(): Map<String, String> = headersFuture().await()
}

/** Turns the question with an object for the headers into a coroutine. */
internal class HeadersAdapter(private val app: MerchantHeaders) : FfiMerchantHeaders {
    override fun headers(completion: HeadersCompletion) = answer(
        completion,
        completion::complete,
        // Only a server refuses, and none was asked.
        { completion.fail(FfiFailureKind.CALLBACK_FAILED) },
        completion::fail,
        // They are the app's own, so there is nothing to ask for again.
        unusable = FfiFailureKind.CALLBACK_FAILED,
    ) {
        app.headers().map { (name, value) -> Header(name = name, value = value) }
    }
}
