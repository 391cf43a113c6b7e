//! A declined sale, and what the payer can do about it.
//!
//! The advice comes from the gateway's table of internal errors (`docs/protocol.md`, "Error codes") and from the issuers'
//! action codes in its test scenarios. Where both use the same number, the message decides.

use serde::{Deserialize, Serialize};

use crate::{
    json::{stored_struct, stored_words},
    wire::ThreeDSecureStatus,
};

/// What the gateway said about a declined sale.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Decline {
    /// `invoiceId`: the merchant's id of the sale.
    pub invoice_id: String,
    /// `orderId`: the gateway's id of the sale.
    pub order_id: Option<String>,
    /// `bankOrderId`: the bank's id of the sale.
    pub bank_order_id: Option<String>,
    /// `errorCode`, if the gateway sent it.
    pub error_code: Option<i64>,
    /// `errorMessage`, if the gateway sent it, in the gateway's language.
    pub gateway_message: Option<String>,
    /// `secure3DAuthStatus`.
    pub three_d_secure: Option<ThreeDSecureStatus>,
    /// What the payer can do.
    pub advice: DeclineAdvice,
}

stored_struct!(Decline {
    invoice_id,
    order_id,
    bank_order_id,
    error_code,
    gateway_message,
    three_d_secure,
    advice
});

/// What the payer can do after a decline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum DeclineAdvice {
    /// This card cannot be used; another one may work.
    TryAnotherCard,
    /// A card detail was mistyped.
    CheckCardDetails,
    /// The security code was wrong.
    CheckSecurityCode,
    /// The issuer did not accept the authentication. Try once more.
    AuthenticateAgain,
    /// The issuer refuses, and only the issuer can say why.
    ContactBank,
    /// A temporary failure between merchant, gateway and bank.
    RetryLater,
    /// The merchant's set-up is wrong. The payer can do nothing about it.
    ContactMerchant,
}

impl DeclineAdvice {
    /// The advice for a decline with this `errorCode` and `errorMessage`.
    pub fn for_code(code: Option<i64>, message: Option<&str>) -> Self {
        let Some(code) = code else { return Self::TryAnotherCard };
        match code {
            // BAD_CREDIT_CARD_NUMBER, NO_CARD_PRINTED_NAME, CARD_NUMBER_ERROR
            8 | 10 | 105 => Self::CheckCardDetails,
            // BAD_CREDIT_CARD_CVV
            9 => Self::CheckSecurityCode,
            // Issuers use 119 for "not permitted to cardholder", gateways for ACKNOWLEDGEMENT_INVALID_RESPONSE.
            119 if !speaks_of_the_check(message) => Self::ContactBank,
            // MALFORMED_REQUEST … ENDPOINT and MERCHANT errors, the merchant's answer to check sale, the callback URL
            1..=7 | 17 | 117..=120 | 123 => Self::ContactMerchant,
            // CREATE_ORDER, SESSION and CARD_DATA errors, order and session creation, filters, SYSTEM_UNAVAILABLE
            102..=104 | 106 | 121 | 122 | 1001..=1004 | 1007 | 1013 => Self::RetryLater,
            // PROCESSING_EMPTY_GATES_LIST: no processor takes this kind of card; FILTERING_IS_FAILED
            1005 | 1006 => Self::TryAnotherCard,
            // PAYMENT_FORM_CANCELED, SECURE_3D_FAILED, RANDOM_SUM and PHONE checks, SECURE_3D_TIMEOUT
            501 | 1008..=1012 | 1015 => Self::AuthenticateAgain,
            // CARDNO_ENROLLED, MPI, ECI and CAVV checks: 3-D Secure failed for this card
            1014 | 1016..=1018 => Self::TryAnotherCard,
            // GATE_DESCRIPTOR checks
            1019 | 1020 => Self::ContactBank,
            // Issuers: expired card, insufficient funds
            101 | 116 => Self::TryAnotherCard,
            // Issuers: pick up the card (200–299 of ISO 8583:1993 are "do not honour and keep the card")
            200..=299 => Self::ContactBank,
            _ => Self::TryAnotherCard,
        }
    }

    /// The advice as an English sentence for the payer, from `bindings/messages/en.json`.
    pub const fn message(self) -> &'static str {
        match self {
            Self::TryAnotherCard => "Please try another card.",
            Self::CheckCardDetails => "Please check the card details and try again.",
            Self::CheckSecurityCode => "Please check the security code and try again.",
            Self::AuthenticateAgain => "Your bank could not confirm your identity. Please try again.",
            Self::ContactBank => "Your bank declined the payment. Please contact your bank or use another card.",
            Self::RetryLater => "The payment could not be made right now. Please try again later.",
            Self::ContactMerchant => "The payment could not be made. Please contact the shop.",
        }
    }
}

fn speaks_of_the_check(message: Option<&str>) -> bool {
    message.is_some_and(|message| message.to_ascii_lowercase().contains("acknowledg"))
}

stored_words!(DeclineAdvice {
    TryAnotherCard,
    CheckCardDetails,
    CheckSecurityCode,
    AuthenticateAgain,
    ContactBank,
    RetryLater,
    ContactMerchant,
});

#[cfg(test)]
mod tests {
    use super::DeclineAdvice;

    #[test]
    fn the_message_decides_for_a_number_in_two_tables() {
        assert_eq!(
            DeclineAdvice::for_code(Some(119), Some("Not permitted to cardholder")),
            DeclineAdvice::ContactBank
        );
        assert_eq!(
            DeclineAdvice::for_code(Some(119), Some("ACKNOWLEDGEMENT_INVALID_RESPONSE")),
            DeclineAdvice::ContactMerchant
        );
    }

    #[test]
    fn the_tables_give_the_advice_a_cashier_would_give() {
        for (code, advice) in [
            (9, DeclineAdvice::CheckSecurityCode),
            (8, DeclineAdvice::CheckCardDetails),
            (101, DeclineAdvice::TryAnotherCard),
            (116, DeclineAdvice::TryAnotherCard),
            (209, DeclineAdvice::ContactBank),
            (1008, DeclineAdvice::AuthenticateAgain),
            (1015, DeclineAdvice::AuthenticateAgain),
            (1013, DeclineAdvice::RetryLater),
            (117, DeclineAdvice::ContactMerchant),
            (987_654, DeclineAdvice::TryAnotherCard),
        ] {
            assert_eq!(DeclineAdvice::for_code(Some(code), None), advice, "{code}");
        }
        assert_eq!(DeclineAdvice::for_code(None, None), DeclineAdvice::TryAnotherCard);
    }
}
