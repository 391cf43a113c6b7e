// Converts each enumeration of the contract to the public one of the same name, and back. The `when`s have no `else`,
// so a constant that only one of the two has does not compile.

package dev.salekit

import dev.salekit.ffi.CardBrand as FfiCardBrand
import dev.salekit.ffi.CardField as FfiCardField
import dev.salekit.ffi.Charge as FfiCharge
import dev.salekit.ffi.DeclineAdvice as FfiDeclineAdvice
import dev.salekit.ffi.FailureKind as FfiFailureKind
import dev.salekit.ffi.HolderFields as FfiHolderFields
import dev.salekit.ffi.LogLevel as FfiLogLevel
import dev.salekit.ffi.Masking as FfiMasking
import dev.salekit.ffi.NotChargedReason as FfiNotChargedReason
import dev.salekit.ffi.PacingProfile as FfiPacingProfile
import dev.salekit.ffi.StoreLock as FfiStoreLock
import dev.salekit.ffi.UnknownAdvice as FfiUnknownAdvice
import dev.salekit.ffi.UnknownReason as FfiUnknownReason

@JvmSynthetic
internal fun FfiCharge.toPublic(): Charge = when (this) {
    FfiCharge.CHARGED -> Charge.CHARGED
    FfiCharge.NOT_CHARGED -> Charge.NOT_CHARGED
    FfiCharge.UNKNOWN -> Charge.UNKNOWN
}

@JvmSynthetic
internal fun Charge.toFfi(): FfiCharge = when (this) {
    Charge.CHARGED -> FfiCharge.CHARGED
    Charge.NOT_CHARGED -> FfiCharge.NOT_CHARGED
    Charge.UNKNOWN -> FfiCharge.UNKNOWN
}

@JvmSynthetic
internal fun FfiDeclineAdvice.toPublic(): DeclineAdvice = when (this) {
    FfiDeclineAdvice.TRY_ANOTHER_CARD -> DeclineAdvice.TRY_ANOTHER_CARD
    FfiDeclineAdvice.CHECK_CARD_DETAILS -> DeclineAdvice.CHECK_CARD_DETAILS
    FfiDeclineAdvice.CHECK_SECURITY_CODE -> DeclineAdvice.CHECK_SECURITY_CODE
    FfiDeclineAdvice.AUTHENTICATE_AGAIN -> DeclineAdvice.AUTHENTICATE_AGAIN
    FfiDeclineAdvice.CONTACT_BANK -> DeclineAdvice.CONTACT_BANK
    FfiDeclineAdvice.RETRY_LATER -> DeclineAdvice.RETRY_LATER
    FfiDeclineAdvice.CONTACT_MERCHANT -> DeclineAdvice.CONTACT_MERCHANT
}

@JvmSynthetic
internal fun DeclineAdvice.toFfi(): FfiDeclineAdvice = when (this) {
    DeclineAdvice.TRY_ANOTHER_CARD -> FfiDeclineAdvice.TRY_ANOTHER_CARD
    DeclineAdvice.CHECK_CARD_DETAILS -> FfiDeclineAdvice.CHECK_CARD_DETAILS
    DeclineAdvice.CHECK_SECURITY_CODE -> FfiDeclineAdvice.CHECK_SECURITY_CODE
    DeclineAdvice.AUTHENTICATE_AGAIN -> FfiDeclineAdvice.AUTHENTICATE_AGAIN
    DeclineAdvice.CONTACT_BANK -> FfiDeclineAdvice.CONTACT_BANK
    DeclineAdvice.RETRY_LATER -> FfiDeclineAdvice.RETRY_LATER
    DeclineAdvice.CONTACT_MERCHANT -> FfiDeclineAdvice.CONTACT_MERCHANT
}

