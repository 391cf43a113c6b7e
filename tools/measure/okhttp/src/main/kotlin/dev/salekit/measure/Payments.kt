package dev.salekit.measure

import com.google.gson.JsonObject
import com.google.gson.JsonParser
import java.io.IOException
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.delay
import kotlinx.coroutines.withContext
import okhttp3.MediaType.Companion.toMediaType
import okhttp3.OkHttpClient
import okhttp3.Request
import okhttp3.RequestBody.Companion.toRequestBody

/** Between two status requests. */
val STATUS_GAP = 1.seconds

/** How a sale ended. */
class Paid(val invoiceId: String, val state: String, val waits: Int)

/** Payments as an Android developer would write them: one client, status every second, the first error ends it. */
class Payments(private val http: OkHttpClient, private val gateway: String, private val merchant: String) {
    /** Pays 10.50 EUR. */
    suspend fun pay(accessToken: String): Paid {
        val transaction = json("amountCentis" to 1050, "currency" to "EUR")
        val device = json("device" to json("serialNumber" to "device-0001"))
        val initiated = post(
            "$merchant/sale/initiate-sale",
            json(
                "consumer" to device,
                "transaction" to transaction,
                "session" to json("accessToken" to accessToken),
            ),
        )
        val invoiceId = initiated["invoiceId"].asString
        val sale = "$gateway/dapi/v1/sale/${initiated["endpointId"].asString}/$invoiceId"
        val session = initiated["session"].asJsonObject
        val performed = post(
            sale,
            json(
                "consumer" to device,
                "session" to json(
                    "accessToken" to accessToken,
                    "nonce" to session["nonce"].asString,
                    "signature" to session["signature"].asString,
                ),
                "sourceOfFunds" to json(
                    "card" to json(
                        "number" to "4111111111111111",
                        "expiry" to json("month" to 12, "year" to 2040),
                        "holder" to json("printedName" to "ADA LOVELACE"),
                        "securityCode" to "123",
                    ),
                ),
                "transaction" to transaction,
            ),
        )
        val token = performed["session"].asJsonObject["token"].asString
        val question = json("session" to json("accessToken" to accessToken, "token" to token))
        var waits = 0
        while (true) {
            val state = post("$sale/status", question)["state"].asString
            if (state != "PROCESSING") return Paid(invoiceId, state, waits)
            delay(STATUS_GAP)
            waits++
        }
    }

    private suspend fun post(url: String, body: JsonObject): JsonObject = withContext(Dispatchers.IO) {
        val request = Request.Builder().url(url).post(body.toString().toRequestBody(JSON)).build()
        http.newCall(request).execute().use { response ->
            if (!response.isSuccessful) throw IOException("HTTP ${response.code} from $url")
            JsonParser.parseString(response.body.string()).asJsonObject
        }
    }

    private companion object {
        val JSON = "application/json".toMediaType()
    }
}

private fun json(vararg members: Pair<String, Any>) = JsonObject().apply {
    for ((name, value) in members) {
        when (value) {
            is JsonObject -> add(name, value)
            is Number -> addProperty(name, value)
            else -> addProperty(name, value.toString())
        }
    }
}
