package dev.salekit

import java.io.Serializable
import java.util.Locale
import dev.salekit.ffi.CardSummary as FfiCardSummary
import dev.salekit.ffi.SaleOutcome as FfiSaleOutcome
import dev.salekit.ffi.ThreeDSecureStatus as FfiThreeDSecureStatus

/**
 * How a sale ended: the one type that says whether money moved. Its [displayMessage] tells the payer what happened or
 * what to do. After a decline or an unknown outcome it is the message of the advice. If nothing was charged, it is the
 * message of the reason.
 */
public sealed interface SaleOutcome : Displayable, Serializable {
    /** Whether money moved. */
    public val charge: Charge

    override val code: String
        get() = when (this) {
            is Approved -> "approved"
            is Declined -> "declined"
            is NotCharged -> "not_charged"
            is Unknown -> "unknown"
        }

    override fun displayMessage(locale: Locale): String = when (this) {
        is Approved -> charge.displayMessage(locale)
        is Declined -> advice.displayMessage(locale)
        is NotCharged -> reason.displayMessage(locale)
        is Unknown -> advice.displayMessage(locale)
    }

    /** `invoiceId`: the merchant's name for the sale; `null` only if the sale had none yet. */
    public val invoiceId: String?

    /**
     * The gateway says that the sale is approved: the cardholder's account is charged. What the gateway left out is
     * `null`.
     *
     * @property orderId `orderId`: the gateway's name for the sale
     * @property bankOrderId `bankOrderId`: the bank's
     * @property requestedAmount the amount that the app asked for
     * @property amount the amount that the gateway confirmed. It may differ from the requested one. `null` if the
     *   gateway gave none, or one that cannot be read. To show an amount to the payer, use [amountToShow].
     * @property commissionMinorUnits `transaction.commissionCentis`, in minor units of the currency of [amount], or of
     *   [requestedAmount] where there is no [amount]
     * @property orderCreated `transaction.orderCreatedDate`, as the gateway wrote it
     * @property transactionCreated `transaction.transactionCreatedDate`, likewise
     * @property threeDSecure `secure3DAuthStatus`
     * @property card the card, where the sale was made with a card number
     */
    public data class Approved(
        override val invoiceId: String,
        val orderId: String?,
        val bankOrderId: String?,
        val requestedAmount: Money,
        val amount: Money?,
        val commissionMinorUnits: Long?,
        val orderCreated: String?,
        val transactionCreated: String?,
        val threeDSecure: ThreeDSecureStatus?,
        val card: CardSummary?,
    ) : SaleOutcome {
        override val charge: Charge get() = OutcomeCharges.approved

        /** Whether the gateway confirmed another amount than the requested one, for example a part of it. */
        val amountDiffers: Boolean get() = amount != null && amount != requestedAmount

        /** The amount to show to the payer: the confirmed one, or the requested one if the gateway confirmed none. */
        val amountToShow: Money get() = amount ?: requestedAmount

        private companion object {
            private const val serialVersionUID: Long = 1
        }
    }

    /**
     * The gateway says that the sale is declined: not charged.
     *
     * @property orderId `orderId`: the gateway's name for the sale
     * @property bankOrderId `bankOrderId`: the bank's
     * @property errorCode `errorCode`, if the gateway gave it
     * @property gatewayMessage `errorMessage`, if the gateway gave it, in the gateway's language
     * @property threeDSecure `secure3DAuthStatus`
     * @property advice what the payer can do
     */
    public data class Declined(
        override val invoiceId: String,
        val orderId: String?,
        val bankOrderId: String?,
        val errorCode: Long?,
        val gatewayMessage: String?,
        val threeDSecure: ThreeDSecureStatus?,
        val advice: DeclineAdvice,
    ) : SaleOutcome {
        override val charge: Charge get() = OutcomeCharges.declined

        private companion object {
            private const val serialVersionUID: Long = 1
        }
    }

    /**
     * The sale is not charged, and that is proven.
     *
     * @property reason why
     * @property detail a sentence for a developer or the support, without secrets
     * @property failure the cause, if a request failed
     * @property supportReference `error.code` of the refusal: give it to the support
     */
    public data class NotCharged(
        override val invoiceId: String?,
        val reason: NotChargedReason,
        val detail: String,
        val failure: FailureKind?,
        val supportReference: String?,
    ) : SaleOutcome {
        override val charge: Charge get() = OutcomeCharges.notCharged

        private companion object {
            private const val serialVersionUID: Long = 1
        }
    }

