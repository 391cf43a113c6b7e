package dev.salekit

import java.io.Serializable
import java.nio.ByteBuffer
import dev.salekit.ffi.CardExpiry as FfiCardExpiry
import dev.salekit.ffi.StoredCard as FfiStoredCard

/**
 * A card that the merchant keeps (`sourceOfFunds.reference`). What the merchant's server does not give is `null`.
 * [toString] leaves [clientCardId] out, because the merchant accepts that id in place of the card.
 *
 * @property clientCardId `clientCardId`, the merchant's opaque name for it
 * @property bin the first digits of the card number: at most eight, or six together with [last4]
 * @property mappedWithEmail whether the card was stored with an e-mail, which then must be given in every sale with it
 * @property brand the brand; never [CardBrand.UNKNOWN]
 * @property last4 the last four digits of the card number
 * @property expiry the last month in which the card is valid
 */
public data class StoredCard @JvmOverloads constructor(
    val clientCardId: String,
    val bin: String? = null,
    val mappedWithEmail: Boolean = false,
    val brand: CardBrand? = null,
    val last4: String? = null,
    val expiry: CardExpiry? = null,
) : Serializable {
    /**
     * This card as the source of a sale. SaleKit takes the array over, and wipes it when the sale is started.
     *
     * @param securityCode three or four ASCII digits, which the cardholder gives anew
     */
    public fun withSecurityCode(securityCode: ByteArray): StoredCardPayment = StoredCardPayment(this, securityCode)

    override fun toString(): String = "StoredCard(bin=$bin, brand=$brand, last4=$last4, mappedWithEmail=$mappedWithEmail)"

    private companion object {
        private const val serialVersionUID: Long = 1
    }
}

/**
 * The last month in which a stored card is valid.
 *
 * @property month 1 to 12
 * @property year the year, for example 2030
 */
public data class CardExpiry(val month: Int, val year: Int) : Serializable {
    override fun toString(): String = "$month/$year"

    private companion object {
        private const val serialVersionUID: Long = 1
    }
}

/**
 * A [StoredCard] with the security code for one sale. Made by [StoredCard.withSecurityCode].
 *
 * @property card the card
 */
public class StoredCardPayment internal constructor(public val card: StoredCard, private val securityCode: ByteArray) :
    SourceOfFunds {
    /** Passes the code to [call] and wipes it. */
    @JvmSynthetic
    internal fun <T> spend(call: (ByteBuffer) -> T): T = lending(securityCode, call)
}

@JvmSynthetic
internal fun StoredCard.toFfi(): FfiStoredCard = FfiStoredCard(
    clientCardId = clientCardId,
    bin = bin,
    brand = brand?.toFfi(),
    last4 = last4,
    // A month or year out of range is left out: the contract's integers are too small for some values.
    expiry = expiry?.takeIf { it.month in 1..12 && it.year in 2000..9999 }
        ?.run { FfiCardExpiry(year = year.toUShort(), month = month.toUByte()) },
    mappedWithEmail = mappedWithEmail,
)

@JvmSynthetic
internal fun FfiStoredCard.toPublic(): StoredCard = StoredCard(
    clientCardId = clientCardId,
    bin = bin,
    mappedWithEmail = mappedWithEmail,
    brand = brand?.toPublic(),
    last4 = last4,
    expiry = expiry?.run { CardExpiry(month = month.toInt(), year = year.toInt()) },
)
