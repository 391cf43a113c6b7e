// Makes one sale for every line of standard input, and says how long it took. The first line says where the server is.
package dev.salekit.measure

import com.google.gson.Gson
import com.google.gson.JsonParser
import java.security.KeyStore
import java.security.Security
import java.security.cert.CertificateFactory
import java.security.cert.X509Certificate
import javax.net.ssl.SSLContext
import javax.net.ssl.TrustManagerFactory
import javax.net.ssl.X509TrustManager
import kotlinx.coroutines.runBlocking
import okhttp3.OkHttpClient
import org.conscrypt.Conscrypt

private class Done(val invoiceId: String, val tookMicros: Long, val waits: Int, val waitedMillis: Long)

fun main() {
    Security.insertProviderAt(Conscrypt.newProvider(), 1)
    val server = JsonParser.parseString(readln()).asJsonObject
    val http = client(server["ca_pem"].asString)
    val payments = Payments(http, server["gateway"].asString, server["merchant"].asString)
    for (line in generateSequence(::readlnOrNull)) {
        val token = JsonParser.parseString(line).asJsonObject["accessToken"].asString
        // Every sale begins cold.
        http.connectionPool.evictAll()
        val tap = System.nanoTime()
        val paid = runBlocking { payments.pay(token) }
        val took = (System.nanoTime() - tap) / 1_000
        check(paid.state == "APPROVED") { "a sale ended as ${paid.state}" }
        println(Gson().toJson(Done(paid.invoiceId, took, paid.waits, paid.waits * STATUS_GAP.inWholeMilliseconds)))
    }
    // Its threads would keep the process for a while.
    http.dispatcher.executorService.shutdown()
}

/** A client as apps make it, but that it trusts the server's throw-away authority. */
private fun client(authority: String): OkHttpClient {
    val certificate = CertificateFactory.getInstance("X.509").generateCertificate(authority.byteInputStream())
    val trusted = KeyStore.getInstance(KeyStore.getDefaultType())
    trusted.load(null)
    trusted.setCertificateEntry("authority", certificate as X509Certificate)
    val factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm())
    factory.init(trusted)
    val trust = factory.trustManagers.filterIsInstance<X509TrustManager>().single()
    val tls = SSLContext.getInstance("TLS")
    tls.init(null, arrayOf(trust), null)
    return OkHttpClient.Builder().sslSocketFactory(tls.socketFactory, trust).build()
}
