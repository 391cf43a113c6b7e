//! The codes of everything that has a sentence for the payer, and the groups of those sentences. The codes are written
//! out instead of being taken from the names of the cases: not every build of an app contains those names.

public import Foundation
public import SaleKitGenerated

extension Charge: Displayable {
    public var code: String {
        switch self {
        case .charged: "charged"
        case .notCharged: "not_charged"
        case .unknown: "unknown"
        }
    }

    public func displayMessage(in locale: Locale) -> String { Messages.of("charge.\(code)", in: locale) }
}

extension DeclineAdvice: Displayable {
    public var code: String {
        switch self {
        case .tryAnotherCard: "try_another_card"
        case .checkCardDetails: "check_card_details"
        case .checkSecurityCode: "check_security_code"
        case .authenticateAgain: "authenticate_again"
        case .contactBank: "contact_bank"
        case .retryLater: "retry_later"
        case .contactMerchant: "contact_merchant"
        }
    }

    public func displayMessage(in locale: Locale) -> String { Messages.of("advice.\(code)", in: locale) }
}

extension NotChargedReason: Displayable {
    public var code: String {
        switch self {
        case .cancelled: "cancelled"
        case .interrupted: "interrupted"
        case .accessTokenRefused: "access_token_refused"
        case .initiateRefused: "initiate_refused"
        case .merchantUnavailable: "merchant_unavailable"
        case .gatewayUnreachable: "gateway_unreachable"
        case .performRefused: "perform_refused"
        case .storageFailed: "storage_failed"
        case .invoiceInUse: "invoice_in_use"
        case .orderInUse: "order_in_use"
        case .invoiceVoided: "invoice_voided"
        }
    }

    public func displayMessage(in locale: Locale) -> String { Messages.of("not_charged.\(code)", in: locale) }
}

extension UnknownReason: Displayable {
    public var code: String {
        switch self {
        case .performAnswerLost: "perform_answer_lost"
        case .refusalUnconfirmed: "refusal_unconfirmed"
        case .stillProcessing: "still_processing"
        case .challengeUnfinished: "challenge_unfinished"
        case .statusUnavailable: "status_unavailable"
        case .stoppedWaiting: "stopped_waiting"
        case .engineStopped: "engine_stopped"
        }
    }

    public func displayMessage(in locale: Locale) -> String { Messages.of("unknown.\(code)", in: locale) }
}

extension UnknownAdvice: Displayable {
    public var code: String {
        switch self {
        case .resumeOrAskMerchant: "resume_or_ask_merchant"
        case .askMerchant: "ask_merchant"
        }
    }

    public func displayMessage(in locale: Locale) -> String { Messages.of("unknown_advice.\(code)", in: locale) }
}

/// The sentence of a field is its label.
extension CardField: Displayable {
    public var code: String {
        switch self {
        case .number: "number"
        case .expiry: "expiry"
        case .securityCode: "security_code"
        case .firstName: "first_name"
        case .lastName: "last_name"
        case .printedName: "printed_name"
        }
    }

    public func displayMessage(in locale: Locale) -> String { Messages.of("field.\(code)", in: locale) }
}

extension Validity {
    /// What the payer has to do, in the language of the app; `nil` if the field is usable as it is.
    public var displayMessage: String? { displayMessage(in: .current) }

    /// What the payer has to do, in the language of `locale`; `nil` if the field is usable as it is.
    public func displayMessage(in locale: Locale) -> String? {
        switch self {
        case .empty: Messages.of("validity.empty", in: locale)
        case .incomplete: Messages.of("validity.incomplete", in: locale)
        case .possible, .valid: nil
        case .invalid(let rule, _): Messages.of(rule: rule, in: locale)
        }
    }
}

/// What happened or what to do. A declined or unknown outcome gives the sentence of its advice. An outcome that is not
/// charged gives the sentence of its reason. An approved one says that the payment succeeded.
extension SaleOutcome: Displayable {
    public var code: String {
        switch self {
        case .approved: "approved"
        case .declined: "declined"
        case .notCharged: "not_charged"
        case .unknown: "unknown"
        }
    }

    public func displayMessage(in locale: Locale) -> String {
        switch self {
        case .approved: charge.displayMessage(in: locale)
        case .declined(let decline): decline.advice.displayMessage(in: locale)
        case .notCharged(let end): end.reason.displayMessage(in: locale)
        case .unknown(let end): end.advice.displayMessage(in: locale)
        }
    }
}

extension FailureKind {
    /// A stable code, the same in every language and version, for example `timed_out`.
    public var code: String {
        switch self {
        case .nameNotResolved: "name_not_resolved"
        case .notConnected: "not_connected"
        case .timedOut: "timed_out"
        case .connectionLost: "connection_lost"
        case .certificateUntrusted: "certificate_untrusted"
        case .certificateChainIncomplete: "certificate_chain_incomplete"
        case .certificateTooWeak: "certificate_too_weak"
        case .certificateExpired: "certificate_expired"
        case .certificateNotYetValid: "certificate_not_yet_valid"
        case .certificateWrongHost: "certificate_wrong_host"
        case .certificateNotPinned: "certificate_not_pinned"
        case .tlsIncompatible: "tls_incompatible"
        case .tlsFailed: "tls_failed"
        case .answerTooLong: "answer_too_long"
        case .answerUnreadable: "answer_unreadable"
        case .callbackFailed: "callback_failed"
        }
    }

    /// What went wrong, as an English sentence for a developer. Never show it to a payer.
    public var detail: String { (try? failureMessage(kind: self)) ?? code }
}
