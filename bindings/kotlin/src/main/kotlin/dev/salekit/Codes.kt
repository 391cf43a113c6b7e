package dev.salekit

import dev.salekit.ffi.failureMessage
import java.util.Locale

/** Whether money moved. */
public enum class Charge : Displayable {
    /** The cardholder's account is charged. */
    CHARGED,

    /** It is not, and this sale will not charge it any more. */
    NOT_CHARGED,

    /** The app cannot know. The merchant's server learns it from the gateway's callback. */
    UNKNOWN,
    ;

    override val code: String get() = codeOf(this)

    override fun displayMessage(locale: Locale): String = Messages.of("charge.$code", locale)
}

/** What the payer can do after a decline. */
public enum class DeclineAdvice : Displayable {
    /** This card is not accepted. Another card may be. */
    TRY_ANOTHER_CARD,

    /** A card detail is mistyped. */
    CHECK_CARD_DETAILS,

    /** The security code was wrong. */
    CHECK_SECURITY_CODE,

    /** The issuer did not accept the authentication; try it once more. */
    AUTHENTICATE_AGAIN,

    /** The issuer refuses and only it can say why. */
    CONTACT_BANK,

    /** Something between merchant, gateway and bank failed for now. */
    RETRY_LATER,

    /** The merchant's configuration is wrong. The payer cannot fix it. */
    CONTACT_MERCHANT,
    ;

    override val code: String get() = codeOf(this)

    override fun displayMessage(locale: Locale): String = Messages.of("advice.$code", locale)
}

/** Why a sale ended before anything could be charged. */
public enum class NotChargedReason : Displayable {
    /** Cancelled before perform sale was sent. */
    CANCELLED,

    /** The app ended before perform sale was sent. Card data is never kept, so start a new sale. */
    INTERRUPTED,

    /** The merchant's server gave no usable access token. */
    ACCESS_TOKEN_REFUSED,

    /** The merchant's server refused to initiate the sale. */
    INITIATE_REFUSED,

    /** The merchant's server could not be reached, or did not give a usable answer to initiate sale. */
    MERCHANT_UNAVAILABLE,

    /** No connection to the gateway: not one byte of perform sale was sent. */
    GATEWAY_UNREACHABLE,

    /** The gateway refused perform sale. */
    PERFORM_REFUSED,

    /** The snapshot that must be saved before perform sale could not be saved, so perform sale was not sent. */
    STORAGE_FAILED,

    /**
     * The merchant's server gave an invoice that another sale has, so perform sale was not sent. This says nothing
     * about the outcome of that other sale.
     */
    INVOICE_IN_USE,

    /**
     * Another sale with the same merchant order id is unfinished, has an unknown outcome, or is charged and not
     * acknowledged, so perform sale was not sent. Resume and settle that sale first, or allow a duplicate.
     */
    ORDER_IN_USE,

    /**
     * Perform sale may have been sent, but the gateway never had it accepted by the merchant's server. That server has
     * voided the invoice, so it will never be charged.
     */
    INVOICE_VOIDED,
    ;

    override val code: String get() = codeOf(this)

    override fun displayMessage(locale: Locale): String = Messages.of("not_charged.$code", locale)
}

/** Why the outcome of a sale is unknown. [UnknownAdvice] says what to do about it. */
public enum class UnknownReason : Displayable {
    /**
     * The answer to perform sale was lost or unclear, and the merchant's server did not give the sale's session token.
     */
    PERFORM_ANSWER_LOST,

    /**
     * The gateway refused perform sale, but the merchant's server could not be asked whether the gateway took an
     * earlier copy of the request. Something between app and gateway may have sent it twice.
     */
    REFUSAL_UNCONFIRMED,

    /** The gateway was still processing the sale when the timeout ended. */
    STILL_PROCESSING,

    /** The cardholder had not finished the challenge when the timeout ended. */
    CHALLENGE_UNFINISHED,

    /** The gateway gave no usable answer to status requests before the timeout ended. */
    STATUS_UNAVAILABLE,

    /** The app stopped waiting ([Sale.cancel]) before the gateway had decided. */
    STOPPED_WAITING,

