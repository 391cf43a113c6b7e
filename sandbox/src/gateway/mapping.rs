//! Sale card mapping notification: after an approval, before its final status, the merchant learns the card's
//! references. The sale does not depend on it.

use serde_json::{Value, json};

use super::{
    State,
    merchant_call::CallFailure,
    sale::{Sale, Source},
    vault::CardReference,
};
use crate::{
    error::SandboxError,
    protocol::{
        diagram::{Exchange, Party},
        fields::{Complaint, Fields},
        signature::{MappingText, same},
    },
};

const MAPPING: Exchange = Exchange {
    name: "sale card mapping notification",
    asks: Party::Gateway,
    answers: Party::Merchant,
    step: Some(19),
};

/// Tells the merchant; a merchant that does not take it is only reported.
pub(super) async fn notify(gateway: &State, sale: &Sale) {
    let stage = &gateway.stage;
    let invoice_id = Some(sale.invoice_id.as_str());
    stage.saw_request(MAPPING, invoice_id, "");
    let reference = match reference(gateway, sale) {
        Ok(reference) => reference,
        Err(_) => return stage.saw_answer(MAPPING, invoice_id, "not sent: the card could not be stored"),
    };
    let answer = gateway
        .merchant
        .post(
            (MAPPING, &sale.invoice_id),
            &gateway.merchant.server().paths().notification,
            &request(sale, reference.as_ref()),
        )
        .await;
    let detail = match answer
        .map_err(CallFailure::describe)
        .and_then(|fields| judge(gateway, sale, &fields))
    {
        Ok(()) => "accepted".to_owned(),
        Err(reason) => reason,
    };
    stage.saw_answer(MAPPING, invoice_id, detail);
}

/// The references of the sale's card; a card given in full gets them here.
fn reference(gateway: &State, sale: &Sale) -> Result<Option<CardReference>, SandboxError> {
    match &sale.source {
        Source::Card(card) => gateway
            .vault
            .issue(card, &sale.serial_number, sale.email.as_deref())
            .map(Some),
        Source::Reference { .. } => {
            let server_card_id = sale.progress().server_card_id.clone();
            server_card_id.map_or(Ok(None), |id| gateway.vault.find(&id))
        }
    }
}

fn request(sale: &Sale, reference: Option<&CardReference>) -> Value {
    let mut body = json!({
        "consumer": {"device": {"serialNumber": sale.serial_number}},
        "session": {"accessToken": sale.access_token, "token": sale.token},
    });
    if let Some(reference) = reference {
        body["sourceCard"] = json!({
            "bin": reference.bin.parse::<u32>().unwrap_or_default(),
            "reference": {
                "serverCardId": reference.server_card_id,
                "uniqueReferenceCardId": reference.unique_reference,
            },
        });
    }
    body
}

fn judge(gateway: &State, sale: &Sale, answer: &Fields) -> Result<(), String> {
    let text = |path| {
        answer
            .text(path, 1, 128)
            .map_err(|Complaint(rule)| format!("an incomplete answer: {rule}"))
    };
    let signed = MappingText {
        nonce: &sale.nonce,
        endpoint_id: &gateway.stage.config.endpoint_id,
        invoice_id: &sale.invoice_id,
    };
    if text("invoiceId")? != sale.invoice_id || !same(&text("session.token")?, &sale.token) {
        return Err("an answer about another sale".to_owned());
    }
    if !same(&text("session.nonce")?, &sale.nonce) {
        return Err("another nonce".to_owned());
    }
    let received = text("session.checkSignature")?;
    if !gateway.stage.key.verify(&signed, &received) {
        let expected = gateway.stage.key.sign(&signed, gateway.stage.config.hex_case);
        return Err(format!(
            "a wrong signature: session.checkSignature is {received}, expected {expected}"
        ));
    }
    Ok(())
}