@JvmSynthetic
internal fun FfiNotChargedReason.toPublic(): NotChargedReason = when (this) {
    FfiNotChargedReason.CANCELLED -> NotChargedReason.CANCELLED
    FfiNotChargedReason.INTERRUPTED -> NotChargedReason.INTERRUPTED
    FfiNotChargedReason.ACCESS_TOKEN_REFUSED -> NotChargedReason.ACCESS_TOKEN_REFUSED
    FfiNotChargedReason.INITIATE_REFUSED -> NotChargedReason.INITIATE_REFUSED
    FfiNotChargedReason.MERCHANT_UNAVAILABLE -> NotChargedReason.MERCHANT_UNAVAILABLE
    FfiNotChargedReason.GATEWAY_UNREACHABLE -> NotChargedReason.GATEWAY_UNREACHABLE
    FfiNotChargedReason.PERFORM_REFUSED -> NotChargedReason.PERFORM_REFUSED
    FfiNotChargedReason.STORAGE_FAILED -> NotChargedReason.STORAGE_FAILED
    FfiNotChargedReason.INVOICE_IN_USE -> NotChargedReason.INVOICE_IN_USE
    FfiNotChargedReason.ORDER_IN_USE -> NotChargedReason.ORDER_IN_USE
    FfiNotChargedReason.INVOICE_VOIDED -> NotChargedReason.INVOICE_VOIDED
}

@JvmSynthetic
internal fun NotChargedReason.toFfi(): FfiNotChargedReason = when (this) {
    NotChargedReason.CANCELLED -> FfiNotChargedReason.CANCELLED
    NotChargedReason.INTERRUPTED -> FfiNotChargedReason.INTERRUPTED
    NotChargedReason.ACCESS_TOKEN_REFUSED -> FfiNotChargedReason.ACCESS_TOKEN_REFUSED
    NotChargedReason.INITIATE_REFUSED -> FfiNotChargedReason.INITIATE_REFUSED
    NotChargedReason.MERCHANT_UNAVAILABLE -> FfiNotChargedReason.MERCHANT_UNAVAILABLE
    NotChargedReason.GATEWAY_UNREACHABLE -> FfiNotChargedReason.GATEWAY_UNREACHABLE
    NotChargedReason.PERFORM_REFUSED -> FfiNotChargedReason.PERFORM_REFUSED
    NotChargedReason.STORAGE_FAILED -> FfiNotChargedReason.STORAGE_FAILED
    NotChargedReason.INVOICE_IN_USE -> FfiNotChargedReason.INVOICE_IN_USE
    NotChargedReason.ORDER_IN_USE -> FfiNotChargedReason.ORDER_IN_USE
    NotChargedReason.INVOICE_VOIDED -> FfiNotChargedReason.INVOICE_VOIDED
}

@JvmSynthetic
internal fun FfiUnknownReason.toPublic(): UnknownReason = when (this) {
    FfiUnknownReason.PERFORM_ANSWER_LOST -> UnknownReason.PERFORM_ANSWER_LOST
    FfiUnknownReason.REFUSAL_UNCONFIRMED -> UnknownReason.REFUSAL_UNCONFIRMED
    FfiUnknownReason.STILL_PROCESSING -> UnknownReason.STILL_PROCESSING
    FfiUnknownReason.CHALLENGE_UNFINISHED -> UnknownReason.CHALLENGE_UNFINISHED
    FfiUnknownReason.STATUS_UNAVAILABLE -> UnknownReason.STATUS_UNAVAILABLE
    FfiUnknownReason.STOPPED_WAITING -> UnknownReason.STOPPED_WAITING
    FfiUnknownReason.ENGINE_STOPPED -> UnknownReason.ENGINE_STOPPED
}

@JvmSynthetic
internal fun UnknownReason.toFfi(): FfiUnknownReason = when (this) {
    UnknownReason.PERFORM_ANSWER_LOST -> FfiUnknownReason.PERFORM_ANSWER_LOST
    UnknownReason.REFUSAL_UNCONFIRMED -> FfiUnknownReason.REFUSAL_UNCONFIRMED
    UnknownReason.STILL_PROCESSING -> FfiUnknownReason.STILL_PROCESSING
    UnknownReason.CHALLENGE_UNFINISHED -> FfiUnknownReason.CHALLENGE_UNFINISHED
    UnknownReason.STATUS_UNAVAILABLE -> FfiUnknownReason.STATUS_UNAVAILABLE
    UnknownReason.STOPPED_WAITING -> FfiUnknownReason.STOPPED_WAITING
    UnknownReason.ENGINE_STOPPED -> FfiUnknownReason.ENGINE_STOPPED
}

