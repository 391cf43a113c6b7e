package dev.salekit

import com.google.gson.JsonObject
import com.google.gson.JsonParser
import java.io.File
import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpRequest.BodyPublishers
import java.net.http.HttpResponse
import java.net.http.HttpResponse.BodyHandlers
import java.nio.file.Files
import java.security.KeyStore
import java.security.cert.CertificateFactory
import java.util.concurrent.TimeUnit
import javax.net.ssl.SSLContext
import javax.net.ssl.TrustManagerFactory

/** Gateway and merchant in another process, reached over TLS, with their remote control. */
class Sandbox private constructor(ready: JsonObject) {
    val gatewayUrl: String = ready["gateway_url"].asString
    val merchantUrl: String = ready["merchant_url"].asString
    val caPem: String = ready["ca_pem"].asString

    private val http = HttpClient.newBuilder().sslContext(trusting(caPem)).build()

    /** Says how the sales of [device] go. */
    fun script(device: String, script: String) {
        val answer = post("/sandbox/scripts/$device", script)
        check(answer.statusCode() == 204) { answer.body() }
    }

    /** What the gateway really did with an invoice; `null` if no perform sale ever came. */
    fun ledger(invoiceId: String): JsonObject? {
        val request = HttpRequest.newBuilder(at("/sandbox/ledger/$invoiceId")).build()
        val answer = http.send(request, BodyHandlers.ofString())
        return if (answer.statusCode() == 404) null else json(answer)
    }

    /** Somebody looks at the page of a challenge and behaves like [conduct]. Returns when they are done. */
    fun visit(url: String, conduct: String) {
        val visit = JsonObject().apply {
            addProperty("url", url)
            addProperty("conduct", conduct)
        }
        post("/sandbox/cardholder", visit.toString())
    }

    /** A message of the merchant's own protocol. */
    fun ask(path: String, body: String?): JsonObject {
        val request = HttpRequest.newBuilder(at(path))
        val asked = if (body == null) request.GET() else request.json(body)
        return json(http.send(asked.build(), BodyHandlers.ofString()))
    }

    private fun json(answer: HttpResponse<String>): JsonObject {
        check(answer.statusCode() == 200) { "${answer.statusCode()} ${answer.body()}" }
        return JsonParser.parseString(answer.body()).asJsonObject
    }

    private fun post(path: String, body: String) =
        http.send(HttpRequest.newBuilder(at(path)).json(body).build(), BodyHandlers.ofString())

    private fun at(path: String) = URI.create(merchantUrl.trimEnd('/') + path)

    private fun HttpRequest.Builder.json(body: String) =
        header("Content-Type", "application/json").POST(BodyPublishers.ofString(body))

    companion object {
        /** Made by who starts a sandbox, and gone when that JVM ends; not by a JVM that only reaches one. */
        private val folder: File by lazy { Files.createTempDirectory("salekit-sandbox").toFile() }

        /** Where [shared] wrote what another JVM needs to reach it. */
        val readyFile: File get() = File(folder, "ready.json")

        /** One for all tests of this JVM. */
        val shared: Sandbox by lazy { start() }

        /** The sandbox that another JVM has started. */
        fun reachedBy(ready: File) = Sandbox(JsonParser.parseString(ready.readText()).asJsonObject)

        private fun start(): Sandbox {
            val program = File(System.getProperty("salekit.library.dir"), "salekit-sandbox")
            val output = File(folder, "output")
            val process = ProcessBuilder(
                program.path, "serve", "--control", "--gateway-port", "0", "--merchant-port", "0",
                "--ready-file", readyFile.path, "--ca-file", File(folder, "ca.pem").path,
            ).redirectErrorStream(true).redirectOutput(output).start()
            Runtime.getRuntime().addShutdownHook(
                Thread {
                    process.destroy()
                    process.waitFor(10, TimeUnit.SECONDS)
                    folder.deleteRecursively()
                },
            )
            eventually("the sandbox to be ready") {
                check(process.isAlive) { output.readText() }
                readyFile.exists()
            }
            return reachedBy(readyFile)
        }

        private fun trusting(pem: String): SSLContext {
            val store = KeyStore.getInstance(KeyStore.getDefaultType())
            store.load(null)
            val certificate = CertificateFactory.getInstance("X.509").generateCertificate(pem.byteInputStream())
            store.setCertificateEntry("sandbox", certificate)
            val tls = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm()).apply { init(store) }
            return SSLContext.getInstance("TLS").apply { init(null, tls.trustManagers, null) }
        }
    }
}

/** Waits for something that another thread or process does, and fails if it takes a minute. */
fun eventually(what: String, holds: () -> Boolean) {
    val deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1)
    while (!holds()) {
        check(System.nanoTime() < deadline) { "waited too long for $what" }
        Thread.sleep(10)
    }
}
