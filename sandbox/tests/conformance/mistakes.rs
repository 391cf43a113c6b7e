//! One mistake after the other, and which checks fail by it.

use salekit_sandbox::{ConformanceReport, MerchantCheck, Sandbox, SandboxConfig};
use serde_json::{Value, json};

use super::bent::{Asked, Bend, Known, Told, bent};

pub(crate) async fn run(sandbox: &Sandbox, bend: Bend) -> ConformanceReport {
    let server = bent(sandbox, bend).await;
    MerchantCheck::new(server).unwrap().run().await.unwrap()
}

fn forgive(message: &'static str, asked: &mut Asked, known: &Known, pointers: &[&str]) {
    if !asked.is(message) {
        return;
    }
    let invoice_id = match message {
        "check" => asked.invoice_id.clone(),
        _ => invoice_of(asked, known),
    };
    for pointer in pointers {
        let right = known.of(&invoice_id, pointer);
        if !right.is_null() {
            asked.set(pointer, right);
        }
    }
}

/// The invoice of a notification, by its session token.
fn invoice_of(asked: &Asked, known: &Known) -> String {
    let token = &asked.body["session"]["token"];
    let of_token = known.tokens.iter().find(|(_, of_sale)| *of_sale == token);
    of_token.map(|(invoice_id, _)| invoice_id.clone()).unwrap_or_default()
}

pub(crate) const TOKEN: &str = "/session/accessToken";
const NONCE: &str = "/session/nonce";
const SIGNATURE: &str = "/session/signature";
pub(crate) const SERIAL: &str = "/consumer/device/serialNumber";