@JvmSynthetic
internal fun FfiUnknownAdvice.toPublic(): UnknownAdvice = when (this) {
    FfiUnknownAdvice.RESUME_OR_ASK_MERCHANT -> UnknownAdvice.RESUME_OR_ASK_MERCHANT
    FfiUnknownAdvice.ASK_MERCHANT -> UnknownAdvice.ASK_MERCHANT
}

@JvmSynthetic
internal fun UnknownAdvice.toFfi(): FfiUnknownAdvice = when (this) {
    UnknownAdvice.RESUME_OR_ASK_MERCHANT -> FfiUnknownAdvice.RESUME_OR_ASK_MERCHANT
    UnknownAdvice.ASK_MERCHANT -> FfiUnknownAdvice.ASK_MERCHANT
}

@JvmSynthetic
internal fun FfiFailureKind.toPublic(): FailureKind = when (this) {
    FfiFailureKind.NAME_NOT_RESOLVED -> FailureKind.NAME_NOT_RESOLVED
    FfiFailureKind.NOT_CONNECTED -> FailureKind.NOT_CONNECTED
    FfiFailureKind.TIMED_OUT -> FailureKind.TIMED_OUT
    FfiFailureKind.CONNECTION_LOST -> FailureKind.CONNECTION_LOST
    FfiFailureKind.CERTIFICATE_UNTRUSTED -> FailureKind.CERTIFICATE_UNTRUSTED
    FfiFailureKind.CERTIFICATE_CHAIN_INCOMPLETE -> FailureKind.CERTIFICATE_CHAIN_INCOMPLETE
    FfiFailureKind.CERTIFICATE_TOO_WEAK -> FailureKind.CERTIFICATE_TOO_WEAK
    FfiFailureKind.CERTIFICATE_EXPIRED -> FailureKind.CERTIFICATE_EXPIRED
    FfiFailureKind.CERTIFICATE_NOT_YET_VALID -> FailureKind.CERTIFICATE_NOT_YET_VALID
    FfiFailureKind.CERTIFICATE_WRONG_HOST -> FailureKind.CERTIFICATE_WRONG_HOST
    FfiFailureKind.CERTIFICATE_NOT_PINNED -> FailureKind.CERTIFICATE_NOT_PINNED
    FfiFailureKind.TLS_INCOMPATIBLE -> FailureKind.TLS_INCOMPATIBLE
    FfiFailureKind.TLS_FAILED -> FailureKind.TLS_FAILED
    FfiFailureKind.ANSWER_TOO_LONG -> FailureKind.ANSWER_TOO_LONG
    FfiFailureKind.ANSWER_UNREADABLE -> FailureKind.ANSWER_UNREADABLE
    FfiFailureKind.CALLBACK_FAILED -> FailureKind.CALLBACK_FAILED
}

@JvmSynthetic
internal fun FailureKind.toFfi(): FfiFailureKind = when (this) {
    FailureKind.NAME_NOT_RESOLVED -> FfiFailureKind.NAME_NOT_RESOLVED
    FailureKind.NOT_CONNECTED -> FfiFailureKind.NOT_CONNECTED
    FailureKind.TIMED_OUT -> FfiFailureKind.TIMED_OUT
    FailureKind.CONNECTION_LOST -> FfiFailureKind.CONNECTION_LOST
    FailureKind.CERTIFICATE_UNTRUSTED -> FfiFailureKind.CERTIFICATE_UNTRUSTED
    FailureKind.CERTIFICATE_CHAIN_INCOMPLETE -> FfiFailureKind.CERTIFICATE_CHAIN_INCOMPLETE
    FailureKind.CERTIFICATE_TOO_WEAK -> FfiFailureKind.CERTIFICATE_TOO_WEAK
    FailureKind.CERTIFICATE_EXPIRED -> FfiFailureKind.CERTIFICATE_EXPIRED
    FailureKind.CERTIFICATE_NOT_YET_VALID -> FfiFailureKind.CERTIFICATE_NOT_YET_VALID
    FailureKind.CERTIFICATE_WRONG_HOST -> FfiFailureKind.CERTIFICATE_WRONG_HOST
    FailureKind.CERTIFICATE_NOT_PINNED -> FfiFailureKind.CERTIFICATE_NOT_PINNED
    FailureKind.TLS_INCOMPATIBLE -> FfiFailureKind.TLS_INCOMPATIBLE
    FailureKind.TLS_FAILED -> FfiFailureKind.TLS_FAILED
    FailureKind.ANSWER_TOO_LONG -> FfiFailureKind.ANSWER_TOO_LONG
    FailureKind.ANSWER_UNREADABLE -> FfiFailureKind.ANSWER_UNREADABLE
    FailureKind.CALLBACK_FAILED -> FfiFailureKind.CALLBACK_FAILED
}

