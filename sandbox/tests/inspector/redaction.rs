//! Everything that the API ever sent, searched for card data, names and tokens; wherever an app, right or wrong, put them.

use reqwest::Method;
use serde_json::{Value, json};

use super::eye::{Eye, start};
use crate::app::PAN;

const HOLDER: (&str, &str) = ("GRACEXY", "HOPPERXY");
const CODE: &str = "7391";
const OTHER_PAN: &str = "5555555555554444";

fn source() -> Value {
    json!({"card": {
        "number": PAN, "securityCode": CODE, "expiry": {"month": 12, "year": 2099},
        "holder": {"firstName": HOLDER.0, "lastName": HOLDER.1},
    }})
}

/// The code, where no digit or letter is next to it: by itself it is too short to be looked for.
fn has_code(text: &str) -> bool {
    text.match_indices(CODE).any(|(place, _)| {
        let before = text[..place].chars().next_back();
        let after = text[place + CODE.len()..].chars().next();
        let is_apart = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric());
        is_apart(before) && is_apart(after)
    })
}

fn in_fours(pan: &str, between: &str) -> String {
    let fours: Vec<&str> = (0..4).map(|four| &pan[4 * four..4 * four + 4]).collect();
    fours.join(between)
}

#[track_caller]
fn assert_clean(sent: &str, secrets: &[&str]) {
    let mut forbidden: Vec<String> = [HOLDER.0, HOLDER.1, PAN, OTHER_PAN, "hintxyz"]
        .map(str::to_owned)
        .to_vec();
    for pan in [PAN, OTHER_PAN] {
        forbidden.extend([
            in_fours(pan, " "),
            in_fours(pan, "-"),
            pan[..12].to_owned(),
            pan[6..].to_owned(),
        ]);
    }
    forbidden.extend(secrets.iter().map(|secret| (*secret).to_owned()));
    for secret in forbidden {
        let found = sent
            .find(&secret)
            .map(|place| &sent[place.saturating_sub(200)..(place + 60).min(sent.len())]);
        assert_eq!(found, None, "{secret}");
    }
    assert!(!has_code(sent));
}