/// What the server does, and the checks that fail by it: these and no others.
pub(crate) type Mistake = (&'static str, Bend, &'static [&'static str]);

const MISTAKES: &[Mistake] = &[
    (
        "takes any access token in initiate sale",
        Bend::Request(|asked, known| {
            if asked.is("initiate") && !known.issued.contains(&asked.body["session"]["accessToken"]) {
                asked.set(TOKEN, known.issued[0].clone());
            }
        }),
        &["initiate.wrong_access_token"],
    ),
    (
        "takes an amount of nothing",
        Bend::Request(|asked, _| {
            if asked.is("initiate") {
                asked.set("/transaction/amountCentis", 1_050.into());
            }
        }),
        &["initiate.invalid_amount"],
    ),
    (
        "refuses members that it does not know",
        Bend::Instead(|asked, _| (asked.is("initiate") && asked.body.get("x-unknown").is_some()).then(Told::refusal)),
        &["initiate.extra_members"],
    ),
    (
        "does not look at the access token in check sale",
        Bend::Request(|asked, known| forgive("check", asked, known, &[TOKEN])),
        &["check.wrong_access_token"],
    ),
    (
        "does not look at the nonce",
        Bend::Request(|asked, known| forgive("check", asked, known, &[NONCE])),
        &["check.wrong_nonce"],
    ),
    (
        "does not look at the serial number",
        Bend::Request(|asked, known| forgive("check", asked, known, &[SERIAL])),
        &["check.wrong_serial_number"],
    ),
    (
        "does not look at the signature",
        Bend::Request(|asked, known| forgive("check", asked, known, &[SIGNATURE])),
        &["check.wrong_signature"],
    ),
    (
        "looks at nothing in check sale but the invoice",
        Bend::Request(|asked, known| {
            forgive("check", asked, known, &[TOKEN, NONCE, SERIAL, SIGNATURE]);
            if asked.is("check")
                && let Some(token) = known.tokens.get(&asked.invoice_id)
            {
                asked.set("/session/token", token.clone());
            }
        }),
        &[
            "check.wrong_access_token",
            "check.wrong_nonce",
            "check.wrong_serial_number",
            "check.wrong_signature",
            "check.other_sale",
            "check.other_session_token",
        ],
    ),
    (
        "takes invoices that it did not make",
        Bend::Answer(|told, asked, known| {
            if asked.is("check") && !known.sales.contains_key(&asked.invoice_id) {
                *told = Told::ok(json!({"invoiceId": asked.invoice_id}));
            }
        }),
        &["check.unknown_invoice"],
    ),
    (
        "answers what is no JSON",
        Bend::Instead(|asked, _| (asked.is("check") && asked.body.is_null()).then(|| Told::ok(json!({})))),
        &["check.not_json"],
    ),
    (
        "gives up a sale after a refused check",
        Bend::Instead(|asked, known| {
            (asked.is("check") && known.refused.contains(&asked.invoice_id)).then(Told::refusal)
        }),
        &["check.after_refusals"],
    ),
    (
        "answers a check sale only once",
        Bend::Instead(|asked, known| (asked.is("check") && known.times(asked) > 0).then(Told::refusal)),
        &["check.repeated"],
    ),
    (
        "answers check sale with a nonce of its own",
        Bend::Answer(|told, asked, _| {
            if asked.is("check") {
                told.set(NONCE, "n".repeat(64))
            }
        }),
        &["check.nonce"],
    ),
    (
        "answers check sale with a token of its own",
        Bend::Answer(|told, asked, _| {
            if asked.is("check") {
                told.set("/session/token", "t".repeat(32))
            }
        }),
        &["check.token"],
    ),
    (
        "answers check sale with another invoice",
        Bend::Answer(|told, asked, _| {
            if asked.is("check") {
                told.set("/invoiceId", "1")
            }
        }),
        &["check.invoice_id"],
    ),
    (
        "answers check sale without a token",
        Bend::Answer(|told, asked, _| {
            if asked.is("check") {
                told.set("/session/token", Value::Null)
            }
        }),
        &["check", "check.token"],
    ),
    (
        "does not name the stored card",
        Bend::Answer(|told, asked, _| {
            if asked.is("check")
                && let Some(members) = told.body.as_object_mut()
            {
                members.remove("sourceOfFunds");
            }
        }),
        &["check.stored_card"],
    ),
    (
        "takes cards that it did not store",
        Bend::Request(|asked, known| {
            let card = asked.body["sourceOfFunds"]["reference"]["clientCardId"].clone();
            if asked.is("check")
                && !known.cards.contains(&card)
                && let Some(members) = asked.body.as_object_mut()
            {
                members.remove("sourceOfFunds");
            }
        }),
        &["check.unknown_card"],
    ),
    (
        "tells another session token",
        Bend::Answer(|told, asked, _| {
            if asked.is("token") {
                told.set("/session/token", "t".repeat(32))
            }
        }),
        &["session_token"],
    ),
    (
        "says that an invoice is void and takes its check sale",
        Bend::Instead(|asked, _| {
            let asks = asked.is("token") && asked.body["void"] == true;
            asks.then(|| Told::ok(json!({"invoiceId": asked.invoice_id, "void": true})))
        }),
        &["session_token.void"],
    ),
    (
        "does not look at the access token of a notification",
        Bend::Request(|asked, known| forgive("mapping", asked, known, &[TOKEN])),
        &["mapping.wrong_access_token"],
    ),
    (
        "does not look at the serial number of a notification",
        Bend::Request(|asked, known| forgive("mapping", asked, known, &[SERIAL])),
        &["mapping.wrong_serial_number"],
    ),
    (
        "takes notifications of any sale",
        Bend::Answer(|told, asked, known| {
            if asked.is("mapping") && invoice_of(asked, known).is_empty() {
                *told = Told::ok(json!({}));
            }
        }),
        &["mapping.unknown_sale"],
    ),
    (
        "takes a notification only once",
        Bend::Answer(|told, asked, known| {
            if asked.is("mapping") && asked.body.get("sourceCard").is_some() && known.times(asked) > 0 {
                *told = Told::refusal();
            }
        }),
        &["mapping.repeated"],
    ),
    (
        "wants a card in each notification",
        Bend::Instead(|asked, _| (asked.is("mapping") && asked.body.get("sourceCard").is_none()).then(Told::refusal)),
        &["mapping.without_card"],
    ),
    (
        "answers notifications with another nonce",
        Bend::Answer(|told, asked, _| {
            if asked.is("mapping") {
                told.set(NONCE, "n".repeat(64))
            }
        }),
        &["mapping.nonce"],
    ),
    (
        "answers notifications with another invoice",
        Bend::Answer(|told, asked, _| {
            if asked.is("mapping") {
                told.set("/invoiceId", "1")
            }
        }),
        &["mapping.invoice_id"],
    ),
    (
        "answers notifications with another token",
        Bend::Answer(|told, asked, _| {
            if asked.is("mapping") {
                told.set("/session/token", "t".repeat(32))
            }
        }),
        &["mapping.token"],
    ),
    (
        "tells an empty card id",
        Bend::Answer(|told, asked, _| {
            if asked.is("card") {
                told.set("/sourceOfFunds/reference/clientCardId", Value::Null);
            }
        }),
        &["stored_card"],
    ),
    (
        "does not look at control",
        Bend::Instead(|asked, _| asked.is("callback").then(|| Told::ok(json!({})))),
        &["callback.wrong_control", "callback.altered_status"],
    ),
    (
        "takes a callback only once",
        Bend::Instead(|asked, known| (asked.is("callback") && known.times(asked) > 0).then(Told::refusal)),
        &["callback.repeated"],
    ),
    (
        "fails at a declined sale's callback",
        Bend::Instead(|asked, _| asked.query.contains("status=declined").then(Told::refusal)),
        &["callback.declined"],
    ),
    (
        "fails at a reversal",
        Bend::Instead(|asked, _| asked.query.contains("type=reversal").then(Told::refusal)),
        &["callback.other_type"],
    ),
    (
        "answers callbacks with HTTP 204",
        Bend::Answer(|told, asked, _| {
            if asked.is("callback") && told.status == 200 {
                told.status = 204;
            }
        }),
        &[
            "callback",
            "callback.repeated",
            "callback.declined",
            "callback.other_type",
        ],
    ),
];

#[tokio::test]
async fn each_mistake_is_named_and_nothing_else() {
    let sandbox = Sandbox::start(SandboxConfig::default()).await.unwrap();
    each(&sandbox, MISTAKES).await;
    sandbox.shutdown().await;
}

/// Makes a run with each mistake.
pub(crate) async fn each(sandbox: &Sandbox, mistakes: &[Mistake]) {
    for (what, bend, expected) in mistakes {
        let report = run(sandbox, *bend).await;
        assert_eq!(report.failures(), *expected, "{what}\n{report}");
        assert!(!report.conforms);
        for id in report.failures() {
            let check = report.check(id).unwrap();
            assert!(
                !check.protocol.is_empty() && !check.expected.is_empty() && !check.got.is_empty(),
                "{check:?}"
            );
        }
    }
}
