package dev.salekit.testing

import dev.salekit.DeclineAdvice
import dev.salekit.FailureKind
import dev.salekit.Money
import dev.salekit.NotChargedReason
import dev.salekit.SaleKitException
import dev.salekit.SaleOutcome
import dev.salekit.UnknownAdvice
import dev.salekit.UnknownReason

/** Outcomes with the values that tests need most often. Use `copy` to change the rest. */
public object Outcomes {
    /** Charged. */
    @JvmStatic
    public fun approved(amount: Money): SaleOutcome.Approved = SaleOutcome.Approved(
        invoiceId = INVOICE,
        orderId = null,
        bankOrderId = null,
        requestedAmount = amount,
        amount = amount,
        commissionMinorUnits = null,
        orderCreated = null,
        transactionCreated = null,
        threeDSecure = null,
        card = null,
    )

    /** Declined: not charged. */
    @JvmStatic
    public fun declined(advice: DeclineAdvice): SaleOutcome.Declined = SaleOutcome.Declined(
        invoiceId = INVOICE,
        orderId = null,
        bankOrderId = null,
        errorCode = null,
        gatewayMessage = null,
        threeDSecure = null,
        advice = advice,
    )

    /** Not charged, and that is proven. */
    @JvmStatic
    @JvmOverloads
    public fun notCharged(reason: NotChargedReason, failure: FailureKind? = null): SaleOutcome.NotCharged =
        SaleOutcome.NotCharged(invoiceId = null, reason = reason, detail = DETAIL, failure = failure, supportReference = null)

    /** Unknown: the sale may or may not be charged. */
    @JvmStatic
    @JvmOverloads
    public fun unknown(
        reason: UnknownReason = UnknownReason.STILL_PROCESSING,
        advice: UnknownAdvice = UnknownAdvice.RESUME_OR_ASK_MERCHANT,
    ): SaleOutcome.Unknown =
        SaleOutcome.Unknown(invoiceId = INVOICE, reason = reason, advice = advice, orderId = null, detail = DETAIL)

    private const val INVOICE = "invoice-1"
    private const val DETAIL = "a test says so"
}

/** The exceptions that calls throw. Apps cannot create them otherwise. */
public object Exceptions {
    /** An argument is not usable. [field] is the path of the value, [rule] a stable code such as `check_digit`. */
    @JvmStatic
    public fun invalidInput(field: String, rule: String): SaleKitException =
        SaleKitException.InvalidInput("invalid_input", "$field: $rule", field, rule, rule)

    /** There is no stored sale with this id. */
    @JvmStatic
    public fun saleNotFound(saleId: String): SaleKitException =
        SaleKitException.SaleNotFound("sale_not_found", "there is no stored sale $saleId", saleId)

    /** The sale is running. */
    @JvmStatic
    public fun saleStillRunning(saleId: String): SaleKitException =
        SaleKitException.SaleStillRunning("sale_still_running", "sale $saleId is still running", saleId)

    /** The outcome of the sale is unknown. */
    @JvmStatic
    public fun saleOutcomeUnknown(saleId: String): SaleKitException =
        SaleKitException.SaleOutcomeUnknown("sale_outcome_unknown", "the outcome of sale $saleId is unknown", saleId)

    /** The outcome of the sale is final. */
    @JvmStatic
    public fun saleOutcomeFinal(saleId: String): SaleKitException =
        SaleKitException.SaleOutcomeFinal("sale_outcome_final", "the outcome of sale $saleId is final", saleId)

    /** Another sale with the same merchant order id is running. */
    @JvmStatic
    public fun orderInUse(saleId: String): SaleKitException =
        SaleKitException.OrderInUse("order_in_use", "sale $saleId has the same merchant order id", saleId)

    /** The store is full. */
    @JvmStatic
    public fun storageFull(): SaleKitException = SaleKitException.StorageFull("storage_full", "the store is full")

    /** The merchant's server could not be asked. */
    @JvmStatic
    @JvmOverloads
    public fun merchantUnavailable(failure: FailureKind? = null): SaleKitException =
        SaleKitException.MerchantUnavailable("merchant_unavailable", "the merchant's server could not be asked", failure)
}