@JvmSynthetic
internal fun FfiCardBrand.toPublic(): CardBrand = when (this) {
    FfiCardBrand.VISA -> CardBrand.VISA
    FfiCardBrand.MASTERCARD -> CardBrand.MASTERCARD
    FfiCardBrand.AMEX -> CardBrand.AMEX
    FfiCardBrand.DISCOVER -> CardBrand.DISCOVER
    FfiCardBrand.DINERS -> CardBrand.DINERS
    FfiCardBrand.JCB -> CardBrand.JCB
    FfiCardBrand.UNION_PAY -> CardBrand.UNION_PAY
    FfiCardBrand.MAESTRO -> CardBrand.MAESTRO
    FfiCardBrand.MIR -> CardBrand.MIR
    FfiCardBrand.TROY -> CardBrand.TROY
    FfiCardBrand.RU_PAY -> CardBrand.RU_PAY
    FfiCardBrand.ELO -> CardBrand.ELO
    FfiCardBrand.HIPERCARD -> CardBrand.HIPERCARD
    FfiCardBrand.UZCARD -> CardBrand.UZCARD
    FfiCardBrand.HUMO -> CardBrand.HUMO
    FfiCardBrand.BELKART -> CardBrand.BELKART
    FfiCardBrand.NAPAS -> CardBrand.NAPAS
    FfiCardBrand.VERVE -> CardBrand.VERVE
    FfiCardBrand.DANKORT -> CardBrand.DANKORT
    FfiCardBrand.UATP -> CardBrand.UATP
    FfiCardBrand.MEEZA -> CardBrand.MEEZA
    FfiCardBrand.UNKNOWN -> CardBrand.UNKNOWN
}

@JvmSynthetic
internal fun CardBrand.toFfi(): FfiCardBrand = when (this) {
    CardBrand.VISA -> FfiCardBrand.VISA
    CardBrand.MASTERCARD -> FfiCardBrand.MASTERCARD
    CardBrand.AMEX -> FfiCardBrand.AMEX
    CardBrand.DISCOVER -> FfiCardBrand.DISCOVER
    CardBrand.DINERS -> FfiCardBrand.DINERS
    CardBrand.JCB -> FfiCardBrand.JCB
    CardBrand.UNION_PAY -> FfiCardBrand.UNION_PAY
    CardBrand.MAESTRO -> FfiCardBrand.MAESTRO
    CardBrand.MIR -> FfiCardBrand.MIR
    CardBrand.TROY -> FfiCardBrand.TROY
    CardBrand.RU_PAY -> FfiCardBrand.RU_PAY
    CardBrand.ELO -> FfiCardBrand.ELO
    CardBrand.HIPERCARD -> FfiCardBrand.HIPERCARD
    CardBrand.UZCARD -> FfiCardBrand.UZCARD
    CardBrand.HUMO -> FfiCardBrand.HUMO
    CardBrand.BELKART -> FfiCardBrand.BELKART
    CardBrand.NAPAS -> FfiCardBrand.NAPAS
    CardBrand.VERVE -> FfiCardBrand.VERVE
    CardBrand.DANKORT -> FfiCardBrand.DANKORT
    CardBrand.UATP -> FfiCardBrand.UATP
    CardBrand.MEEZA -> FfiCardBrand.MEEZA
    CardBrand.UNKNOWN -> FfiCardBrand.UNKNOWN
}

@JvmSynthetic
internal fun FfiCardField.toPublic(): CardField = when (this) {
    FfiCardField.NUMBER -> CardField.NUMBER
    FfiCardField.EXPIRY -> CardField.EXPIRY
    FfiCardField.SECURITY_CODE -> CardField.SECURITY_CODE
    FfiCardField.FIRST_NAME -> CardField.FIRST_NAME
    FfiCardField.LAST_NAME -> CardField.LAST_NAME
    FfiCardField.PRINTED_NAME -> CardField.PRINTED_NAME
}

