//! Check sale: the gateway asks the merchant whether it knows the session, and judges the answer strictly. A failed
//! check is a declined sale with one of the "acknowledgement" codes.

use serde_json::{Value, json};

use super::{
    State,
    merchant_call::CallFailure,
    sale::{Sale, Source},
};
use crate::{
    error::SandboxError,
    protocol::{
        diagram::{Exchange, Party},
        fields::{Complaint, Fields},
        signature::{CheckText, Signed as _, same},
    },
    script::outcome::Decline,
};

const CHECK: Exchange = Exchange {
    name: "check sale",
    asks: Party::Gateway,
    answers: Party::Merchant,
    step: Some(8),
};

/// What a good answer says.
struct CheckAnswer {
    invoice_id: String,
    signature: String,
    nonce: String,
    token: String,
    email: Option<String>,
    server_card_id: Option<String>,
}

/// Asks the merchant. A decline if it does not stand by the sale.
pub(super) async fn check_sale(gateway: &State, sale: &Sale) -> Result<(), Decline> {
    let stage = &gateway.stage;
    stage.saw_request(CHECK, Some(&sale.invoice_id), "");
    let answer = gateway
        .merchant
        .post(
            (CHECK, &sale.invoice_id),
            &gateway.merchant.server().paths().check,
            &request(sale),
        )
        .await;
    let verdict = match answer {
        Ok(fields) => match read(&fields) {
            Ok(answer) => judge(gateway, sale, &answer),
            Err(Complaint(rule)) => Err(Objection::new(INVALID_RESPONSE, rule)),
        },
        Err(failure) => Err(match failure {
            CallFailure::Network(cause) => Objection::new(NETWORK_ERROR, cause),
            CallFailure::Refused(cause) => Objection::new(CALL_ERROR, cause),
            CallFailure::Unreadable(cause) => Objection::new(INVALID_RESPONSE, format!("no JSON object: {cause}")),
        }),
    };
    let detail = match &verdict {
        Ok(()) => "accepted".to_owned(),
        Err(objection) => objection.in_full(),
    };
    sale.progress().is_checked |= verdict.is_ok();
    stage.saw_answer(CHECK, Some(&sale.invoice_id), detail);
    verdict.map_err(|objection| objection.decline())
}

