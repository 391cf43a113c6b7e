//! Check sale: the gateway asks the merchant whether it knows the session, and judges the answer strictly. A failed
//! check is a declined sale with one of the "acknowledgement" codes.

use serde_json::{Value, json};

use super::{
    State,
    merchant_call::CallFailure,
    sale::{Sale, Source},
};
use crate::{
    SandboxError,
    fields::{Complaint, Fields},
    observation::Party,
    outcome::Decline,
    signature::{CheckText, same},
    stage::Exchange,
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
            &["sale", &sale.invoice_id, "check"],
            &request(sale),
        )
        .await;
    let verdict = match answer {
        Ok(fields) => match read(&fields) {
            Ok(answer) => judge(gateway, sale, &answer),
            Err(Complaint(rule)) => Err(Decline::new(119, format!("Invalid check sale response: {rule}"))),
        },
        Err(failure) => Err(match failure {
            CallFailure::Network => Decline::new(117, "Check sale call: network error"),
            CallFailure::Refused => Decline::new(118, "Check sale call: the server answered with an error"),
            CallFailure::Unreadable => Decline::new(119, "Invalid check sale response"),
        }),
    };
    let detail = match &verdict {
        Ok(()) => "accepted".to_owned(),
        Err(decline) => format!("{}: {}", decline.code, decline.message),
    };
    sale.progress().is_checked |= verdict.is_ok();
    stage.saw_answer(CHECK, Some(&sale.invoice_id), detail);
    verdict
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

fn judge(gateway: &State, sale: &Sale, answer: &CheckAnswer) -> Result<(), Decline> {
    let wrong = |what: &str| Decline::new(120, format!("Check sale validation: {what}"));
    let signed = CheckText {
        serial_number: &sale.serial_number,
        nonce: &sale.nonce,
        endpoint_id: &gateway.stage.config.endpoint_id,
        invoice_id: &sale.invoice_id,
        server_card_id: answer.server_card_id.as_deref(),
    };
    if answer.invoice_id != sale.invoice_id {
        return Err(wrong("another invoice"));
    }
    if !same(&answer.nonce, &sale.nonce) {
        return Err(wrong("another nonce"));
    }
    if !same(&answer.token, &sale.token) {
        return Err(wrong("another session token"));
    }
    if !gateway.stage.key.verify(&signed, &answer.signature) {
        return Err(wrong("wrong signature"));
    }
    match (&sale.source, &answer.server_card_id) {
        (Source::Card(_), _) => match (&sale.email, &answer.email) {
            (Some(ours), Some(theirs)) if ours != theirs => Err(wrong("another e-mail")),
            _ => Ok(()),
        },
        (Source::Reference { .. }, None) => Err(wrong("no server card id for the client card id")),
        (Source::Reference { .. }, Some(server_card_id)) => judge_reference(gateway, sale, answer, server_card_id)
            .unwrap_or_else(|_: SandboxError| Err(Decline::new(122, "Card data could not be read"))),
    }
}

/// A repeat sale: the reference must be ours, and the e-mail of its mapping transaction must be in both messages.
fn judge_reference(
    gateway: &State,
    sale: &Sale,
    answer: &CheckAnswer,
    server_card_id: &str,
) -> Result<Result<(), Decline>, SandboxError> {
    if gateway.vault.find(server_card_id)?.is_none() {
        return Ok(Err(Decline::new(121, "Card data not found")));
    }
    let mapped = gateway.vault.mapped_email(server_card_id, &sale.serial_number)?;
    Ok(match mapped {
        Some(mapped) if sale.email.as_ref() != Some(&mapped) => Err(Decline::new(
            120,
            "Check sale validation: the perform request lacks the e-mail of the mapped card",
        )),
        Some(mapped) if answer.email.as_ref() != Some(&mapped) => Err(Decline::new(
            120,
            "Check sale validation: the check answer lacks the e-mail of the mapped card",
        )),
        _ => {
            sale.progress().server_card_id = Some(server_card_id.to_owned());
            Ok(())
        }
    })
}
