package dev.salekit

import dev.salekit.ffi.InternalException
import java.util.Locale
import dev.salekit.ffi.SaleKitException as FfiException

/**
 * Why a call failed. No exception says anything about money: how a sale ends is always a [SaleOutcome].
 *
 * [message] is an English sentence for a developer: log it, never show it. [displayMessage] is for the payer. Neither
 * contains a secret.
 */
public sealed class SaleKitException(override val code: String, override val message: String) :
    Exception(message),
    Displayable {
    override fun displayMessage(locale: Locale): String = Messages.of("error.$code", locale)

    /**
     * An argument is not usable: an address, extra roots, a pin, a value of the sale. Nothing was sent.
     *
     * @property field the documented path of the value, for example `sourceOfFunds.card.number`
     * @property rule a stable code, for example `check_digit`
     * @property detail an English sentence
     */
    public class InvalidInput internal constructor(
        code: String,
        message: String,
        public val field: String,
        public val rule: String,
        public val detail: String,
    ) : SaleKitException(code, message) {
        /** What is wrong with the value, for the payer who typed it. */
        override fun displayMessage(locale: Locale): String = Messages.ofRule(rule, locale)
    }

    /**
     * There is no stored sale with this id.
     *
     * @property saleId the id
     */
    public class SaleNotFound internal constructor(code: String, message: String, public val saleId: String) :
        SaleKitException(code, message)

    /**
     * The sale is running. If it runs in this process, wait for its outcome before you acknowledge or forget it. If it
     * runs in another process of the app, it cannot be resumed here either: leave it to that process.
     *
     * @property saleId the id
     */
    public class SaleStillRunning internal constructor(code: String, message: String, public val saleId: String) :
        SaleKitException(code, message)

    /**
     * The stored sale has not ended, so it can be neither acknowledged nor forgotten; resume it first.
     *
     * @property saleId the id
     */
    public class SaleUnfinished internal constructor(code: String, message: String, public val saleId: String) :
        SaleKitException(code, message)

    /**
     * The outcome is unknown, so the sale cannot be acknowledged. Resume it later, or forget it.
     *
     * @property saleId the id
     */
    public class SaleOutcomeUnknown internal constructor(code: String, message: String, public val saleId: String) :
        SaleKitException(code, message)

    /**
     * The outcome is final, so the sale cannot be forgotten. Settle it and acknowledge the sale.
     *
     * @property saleId the id
     */
    public class SaleOutcomeFinal internal constructor(code: String, message: String, public val saleId: String) :
        SaleKitException(code, message)

    /**
     * The sale was started with another gateway, or for another merchant's server, than this client has. Nothing was sent.
     * Use a client that has those of the sale.
     *
     * @property saleId the id
     * @property saleParties the sale's
     * @property clientParties this client's
     */
    public class SaleForeign internal constructor(
        code: String,
        message: String,
        public val saleId: String,
        public val saleParties: Parties,
        public val clientParties: Parties,
    ) : SaleKitException(code, message)

    /**
     * Another sale with the same merchant order id is running, and the request does not allow a duplicate. Nothing was
     * sent.
     *
     * @property saleId that sale's id
     */
    public class OrderInUse internal constructor(code: String, message: String, public val saleId: String) :
        SaleKitException(code, message)

    /**
     * The stored sale cannot be used; its snapshot is kept. Ask the merchant's server about it, then forget it.
     *
     * @property saleId the id
     */
    public class SaleDamaged internal constructor(code: String, message: String, public val saleId: String) :
        SaleKitException(code, message)

    /** The store is full. */
    public class StorageFull internal constructor(code: String, message: String) : SaleKitException(code, message)

    /** The store may not be read or written. */
    public class StorageDenied internal constructor(code: String, message: String) : SaleKitException(code, message)

    /** The store failed otherwise. */
    public class StorageFailed internal constructor(code: String, message: String) : SaleKitException(code, message)

    /**
     * The merchant's server could not be asked, or could not answer now: ask again later.
     *
     * @property failure what went wrong, if no answer came
     */
    public class MerchantUnavailable internal constructor(code: String, message: String, public val failure: FailureKind?) :
        SaleKitException(code, message)

    /** The device could not provide random numbers. */
    public class NoRandomness internal constructor(code: String, message: String) : SaleKitException(code, message)

    /** Nothing can run: the threads could not be started, or SaleKit itself failed. Please report it. */
    public class Internal internal constructor(code: String, message: String) : SaleKitException(code, message)
}

@JvmSynthetic
internal fun FfiException.toPublic(): SaleKitException {
    val code = code()
    val message = sentence()
    return when (this) {
        is FfiException.InvalidInput -> SaleKitException.InvalidInput(code, message, field, rule, detail)
        is FfiException.SaleNotFound -> SaleKitException.SaleNotFound(code, message, saleId)
        is FfiException.SaleStillRunning -> SaleKitException.SaleStillRunning(code, message, saleId)
        is FfiException.SaleUnfinished -> SaleKitException.SaleUnfinished(code, message, saleId)
        is FfiException.SaleOutcomeUnknown -> SaleKitException.SaleOutcomeUnknown(code, message, saleId)
        is FfiException.SaleOutcomeFinal -> SaleKitException.SaleOutcomeFinal(code, message, saleId)
        is FfiException.OrderInUse -> SaleKitException.OrderInUse(code, message, saleId)
        is FfiException.SaleForeign ->
            SaleKitException.SaleForeign(code, message, saleId, saleParties.toPublic(), clientParties.toPublic())
        is FfiException.SaleDamaged -> SaleKitException.SaleDamaged(code, message, saleId)
        is FfiException.StorageFull -> SaleKitException.StorageFull(code, message)
        is FfiException.StorageDenied -> SaleKitException.StorageDenied(code, message)
        is FfiException.StorageFailed -> SaleKitException.StorageFailed(code, message)
        is FfiException.MerchantUnavailable -> SaleKitException.MerchantUnavailable(code, message, failure?.toPublic())
        is FfiException.NoRandomness -> SaleKitException.NoRandomness(code, message)
        is FfiException.Internal -> SaleKitException.Internal(code, message)
    }
}

/** Calls the core, and converts the core's exceptions into the public exceptions of the same meaning. */
@JvmSynthetic
internal inline fun <T> bridged(call: () -> T): T = try {
    call()
} catch (exception: FfiException) {
    throw exception.toPublic()
} catch (_: InternalException) {
    // A panic. Its text is left out, because it was not checked for secrets.
    throw SaleKitException.Internal("internal", "SaleKit failed; please report it")
}