#[tokio::test]
async fn card_data_names_and_tokens_are_never_sent() {
    let (mut app, mut eye) = start(Default::default()).await;
    // As it should be, to the end, and with a challenge page.
    eye.post("/api/scripts/*", &json!({"outcome": "challenge"})).await;
    let sale = app
        .sell_with(source(), Some("gracexy@example.com"), Some("gracexy@example.com"))
        .await;
    eye.sale(&sale.invoice_id, "challenge").await;
    let page = app.status(&sale).await.text("/redirectUrl").to_owned();
    for body in ["password=hintxyz", "cancel=1&password=hint"] {
        let form = ("content-type", "application/x-www-form-urlencoded");
        app.http
            .post(&page)
            .header(form.0, form.1)
            .body(body)
            .send()
            .await
            .unwrap();
    }
    app.outcome(&sale).await;

    // In every wrong way.
    let wrong = app.begin(None).await;
    let url = app.perform_url(&wrong);
    let good = app.perform_body(&wrong, source());
    let mut unsigned = good.clone();
    unsigned["session"]["signature"] = "A".repeat(40).into();
    let mut misnamed = good.clone();
    misnamed["card"] =
        json!({"pan": OTHER_PAN, "cvv": CODE, "card-holder": "GRACEXY HOPPERXY", "note": format!("{PAN} {OTHER_PAN}")});
    let mut echoed = good.clone();
    echoed["consumer"]["device"]["serialNumber"] = format!("device {PAN}").into();
    echoed["transaction"]["currency"] = "GRACEXY".into();
    echoed["session"]["nonce"] = format!("{:x<40}", PAN).into();
    let mut numbers = good.clone();
    numbers["sourceOfFunds"]["card"]["number"] = json!(4_111_111_111_111_111_u64);
    numbers["sourceOfFunds"]["card"]["securityCode"] = json!(7391);
    numbers["transaction"]["amountCentis"] = json!(5_555_555_555_554_444_u64);
    for body in [&unsigned, &misnamed, &echoed, &numbers] {
        app.post(&url, body).await;
        app.post(&app.merchant("sale/initiate-sale"), body).await;
    }
    let text = good.to_string();
    let broken = [
        text[..text.len() - 3].to_owned(),
        format!("number={PAN}&cvv={CODE}"),
        format!("[{text}]"),
        format!("\"{PAN}\""),
    ];
    for (body, kind) in broken.iter().zip([
        "application/json",
        "application/x-www-form-urlencoded",
        "text/plain",
        "application/json",
    ]) {
        app.http
            .post(&url)
            .header("content-type", kind)
            .body(body.clone())
            .send()
            .await
            .unwrap();
    }
    let base = app.sandbox.gateway_url().clone();
    for path in [
        format!("pay/{PAN}"),
        format!("pay?number={PAN}&securityCode={CODE}&x=5555-5555-5555-4444&holderName=GRACEXY"),
    ] {
        let asking = app
            .http
            .get(format!("{base}/{path}"))
            .header("x-card", PAN)
            .header("x-note", "5555 5555 5555 4444");
        asking
            .header("authorization", format!("Bearer {}", sale.access_token))
            .send()
            .await
            .unwrap();
    }
    let unknown = format!("{base}/dapi/v1/sale/1144/{PAN}");
    for url in [
        unknown.clone(),
        format!("{unknown}/status"),
        app.merchant(&format!("sale/{PAN}/check")),
    ] {
        app.post(&url, &good).await;
    }
    app.get(&app.merchant(&format!(
        "callback?client_orderid={PAN}&status={OTHER_PAN}&orderid={PAN}&control={PAN}"
    )))
    .await;
    let plain = base.as_str().replace("https:", "http:");
    let _refused = eye
        .http
        .get(format!("{plain}/{PAN}?number={PAN}"))
        .send()
        .await
        .unwrap_err();
    eye.exchange(|it| it["message"] == "plain HTTP").await;

    // By the API itself.
    let mut file = eye.get("/api/export").await.1;
    let named = |it: &&mut Value| it["message"] == "perform sale";
    let it = file["exchanges"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .find(named)
        .unwrap();
    it["request"]["body"] = text.clone().into();
    it["curl"] = text.clone().into();
    it["problem"] = format!("refused {PAN}").into();
    it["response"]["headers"] = json!([["x-card", PAN], ["set-cookie", sale.access_token]]);
    it["checks"] = json!([{"rule": PAN, "expected": OTHER_PAN, "got": PAN, "kept": false}]);
    assert_eq!(eye.post("/api/import", &file).await.0, 204);
    let refused = eye
        .post("/api/import", &json!({"format": PAN, "sales": [], "exchanges": []}))
        .await;
    assert_eq!(refused.0, 422);
    let errors = eye.call(Method::GET, &format!("/api/sales/{PAN}"), None).await;
    assert_eq!(errors.0, 404);

    eye.read_all().await;
    let tokens = [sale.access_token.as_str(), &sale.token, &wrong.access_token];
    assert_clean(&eye.sent, &tokens);
    let mut fresh = Eye::after(&eye.base, None).await;
    fresh.exchange(|it| it["message"] == "plain HTTP").await;
    assert_clean(&fresh.sent, &tokens);
    // What is searched is not nothing.
    assert!(eye.sent.contains("411111••••••1111") && eye.sent.contains("3ds/"));
    assert!(
        eye.sent.contains(&sale.nonce),
        "the nonce is no token, and signatures are explained with it"
    );
    app.sandbox.shutdown().await;
}

#[test]
fn the_search_finds_what_it_looks_for() {
    assert!(has_code("\"7391\"") && has_code(":7391,") && !has_code("1739100") && !has_code("a7391"));
    assert!(std::panic::catch_unwind(|| assert_clean("x 4111 1111 1111 1111", &[])).is_err());
    assert!(std::panic::catch_unwind(|| assert_clean("a token", &["token"])).is_err());
}