@JvmSynthetic
internal fun CardField.toFfi(): FfiCardField = when (this) {
    CardField.NUMBER -> FfiCardField.NUMBER
    CardField.EXPIRY -> FfiCardField.EXPIRY
    CardField.SECURITY_CODE -> FfiCardField.SECURITY_CODE
    CardField.FIRST_NAME -> FfiCardField.FIRST_NAME
    CardField.LAST_NAME -> FfiCardField.LAST_NAME
    CardField.PRINTED_NAME -> FfiCardField.PRINTED_NAME
}

@JvmSynthetic
internal fun FfiHolderFields.toPublic(): HolderFields = when (this) {
    FfiHolderFields.PRINTED_NAME -> HolderFields.PRINTED_NAME
    FfiHolderFields.FIRST_AND_LAST_NAME -> HolderFields.FIRST_AND_LAST_NAME
}

@JvmSynthetic
internal fun HolderFields.toFfi(): FfiHolderFields = when (this) {
    HolderFields.PRINTED_NAME -> FfiHolderFields.PRINTED_NAME
    HolderFields.FIRST_AND_LAST_NAME -> FfiHolderFields.FIRST_AND_LAST_NAME
}

@JvmSynthetic
internal fun FfiMasking.toPublic(): Masking = when (this) {
    FfiMasking.AFTER_EDITING -> Masking.AFTER_EDITING
    FfiMasking.MASKED -> Masking.MASKED
    FfiMasking.HIDDEN -> Masking.HIDDEN
}

@JvmSynthetic
internal fun Masking.toFfi(): FfiMasking = when (this) {
    Masking.AFTER_EDITING -> FfiMasking.AFTER_EDITING
    Masking.MASKED -> FfiMasking.MASKED
    Masking.HIDDEN -> FfiMasking.HIDDEN
}

@JvmSynthetic
internal fun FfiPacingProfile.toPublic(): PacingProfile = when (this) {
    FfiPacingProfile.STRICT -> PacingProfile.STRICT
    FfiPacingProfile.BURST -> PacingProfile.BURST
    FfiPacingProfile.TEST -> PacingProfile.TEST
}

@JvmSynthetic
internal fun PacingProfile.toFfi(): FfiPacingProfile = when (this) {
    PacingProfile.STRICT -> FfiPacingProfile.STRICT
    PacingProfile.BURST -> FfiPacingProfile.BURST
    PacingProfile.TEST -> FfiPacingProfile.TEST
}

@JvmSynthetic
internal fun FfiLogLevel.toPublic(): LogLevel = when (this) {
    FfiLogLevel.ERROR -> LogLevel.ERROR
    FfiLogLevel.WARN -> LogLevel.WARN
    FfiLogLevel.INFO -> LogLevel.INFO
    FfiLogLevel.DEBUG -> LogLevel.DEBUG
    FfiLogLevel.TRACE -> LogLevel.TRACE
}

@JvmSynthetic
internal fun LogLevel.toFfi(): FfiLogLevel = when (this) {
    LogLevel.ERROR -> FfiLogLevel.ERROR
    LogLevel.WARN -> FfiLogLevel.WARN
    LogLevel.INFO -> FfiLogLevel.INFO
    LogLevel.DEBUG -> FfiLogLevel.DEBUG
    LogLevel.TRACE -> FfiLogLevel.TRACE
}

@JvmSynthetic
internal fun FfiStoreLock.toPublic(): StoreLock = when (this) {
    FfiStoreLock.HELD -> StoreLock.HELD
    FfiStoreLock.TAKEN -> StoreLock.TAKEN
    FfiStoreLock.UNSUPPORTED -> StoreLock.UNSUPPORTED
}

@JvmSynthetic
internal fun StoreLock.toFfi(): FfiStoreLock = when (this) {
    StoreLock.HELD -> FfiStoreLock.HELD
    StoreLock.TAKEN -> FfiStoreLock.TAKEN
    StoreLock.UNSUPPORTED -> FfiStoreLock.UNSUPPORTED
}
