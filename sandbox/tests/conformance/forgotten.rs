//! Mistakes of a server that forgets whose token, invoice or card it is, or what it answered before.

use salekit_sandbox::{Sandbox, SandboxConfig};
use serde_json::{Value, json};

use super::{
    bent::{Asked, Bend, Known, Told},
    mistakes::{Mistake, SERIAL, TOKEN, each},
};

/// A request about an invoice comes from the device that did not begin it.
fn is_of_stranger(asked: &Asked, known: &Known) -> bool {
    let owner = known.of(&asked.invoice_id, SERIAL);
    !owner.is_null() && owner != asked.body["consumer"]["device"]["serialNumber"]
}

fn without_email(told: &mut Told) {
    if let Some(members) = told.body.as_object_mut() {
        members.remove("consumer");
    }
}

fn client_card_id(asked: &Asked) -> &Value {
    &asked.body["sourceOfFunds"]["reference"]["clientCardId"]
}

const MISTAKES: &[Mistake] = &[
    (
        "binds no token to a device",
        Bend::Answer(|told, asked, known| {
            let token = &asked.body["session"]["accessToken"];
            if asked.is("initiate") && told.status == 403 && known.issued.contains(token) {
                *told = Told::ok(json!({}));
            }
        }),
        &["initiate.other_device"],
    ),
    (
        "takes a second session token for an invoice",
        Bend::Request(|asked, known| {
            if asked.is("check")
                && let Some(token) = known.tokens.get(&asked.invoice_id)
            {
                asked.set("/session/token", token.clone());
            }
        }),
        &["check.other_session_token"],
    ),
    (
        "names no e-mail in check sale",
        Bend::Answer(|told, asked, _| {
            if asked.is("check") && client_card_id(asked).is_null() {
                without_email(told);
            }
        }),
        &["check.email"],
    ),
    (
        "names no e-mail in a repeat sale",
        Bend::Answer(|told, asked, _| {
            if asked.is("check") && !client_card_id(asked).is_null() {
                without_email(told);
            }
        }),
        &["check.stored_card_email"],
    ),
    (
        "fails at a card that it does not know",
        Bend::Answer(|told, asked, known| {
            let card = client_card_id(asked);
            if asked.is("check") && !card.is_null() && !known.cards.contains(card) {
                told.status = 500;
            }
        }),
        &["check.unknown_card"],
    ),
    (
        "tells every device the session token",
        Bend::Answer(|told, asked, known| {
            if asked.is("token") && is_of_stranger(asked, known) {
                *told = Told::ok(json!({}));
            }
        }),
        &["session_token.other_device"],
    ),
    (
        "does not look at the access token when it is asked for the session token",
        Bend::Request(|asked, known| {
            if !is_of_stranger(asked, known) && asked.is("token") {
                let right = known.of(&asked.invoice_id, TOKEN);
                asked.set(TOKEN, right);
            }
        }),
        &["session_token.wrong_access_token"],
    ),
    (
        "tells a session token of invoices that it did not make",
        Bend::Answer(|told, asked, known| {
            if asked.is("token") && !known.sales.contains_key(&asked.invoice_id) {
                *told = Told::ok(json!({}));
            }
        }),
        &["session_token.unknown_invoice"],
    ),
    (
        "tells a card before it knows it",
        Bend::Answer(|told, asked, _| {
            if asked.is("card") && told.status == 404 && told.body["error"]["message"] == "not known yet" {
                *told = Told::ok(json!({}));
            }
        }),
        &["stored_card.before_notification"],
    ),
    (
        "tells every device the stored card",
        Bend::Answer(|told, asked, known| {
            if asked.is("card") && is_of_stranger(asked, known) {
                *told = Told::ok(json!({}));
            }
        }),
        &["stored_card.other_device"],
    ),
    (
        "gives a card another id at each notification",
        Bend::Answer(|told, asked, known| {
            if asked.is("card") && known.times(asked) > 0 {
                told.set("/sourceOfFunds/reference/clientCardId", "another");
            }
        }),
        &["mapping.same_client_card_id"],
    ),
    (
        "tells the gateway's id of the card as its own",
        Bend::Answer(|told, asked, known| {
            if asked.is("card")
                && let Some(id) = known.server_cards.first()
            {
                told.set("/sourceOfFunds/reference/clientCardId", id.clone());
            }
        }),
        // The sandbox's merchant behind it does not know that id.
        &["mapping.client_card_id_differs", "check.stored_card"],
    ),
    (
        "takes notifications at one path only",
        Bend::Instead(|asked, _| {
            let (status, body) = (404, json!({"error": {"cause": "INVALID_REQUEST"}}));
            (asked.is("mapping") && !asked.invoice_id.is_empty()).then_some(Told { status, body })
        }),
        &["mapping.with_invoice_path"],
    ),
    (
        "fails at another amount in a callback",
        Bend::Instead(|asked, _| {
            let (status, body) = (500, Value::Null);
            (asked.is("callback") && asked.query.contains("amount=10.51")).then_some(Told { status, body })
        }),
        &["callback.wrong_amount"],
    ),
    (
        "names no cause",
        Bend::Answer(|told, _, _| {
            if told.status >= 400 {
                told.body = json!({"message": "no"});
            }
        }),
        &["error.cause"],
    ),
];

#[tokio::test]
async fn what_is_forgotten_is_named_and_nothing_else() {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    each(&sandbox, MISTAKES).await;
    sandbox.shutdown().await;
}

#[tokio::test]
async fn an_approval_without_a_check_sale_need_not_be_taken() {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    let bend = Bend::Instead(|asked, _| asked.is("check").then(Told::refusal));
    let report = super::mistakes::run(&sandbox, bend).await;
    let callback = report.check("callback").unwrap();
    assert_eq!(
        (callback.result, callback.got.as_str()),
        (salekit_sandbox::CheckResult::Skipped, "needs check, which failed")
    );
    sandbox.shutdown().await;
}
