//! What a merchant's server has to be configured with, and an example of each call that this gateway makes to it. Printed by the
//! command line and served at `/`, beside the authority's certificate at `/ca.pem`.

use std::sync::Arc;

use axum::{
    Router,
    http::header,
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde_json::{Value, json};
use url::Url;

use crate::{
    config::SandboxConfig,
    net::{ca_pem::ca_router, merchant_server::MerchantServer},
    protocol::signature::{CheckText, ControlKey, MappingText},
    stage::Stage,
};

const SERIAL: &str = "device-0001";
const NONCE: &str = "nonce-8f1c2d3e4a5b6c7d8e9f00112233";
const INVOICE: &str = "5e0c7f5a-3b1d-4c5e-9a7b-2f4d6e8a0c11";
const ACCESS: &str = "tok0000000000000000000000000000000000000000000000000000000000001";
const TOKEN: &str = "0123456789abcdef0123456789abcdef";
const ORDER: &str = "9876543";

/// The guide; with the control key only where nobody on the network can read it.
pub(super) fn text(stage: &Stage, gateway: &Url, merchant: &MerchantServer, with_key: bool) -> String {
    let config: &SandboxConfig = &stage.config;
    let key = match with_key {
        true => config.control_key.as_str(),
        false => "printed where the gateway was started",
    };
    let settings = format!(
        "Configure your server with\n\
         \x20 control key   {key}\n\
         \x20 endpoint id   {}\n\
         Configure your app with\n\
         \x20 gateway       {gateway}\n\
         \x20 merchant      {}\n\
         Trust in both    {}\n",
        config.endpoint_id,
        merchant.url(),
        ca_url(gateway),
    );
    [settings, calls(config, &stage.key, merchant)].join("\n")
}

/// Where this gateway serves its authority's certificate.
fn ca_url(gateway: &Url) -> Url {
    let mut url = gateway.clone();
    url.set_path("/ca.pem");
    url
}

/// An example of each call, and of the answer to it, with signatures that are right under the key.
fn calls(config: &SandboxConfig, key: &ControlKey, merchant: &MerchantServer) -> String {
    let paths = merchant.paths();
    let endpoint_id = config.endpoint_id.as_str();
    let check = CheckText {
        serial_number: SERIAL,
        nonce: NONCE,
        endpoint_id,
        invoice_id: INVOICE,
        server_card_id: None,
    };
    let mapping = MappingText {
        nonce: NONCE,
        endpoint_id,
        invoice_id: INVOICE,
    };
    let answer = |signature: String| {
        json!({
            "invoiceId": INVOICE,
            "session": {"checkSignature": signature, "nonce": NONCE, "token": TOKEN},
        })
    };
    let asked_in_check = json!({
        "consumer": {"device": {"serialNumber": SERIAL}},
        "session": {"accessToken": ACCESS, "nonce": NONCE, "signature": "as initiate sale gave it", "token": TOKEN},
    });
    let told_in_mapping = json!({
        "consumer": {"device": {"serialNumber": SERIAL}},
        "session": {"accessToken": ACCESS, "token": TOKEN},
        "sourceCard": {"bin": 411_111, "reference": {"serverCardId": "805112", "uniqueReferenceCardId": 7_001}},
    });
    let posted = |name: &str, path: &str, body: &Value, signature: String, signed: &str| {
        format!(
            "{name}\n  POST {}\n  {body}\n  answer, with this signature over {signed}:\n  {}\n",
            merchant.at(path, INVOICE),
            answer(signature)
        )
    };
    let mut callback = merchant.callback_url();
    callback
        .query_pairs_mut()
        .append_pair("status", "approved")
        .append_pair("type", "sale")
        .append_pair("orderid", ORDER)
        .append_pair("merchant_order", INVOICE)
        .append_pair("client_orderid", INVOICE)
        .append_pair("amount", "10.50")
        .append_pair("control", &key.control("approved", ORDER, INVOICE));
    let told = match config.callbacks {
        true => format!("callback\n  GET {callback}\n  answer: HTTP 200\n"),
        false => "callback\n  not sent: --no-callbacks\n".to_owned(),
    };
    [
        "What this gateway calls at your server\n".to_owned(),
        posted(
            "check sale",
            &paths.check,
            &asked_in_check,
            key.sign(&check, config.hex_case),
            "serialNumber, nonce, endpointId, invoiceId",
        ),
        posted(
            "sale card mapping notification",
            &paths.notification,
            &told_in_mapping,
            key.sign(&mapping, config.hex_case),
            "nonce, endpointId, invoiceId",
        ),
        told,
    ]
    .join("\n")
}

/// `/` with the guide and `/ca.pem`.
pub(super) fn router(guide: String, stage: &Stage) -> Router {
    let guide = Arc::new(guide);
    let page = move || {
        let guide = Arc::clone(&guide);
        async move { plain(guide.as_ref().clone()) }
    };
    Router::new().route("/", get(page)).merge(ca_router(&stage.authority))
}

fn plain(text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, text).into_response()
}
