package dev.salekit

import dev.salekit.ffi.Header
import dev.salekit.ffi.HeadersCompletion
import kotlinx.coroutines.future.await
import java.util.concurrent.CompletableFuture
import dev.salekit.ffi.FailureKind as FfiFailureKind
import dev.salekit.ffi.MerchantHeaders as FfiMerchantHeaders

/**
 * Provides the headers that the app adds to SaleKit's requests to the merchant's server:
 *
 * ```kotlin
 * SaleClient(config, merchantHeaders = { mapOf("Authorization" to "Bearer ${session.freshToken()}") })
 * ```
 *
 * SaleKit calls it for each request, so that an expired token can be renewed. It calls it in a coroutine, on a thread
 * that it may block. Headers never go to the gateway, nor into a log or an error. In Java implement
 * [FutureMerchantHeaders] instead.
 */
public fun interface MerchantHeaders {
    /**
     * The headers of the next request, at most 32. A name has 1 to 64 characters and may occur once, in any case. A
     * value has 1 to 8192 characters of visible ASCII, with spaces and tabs between them. Headers that frame a message
     * (`Host`, `Content-Length`, `Transfer-Encoding`, `Connection` …) or that SaleKit sets itself (`Accept`,
     * `Accept-Encoding`, `Content-Type`) are refused.
     *
     * If the headers are refused, or if this throws, the request is not sent and counts as failed: with the kind of a
     * [MerchantException.Failed], else as [FailureKind.CALLBACK_FAILED]. A log line says which rule was broken.
     */
    public suspend fun headers(): Map<String, String>
}

/** [MerchantHeaders] for Java: answers with a future, which completes exceptionally instead of throwing. */
public abstract class FutureMerchantHeaders : MerchantHeaders {
    /** As [headers]. */
    public abstract fun headersFuture(): CompletableFuture<Map<String, String>>

    final override suspend fun headers(): Map<String, String> = headersFuture().await()
}

/** Runs the core's call for headers in a coroutine, and passes the headers on to the core's completion object. */
internal class HeadersAdapter(private val app: MerchantHeaders) : FfiMerchantHeaders {
    override fun headers(completion: HeadersCompletion) = answer(
        completion,
        completion::complete,
        // Only a server can refuse, and no server was asked.
        { completion.fail(FfiFailureKind.CALLBACK_FAILED) },
        completion::fail,
        // The headers come from the app's code, so asking again gives the same ones.
        unusable = FfiFailureKind.CALLBACK_FAILED,
    ) {
        app.headers().map { (name, value) -> Header(name = name, value = value) }
    }
}