    /**
     * The sale may or may not be charged. Asking again later may answer that. Never show it as a failure.
     *
     * @property reason why it is not known
     * @property advice what to do about it
     * @property orderId `orderId`, if the gateway gave it
     * @property detail a sentence for a developer or the support, without secrets
     */
    public data class Unknown(
        override val invoiceId: String,
        val reason: UnknownReason,
        val advice: UnknownAdvice,
        val orderId: String?,
        val detail: String,
    ) : SaleOutcome {
        override val charge: Charge get() = OutcomeCharges.unknown

        private companion object {
            private const val serialVersionUID: Long = 1
        }
    }
}

/**
 * What may be shown and kept of a card.
 *
 * @property brand the brand
 * @property last4 the last four digits
 * @property length how many digits the whole number has
 * @property display text to show: `Visa •••• 1111`
 */
public data class CardSummary(val brand: CardBrand, val last4: String, val length: Int, val display: String) : Serializable {
    private companion object {
        private const val serialVersionUID: Long = 1
    }
}

/** `secure3DAuthStatus` of the protocol. */
public sealed interface ThreeDSecureStatus : Serializable {
    /** The issuer authenticated the cardholder. */
    public object Authenticated : ThreeDSecureStatus {
        private const val serialVersionUID: Long = 1

        override fun toString(): String = "Authenticated"

        private fun readResolve(): Any = Authenticated
    }

    /** It did not. */
    public object NotAuthenticated : ThreeDSecureStatus {
        private const val serialVersionUID: Long = 1

        override fun toString(): String = "NotAuthenticated"

        private fun readResolve(): Any = NotAuthenticated
    }

    /** A card without 3-D Secure, or it ended with an unknown status. */
    public object Unsupported : ThreeDSecureStatus {
        private const val serialVersionUID: Long = 1

        override fun toString(): String = "Unsupported"

        private fun readResolve(): Any = Unsupported
    }

    /**
     * Another status of the gateway.
     *
     * @property word the status as the gateway wrote it
     */
    public data class Other(val word: String) : ThreeDSecureStatus {
        private companion object {
            private const val serialVersionUID: Long = 1
        }
    }
}

@JvmSynthetic
internal fun FfiSaleOutcome.toPublic(): SaleOutcome = when (this) {
    is FfiSaleOutcome.Approved -> receipt.run {
        SaleOutcome.Approved(
            invoiceId = invoiceId,
            orderId = orderId,
            bankOrderId = bankOrderId,
            requestedAmount = requestedAmount.toPublic(),
            amount = amount?.toPublic(),
            commissionMinorUnits = commissionMinorUnits,
            orderCreated = orderCreated,
            transactionCreated = transactionCreated,
            threeDSecure = threeDSecure?.toPublic(),
            card = card?.toPublic(),
        )
    }
    is FfiSaleOutcome.Declined -> decline.run {
        SaleOutcome.Declined(
            invoiceId = invoiceId,
            orderId = orderId,
            bankOrderId = bankOrderId,
            errorCode = errorCode,
            gatewayMessage = gatewayMessage,
            threeDSecure = threeDSecure?.toPublic(),
            advice = advice.toPublic(),
        )
    }
    is FfiSaleOutcome.NotCharged -> notCharged.run {
        SaleOutcome.NotCharged(
            invoiceId = invoiceId,
            reason = reason.toPublic(),
            detail = detail,
            failure = failure?.toPublic(),
            supportReference = supportReference,
        )
    }
    is FfiSaleOutcome.Unknown -> unknown.run {
        SaleOutcome.Unknown(
            invoiceId = invoiceId,
            reason = reason.toPublic(),
            advice = advice.toPublic(),
            orderId = orderId,
            detail = detail,
        )
    }
}

private fun FfiThreeDSecureStatus.toPublic(): ThreeDSecureStatus = when (this) {
    is FfiThreeDSecureStatus.Authenticated -> ThreeDSecureStatus.Authenticated
    is FfiThreeDSecureStatus.NotAuthenticated -> ThreeDSecureStatus.NotAuthenticated
    is FfiThreeDSecureStatus.Unsupported -> ThreeDSecureStatus.Unsupported
    is FfiThreeDSecureStatus.Other -> ThreeDSecureStatus.Other(word = word)
}

private fun FfiCardSummary.toPublic(): CardSummary =
    CardSummary(brand = brand.toPublic(), last4 = last4, length = length.toInt(), display = display)