    /** SaleKit's engine was stopped before the sale had ended. */
    ENGINE_STOPPED,
    ;

    override val code: String get() = codeOf(this)

    override fun displayMessage(locale: Locale): String = Messages.of("unknown.$code", locale)
}

/** What to do about an unknown outcome. */
public enum class UnknownAdvice : Displayable {
    /**
     * Resume the sale later: the gateway can be asked again. The merchant's server also learns the outcome from the
     * callback.
     */
    RESUME_OR_ASK_MERCHANT,

    /** Only the merchant's server can find out, from the gateway's callback. */
    ASK_MERCHANT,
    ;

    override val code: String get() = codeOf(this)

    override fun displayMessage(locale: Locale): String = Messages.of("unknown_advice.$code", locale)
}

/** What went wrong with a request; for developers and logs. */
public enum class FailureKind {
    /** The host's name could not be resolved. */
    NAME_NOT_RESOLVED,

    /** No connection: refused, unreachable, or no network at all. */
    NOT_CONNECTED,

    /** The timeout ended. */
    TIMED_OUT,

    /** The connection broke. */
    CONNECTION_LOST,

    /**
     * The certificate is from an authority that is not trusted: an intercepting proxy, or a private authority that was
     * not configured.
     */
    CERTIFICATE_UNTRUSTED,

    /**
     * The server sent its own certificate without the intermediate certificate that a public authority signed it with.
     * Its administrator has to install the whole chain.
     */
    CERTIFICATE_CHAIN_INCOMPLETE,

    /** A key or a signature in the chain is of a kind that is not accepted any more: RSA under 2048 bits, SHA-1. */
    CERTIFICATE_TOO_WEAK,

    /** The certificate has expired (or this device's clock is ahead). */
    CERTIFICATE_EXPIRED,

    /** The certificate is not valid yet (or this device's clock is behind). */
    CERTIFICATE_NOT_YET_VALID,

    /** The certificate is for another host. */
    CERTIFICATE_WRONG_HOST,

    /** The chain is trusted but contains none of the pinned keys. */
    CERTIFICATE_NOT_PINNED,

    /** The server and this device have no TLS version or no cipher suite in common. */
    TLS_INCOMPATIBLE,

    /** The TLS handshake failed for another reason. */
    TLS_FAILED,

    /** The answer was longer than any answer of the protocol. */
    ANSWER_TOO_LONG,

    /** The answer is not HTTP, or not readable. */
    ANSWER_UNREADABLE,

    /** The app's own code failed. */
    CALLBACK_FAILED,
    ;

    /** A stable code, the same in every language and version, for example `timed_out`. */
    public val code: String get() = codeOf(this)

    /** What went wrong, as an English sentence for a developer. Never show it to a payer. */
    public val detail: String get() = bridged { failureMessage(toFfi()) }
}

/** The payment scheme a card belongs to, by its issuer's range. */
public enum class CardBrand {
    /** Visa. */
    VISA,

    /** Mastercard. */
    MASTERCARD,

    /** American Express. */
    AMEX,

    /** Discover. */
    DISCOVER,

    /** Diners Club. */
    DINERS,

    /** JCB. */
    JCB,

    /** UnionPay. */
    UNION_PAY,

    /** Maestro. */
    MAESTRO,

    /** Mir. */
    MIR,

    /** Troy. */
    TROY,

    /** RuPay. */
    RU_PAY,

    /** Elo. */
    ELO,

    /** Hipercard. */
    HIPERCARD,

    /** Uzcard. */
    UZCARD,

    /** Humo. */
    HUMO,

    /** Belkart. */
    BELKART,

    /** Napas. */
    NAPAS,

    /** Verve. */
    VERVE,

    /** Dankort, without another brand on the card. */
    DANKORT,

    /** UATP (Universal Air Travel Plan). */
    UATP,

    /** Meeza. */
    MEEZA,

    /** A brand that this version does not know. Not an error. */
    UNKNOWN,
}

/** The code of a constant: its name in lower case. All languages use the same codes. */
@JvmSynthetic
internal fun codeOf(constant: Enum<*>): String = constant.name.lowercase(Locale.ROOT)
