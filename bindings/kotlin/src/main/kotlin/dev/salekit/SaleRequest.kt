package dev.salekit

import java.io.Serializable
import dev.salekit.ffi.Consumer as FfiConsumer
import dev.salekit.ffi.SaleLocation as FfiSaleLocation
import dev.salekit.ffi.SaleRequest as FfiSaleRequest

/**
 * A sale to be made. Everything is checked when it is started, before anything is sent.
 *
 * Give an `accessToken`, and let it mean something: your server, which knows who is logged in and what they ordered, makes a
 * token for this one order and this one user. The app hands it over here, and in initiate sale your server compares amount and
 * [merchantOrderId] with what it made the token for. So no one pays another amount than was ordered, or for another's order.
 * Without a token here SaleKit asks your server for one ([MerchantPaths.accessToken]): that one can only say which device asks.
 *
 * @property amount what is to be paid
 * @property consumer who pays
 * @property source what it is paid from: a [CardForm], or a [StoredCard] with its security code
 * @property location where, if the merchant wants to know
 * @param accessToken the access token that the merchant's server gave the app: 32 to 128 characters
 * @property merchantOrderId the merchant's id of the order that is paid, at most 256 characters. The merchant's server gets it
 *   with every question about the sale, the gateway never.
 * @property allowsDuplicate lets the sale be made although another one with its merchant order id runs, is unfinished, or has an unknown
 * outcome; the payer may then pay twice for one order
 */
public class SaleRequest @JvmOverloads constructor(
    public val amount: Money,
    public val consumer: Consumer,
    public val source: SourceOfFunds,
    public val location: SaleLocation? = null,
    private val accessToken: String? = null,
    public val merchantOrderId: String? = null,
    public val allowsDuplicate: Boolean = false,
) {
    @JvmSynthetic
    internal fun toFfi(): FfiSaleRequest =
        FfiSaleRequest(
            amount = amount.toFfi(),
            consumer = consumer.toFfi(),
            location = location?.toFfi(),
            accessToken = accessToken,
            merchantOrderId = merchantOrderId,
            allowsDuplicate = allowsDuplicate,
        )
}

/**
 * Who pays, and with which device (`consumer` of the protocol). Personal, so [toString] shows nothing of it.
 *
 * @property serialNumber `device.serialNumber`: 1 to 50 characters, the same in every sale of this device
 * @property email `email`: 3 to 128 characters
 * @property imei `device.imei`: 14 to 16 digits
 * @property ipAddresses `ipAddresses`: at most ten of IPv4; the protocol has no room for others, which are left out
 */
public data class Consumer @JvmOverloads constructor(
    val serialNumber: String,
    val email: String? = null,
    val imei: String? = null,
    val ipAddresses: List<String> = emptyList(),
) {
    override fun toString(): String = "Consumer(…)"
}

/**
 * Where the consumer is (`location`); goes to the merchant's server only. Personal, so [toString] does not tell.
 *
 * @property lat degrees, -90 to 90
 * @property lng degrees, -180 to 180
 */
public data class SaleLocation(val lat: Double, val lng: Double) : Serializable {
    override fun toString(): String = "SaleLocation(…)"

    private companion object {
        private const val serialVersionUID: Long = 1
    }
}

/** What a sale is paid from: a [CardForm] or a [StoredCardPayment]. */
public sealed interface SourceOfFunds

@JvmSynthetic
internal fun Consumer.toFfi(): FfiConsumer =
    FfiConsumer(serialNumber = serialNumber, imei = imei, ipAddresses = ipAddresses, email = email)

@JvmSynthetic
internal fun FfiConsumer.toPublic(): Consumer =
    Consumer(serialNumber = serialNumber, email = email, imei = imei, ipAddresses = ipAddresses)

@JvmSynthetic
internal fun SaleLocation.toFfi(): FfiSaleLocation = FfiSaleLocation(lat = lat, lng = lng)

@JvmSynthetic
internal fun FfiSaleLocation.toPublic(): SaleLocation = SaleLocation(lat = lat, lng = lng)
