// Finds the kind of failure for an exception of the app's network code. Swift does the same: bindings/behaviour.json
// lists the cases.

package dev.salekit

import kotlinx.coroutines.TimeoutCancellationException
import java.io.EOFException
import java.io.FileNotFoundException
import java.io.IOException
import java.io.InterruptedIOException
import java.net.ConnectException
import java.net.HttpRetryException
import java.net.MalformedURLException
import java.net.NoRouteToHostException
import java.net.PortUnreachableException
import java.net.ProtocolException
import java.net.SocketException
import java.net.UnknownHostException
import java.net.UnknownServiceException
import java.nio.charset.CharacterCodingException
import java.security.cert.CertificateException
import java.security.cert.CertificateExpiredException
import java.security.cert.CertificateNotYetValidException
import java.security.cert.CertPathBuilderException
import java.security.cert.CertPathValidatorException
import java.util.concurrent.CompletionException
import java.util.concurrent.ExecutionException
import java.util.concurrent.TimeoutException
import javax.net.ssl.SSLException
import javax.net.ssl.SSLPeerUnverifiedException

/** Deeper causes are ignored, because a chain of causes can be a ring. */
private const val DEEPEST_CAUSE = 16

/** The exception itself, without the exceptions that futures wrap around it. */
@JvmSynthetic
internal fun Throwable.unwrapped(): Throwable = generateSequence(this) { it.cause }.take(DEEPEST_CAUSE)
    .firstOrNull { it !is CompletionException && it !is ExecutionException } ?: this

/**
 * What went wrong with a request that the app's code made. The first exception among the causes that identifies it
 * counts: first one about a certificate, then one about the connection, then one about TLS and the rest. An exception
 * of any other kind counts as a mistake in the app's code: a repeated request would fail in the same way.
 */
@JvmSynthetic
internal fun failureOf(thrown: Throwable): FailureKind {
    val causes = generateSequence(thrown) { it.cause }.take(DEEPEST_CAUSE).toList()
    return causes.firstNotNullOfOrNull(::dated)
        ?: causes.firstNotNullOfOrNull(::certificate)
        ?: causes.firstNotNullOfOrNull(::connection)
        ?: causes.firstNotNullOfOrNull(::other)
        ?: FailureKind.CALLBACK_FAILED
}

private fun dated(cause: Throwable): FailureKind? = when (cause) {
    is CertificateExpiredException -> FailureKind.CERTIFICATE_EXPIRED
    is CertificateNotYetValidException -> FailureKind.CERTIFICATE_NOT_YET_VALID
    else -> null
}

private fun certificate(cause: Throwable): FailureKind? = when (cause) {
    // OkHttp throws this exception in both cases; only its text distinguishes them.
    is SSLPeerUnverifiedException ->
        if (cause.message.orEmpty().startsWith("Certificate pinning failure")) {
            FailureKind.CERTIFICATE_NOT_PINNED
        } else {
            FailureKind.CERTIFICATE_WRONG_HOST
        }
    is CertPathValidatorException, is CertPathBuilderException, is CertificateException -> FailureKind.CERTIFICATE_UNTRUSTED
    else -> null
}

private fun connection(cause: Throwable): FailureKind? = when (cause) {
    is UnknownHostException -> FailureKind.NAME_NOT_RESOLVED
    is ConnectException, is NoRouteToHostException, is PortUnreachableException -> FailureKind.NOT_CONNECTED
    is SocketException, is EOFException -> FailureKind.CONNECTION_LOST
    is InterruptedIOException, is TimeoutException, is TimeoutCancellationException -> FailureKind.TIMED_OUT
    else -> NAMED[cause.javaClass.name]
}

/** Exceptions that not every platform has: Android lacks java.net.http, and the JVM lacks org.json. */
private val NAMED = mapOf(
    "java.net.http.HttpTimeoutException" to FailureKind.TIMED_OUT,
    "java.net.http.HttpConnectTimeoutException" to FailureKind.TIMED_OUT,
    "org.json.JSONException" to FailureKind.ANSWER_UNREADABLE,
)

private fun other(cause: Throwable): FailureKind? = when (cause) {
    is SSLException -> FailureKind.TLS_FAILED
    is ProtocolException, is HttpRetryException, is CharacterCodingException -> FailureKind.ANSWER_UNREADABLE
    // The app's own address or file.
    is MalformedURLException, is UnknownServiceException, is FileNotFoundException -> FailureKind.CALLBACK_FAILED
    // Other exceptions of HTTP libraries: the connection or one of its streams ended too early.
    is IOException -> FailureKind.CONNECTION_LOST
    else -> null
}
