package dev.salekit

import java.io.Serializable
import dev.salekit.ffi.Consumer as FfiConsumer
import dev.salekit.ffi.SaleLocation as FfiSaleLocation
import dev.salekit.ffi.SaleRequest as FfiSaleRequest

/**
 * A sale to start. All values are checked when it is started, before anything is sent.
 *
 * Give an `accessToken` if you can. Your server knows the logged-in user and the order, so it can issue a token for one
 * user and one order. The app passes that token here. In initiate sale your server compares the amount and
 * [merchantOrderId] with those of the token. So nobody can pay another amount than was ordered, or pay for another
 * user's order. Without a token SaleKit requests one from your server ([MerchantPaths.accessToken]). That token only
 * identifies the device that requests it.
 *
 * @property amount the amount
 * @property consumer who pays
 * @property source what the sale is paid with: a [CardForm], or a [StoredCard] with its security code
 * @property location where the consumer is, if the merchant needs it
 * @param accessToken the access token that the merchant's server gave the app: 32 to 128 characters
 * @property merchantOrderId the merchant's id of the order that is paid, at most 256 characters. SaleKit sends it to
 *   the merchant's server with every request about the sale, and never to the gateway.
 * @property allowsDuplicate allows the sale although another sale with the same merchant order id is running, is
 *   unfinished, has an unknown outcome, or is charged and not acknowledged. The payer may then pay twice for one order.
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
 * Who pays, and with which device (`consumer` of the protocol). These are personal data, so [toString] leaves them out.
 *
 * @property serialNumber `device.serialNumber`: 1 to 50 characters, the same in every sale of this device
 * @property email `email`: 3 to 128 characters
 * @property imei `device.imei`: 14 to 16 digits
 * @property ipAddresses `ipAddresses`: at most ten IPv4 addresses. Others are left out, because the protocol does not
 *   support them.
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
 * The consumer's location (`location`). Sent to the merchant's server only. It is personal data, so [toString] leaves
 * it out.
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

/** What a sale is paid with: a [CardForm] or a [StoredCardPayment]. */
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