/// A code of the gateway's internal errors, and the protocol's word for it.
type Reason = (i64, &'static str);

const NETWORK_ERROR: Reason = (117, "ACKNOWLEDGEMENT_CALL_NETWORK_ERROR");
const CALL_ERROR: Reason = (118, "ACKNOWLEDGEMENT_CALL_ERROR");
const INVALID_RESPONSE: Reason = (119, "ACKNOWLEDGEMENT_INVALID_RESPONSE");
const VALIDATION_ERROR: Reason = (120, "ACKNOWLEDGEMENT_VALIDATION_ERROR");
const NOT_FOUND: Reason = (121, "CARD_DATA_NOT_FOUND");
const NOT_READ: Reason = (122, "CARD_DATA_RETRIEVAL_ERROR");

/// The longest `errorMessage`.
const LONGEST_MESSAGE: usize = 128;

/// What is wrong with the merchant's answer, and the cause.
struct Objection {
    reason: Reason,
    cause: String,
    /// The cause for a developer, where the app gets less.
    at_length: Option<String>,
}

impl Objection {
    fn new(reason: Reason, cause: impl Into<String>) -> Self {
        Self {
            reason,
            cause: cause.into(),
            at_length: None,
        }
    }

    /// What a developer reads on the console and in the inspector.
    fn in_full(&self) -> String {
        let (code, word) = self.reason;
        format!("{code}: {word}: {}", self.at_length.as_ref().unwrap_or(&self.cause))
    }

    /// What the sale ends with. The reason comes first, so that an app can tell 119 from an issuer's 119.
    fn decline(&self) -> Decline {
        let (code, word) = self.reason;
        let message = format!("{word}: {}", self.cause);
        Decline::new(code, message.chars().take(LONGEST_MESSAGE).collect::<String>())
    }
}

fn request(sale: &Sale) -> Value {
    let mut body = json!({
        "consumer": {"device": {"serialNumber": sale.serial_number}},
        "session": {
            "accessToken": sale.access_token,
            "nonce": sale.nonce,
            "signature": sale.signature,
            "token": sale.token,
        },
    });
    if let Source::Reference { client_card_id } = &sale.source {
        body["sourceOfFunds"] = json!({"reference": {"clientCardId": client_card_id}});
    }
    body
}

fn read(body: &Fields) -> Result<CheckAnswer, Complaint> {
    Ok(CheckAnswer {
        invoice_id: body.text("invoiceId", 1, 64)?,
        signature: body.text("session.checkSignature", 1, 128)?,
        nonce: body.text("session.nonce", 1, 128)?,
        token: body.text("session.token", 1, 128)?,
        email: body.optional_text("consumer.email", 3, 128)?,
        server_card_id: body.optional_text("sourceOfFunds.reference.serverCardId", 1, 64)?,
    })
}

fn judge(gateway: &State, sale: &Sale, answer: &CheckAnswer) -> Result<(), Objection> {
    let wrong = |what: &str| Objection::new(VALIDATION_ERROR, what);
    let differs = |path: &str, received: &str, expected: &str| {
        let start = |text: &str| text.chars().take(12).collect::<String>();
        Objection {
            at_length: Some(format!("{path} is {received}, expected {expected}")),
            ..wrong(&format!(
                "{path} is {}…, expected {}…",
                start(received),
                start(expected)
            ))
        }
    };
    let signed = CheckText {
        serial_number: &sale.serial_number,
        nonce: &sale.nonce,
        endpoint_id: &gateway.stage.config.endpoint_id,
        invoice_id: &sale.invoice_id,
        server_card_id: answer.server_card_id.as_deref(),
    };
    if answer.invoice_id != sale.invoice_id {
        return Err(differs("invoiceId", &answer.invoice_id, &sale.invoice_id));
    }
    if !same(&answer.nonce, &sale.nonce) {
        return Err(differs("session.nonce", &answer.nonce, &sale.nonce));
    }
    if !same(&answer.token, &sale.token) {
        return Err(differs("session.token", &answer.token, &sale.token));
    }
    if !gateway.stage.key.verify(&signed, &answer.signature) {
        let expected = gateway.stage.key.sign(&signed, gateway.stage.config.hex_case);
        let mut objection = differs("session.checkSignature", &answer.signature, &expected);
        let text = signed.signed_text();
        objection.at_length = objection.at_length.map(|said| format!("{said}, over the text {text}"));
        return Err(objection);
    }
    match (&sale.source, &answer.server_card_id) {
        (Source::Card(_), _) => match (&sale.email, &answer.email) {
            (Some(ours), Some(theirs)) if ours != theirs => Err(wrong("another e-mail")),
            _ => Ok(()),
        },
        (Source::Reference { .. }, None) => Err(wrong("no server card id for the client card id")),
        (Source::Reference { .. }, Some(server_card_id)) => judge_reference(gateway, sale, answer, server_card_id)
            .unwrap_or_else(|_: SandboxError| Err(Objection::new(NOT_READ, "the card could not be read"))),
    }
}

/// A repeat sale: the reference must be ours, and the e-mail of its mapping transaction must be in both messages.
fn judge_reference(
    gateway: &State,
    sale: &Sale,
    answer: &CheckAnswer,
    server_card_id: &str,
) -> Result<Result<(), Objection>, SandboxError> {
    if gateway.vault.find(server_card_id)?.is_none() {
        return Ok(Err(Objection::new(
            NOT_FOUND,
            "serverCardId is none that this gateway gave",
        )));
    }
    let mapped = gateway.vault.mapped_email(server_card_id, &sale.serial_number)?;
    Ok(match mapped {
        Some(mapped) if sale.email.as_ref() != Some(&mapped) => Err(Objection::new(
            VALIDATION_ERROR,
            "the perform request lacks, or differs from, the e-mail of the mapped card",
        )),
        Some(mapped) if answer.email.as_ref() != Some(&mapped) => Err(Objection::new(
            VALIDATION_ERROR,
            "the check answer lacks, or differs from, the e-mail of the mapped card",
        )),
        _ => {
            sale.progress().server_card_id = Some(server_card_id.to_owned());
            Ok(())
        }
    })
}
