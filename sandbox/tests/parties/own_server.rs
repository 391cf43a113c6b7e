//! The gateway against a merchant's server of a developer's own: what it learns of its mistakes, where it is called, and the values as
//! the vendor's own merchant takes them.

use std::{convert::Infallible, process::Command, sync::Arc};

use axum::{
    body::{Body, to_bytes},
    http::{Request, Response},
};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use salekit_core::DeclineAdvice;
use salekit_sandbox::{
    Direction, Fault, Gateway, Merchant, MerchantPaths, MerchantServer, Message, SandboxConfig, Script,
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::mpsc};

use super::checks::sell;
use crate::app::{App, Got, card, trusting};

#[tokio::test]
async fn a_failed_check_names_its_cause_and_the_app_sends_nobody_to_the_bank() {
    let mut app = App::start().await;
    let page = Fault::Http {
        status: 403,
        body: "<html>\n  <h1>Forbidden</h1>".to_owned(),
        content_type: "text/html".to_owned(),
    };
    let signed = |signature: &str| json!({"invoiceId": "x", "session": {"checkSignature": signature, "nonce": "n", "token": "t"}});
    for (fault, code, said) in [
        (
            page,
            118,
            "ACKNOWLEDGEMENT_CALL_ERROR: HTTP 403, <html> <h1>Forbidden</h1>",
        ),
        (
            Fault::Garbage,
            119,
            "ACKNOWLEDGEMENT_INVALID_RESPONSE: no JSON object: HTTP 200, ",
        ),
        (
            Fault::AnswerOverride(json!({"invoiceId": "x"})),
            119,
            "ACKNOWLEDGEMENT_INVALID_RESPONSE: session.checkSignature: is required",
        ),
        (
            Fault::AnswerOverride(signed("0")),
            120,
            "ACKNOWLEDGEMENT_VALIDATION_ERROR: invoiceId is x…, expected ",
        ),
    ] {
        app.sandbox
            .script(&app.serial, Script::new().fault(Message::Check, fault));
        let sale = app.sell(card("123")).await;
        let got = app.outcome(&sale).await;
        let message = got.text("/errorMessage");
        assert!(message.starts_with(said), "{message}");
        assert!(message.chars().count() <= 128, "{message}");
        assert_eq!(got.body["errorCode"], code);
        let advice = DeclineAdvice::for_code(Some(code), Some(message));
        assert_eq!(advice, DeclineAdvice::ContactMerchant, "{message}");
        let answer = app.wait(&sale, "check sale", Direction::Response).await;
        assert!(
            answer
                .detail
                .starts_with(&format!("{code}: {}", said.split(':').next().unwrap())),
            "{}",
            answer.detail
        );
    }
}

#[tokio::test]
async fn a_wrong_signature_is_shown_beside_the_right_one() {
    let merchant = somebody_elses().await;
    let (url, _heard) = listener(|asked| {
        let session = &asked["session"];
        let signature = "A".repeat(40);
        json!({
            "invoiceId": asked["invoiceId"],
            "session": {"checkSignature": signature, "nonce": session["nonce"], "token": session["token"]},
        })
    })
    .await;
    let server = MerchantServer::new(url, "").unwrap();
    let gateway = Gateway::start(SandboxConfig::default().immediate(), server)
        .await
        .unwrap();
    let mut observations = gateway.observe();
    assert_eq!(sell(&gateway, &merchant).await, 120);
    let detail = loop {
        let seen = observations.recv().await.unwrap();
        if seen.message == "check sale" && seen.direction == Direction::Response {
            break seen.detail;
        }
    };
    let wanted = format!(
        "120: ACKNOWLEDGEMENT_VALIDATION_ERROR: session.checkSignature is {}, expected ",
        "A".repeat(40)
    );
    assert!(
        detail.starts_with(&wanted) && detail.contains(", over the text device"),
        "{detail}"
    );
    gateway.shutdown().await;
    merchant.shutdown().await;
}

async fn somebody_elses() -> Merchant {
    Merchant::start(SandboxConfig::default(), "https://127.0.0.1:1/paynet".parse().unwrap())
        .await
        .unwrap()
}

#[tokio::test]
async fn the_gateway_says_what_to_configure_and_shows_each_call_with_right_signatures() {
    let server = MerchantServer::new("http://127.0.0.1:9000/shop".parse().unwrap(), "")
        .unwrap()
        .with_paths(MerchantPaths {
            check: "/pay/{invoiceId}/verify".to_owned(),
            notification: "/pay/card".to_owned(),
            ..MerchantPaths::default()
        })
        .with_callback_url("https://hooks.example/paid?shop=7".parse().unwrap())
        .unwrap();
    let gateway = Gateway::start(SandboxConfig::default(), server).await.unwrap();
    let guide = gateway.guide();
    for part in [
        "control key   7C1D2E3F-0A4B-4C5D-8E6F-102132435465",
        "endpoint id   1144",
        gateway.url().as_str(),
        "POST http://127.0.0.1:9000/shop/pay/5e0c7f5a-3b1d-4c5e-9a7b-2f4d6e8a0c11/verify",
        "POST http://127.0.0.1:9000/shop/pay/card",
        "GET https://hooks.example/paid?shop=7&status=approved&type=sale",
        // The test vectors of the protocol.
        "FC709C5BC02464E67BD3375C900C6CBA901AD947",
        "4D06DC866CD8E37F71AEEAFA87737839B66DB37F",
        "control=a42e789be47236a65c4300805e8bf963fe994bea",
    ] {
        assert!(guide.contains(part), "{part}\n{guide}");
    }
    let http = trusting(gateway.ca_pem());
    let at = |path: &str| gateway.url().join(path).unwrap();
    assert_eq!(http.get(at("/")).send().await.unwrap().text().await.unwrap(), guide);
    let pem = http.get(at("/ca.pem")).send().await.unwrap().text().await.unwrap();
    assert_eq!(pem, gateway.ca_pem());
    gateway.shutdown().await;

    // On the network the key is not served.
    let server = MerchantServer::new("https://127.0.0.1:9000".parse().unwrap(), "").unwrap();
    let open = SandboxConfig::default().listen([0, 0, 0, 0]);
    let gateway = Gateway::start(open, server).await.unwrap();
    let served = trusting(gateway.ca_pem()).get(gateway.url().join("/").unwrap());
    let served = served.send().await.unwrap().text().await.unwrap();
    assert!(
        !served.contains("7C1D2E3F") && served.contains("endpoint id   1144"),
        "{served}"
    );
    gateway.shutdown().await;
}

/// A merchant's server that writes down what it is asked for. To check sale it answers as told, to the rest nothing.
async fn listener(answer: fn(&Value) -> Value) -> (url::Url, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let (heard, hear) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let heard = heard.clone();
            let service = service_fn(move |request: Request<hyper::body::Incoming>| {
                let _test_ended = heard.send(format!("{} {}", request.method(), request.uri()));
                let invoice_id = request.uri().path().split('/').nth(2).unwrap_or_default().to_owned();
                async move {
                    let body = to_bytes(Body::new(request.into_body()), 1 << 20).await.unwrap();
                    let mut asked: Value = serde_json::from_slice(&body).unwrap_or_default();
                    if asked.is_object() {
                        asked["invoiceId"] = invoice_id.into();
                    }
                    let answer = answer(&asked);
                    let status = if answer.is_null() { 500 } else { 200 };
                    let answer = Response::builder().status(status).body(Body::from(answer.to_string()));
                    Ok::<_, Infallible>(answer.unwrap())
                }
            });
            tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        }
    });
    (url, hear)
}

#[tokio::test]
async fn the_paths_of_a_merchants_server_are_options() {
    let merchant = somebody_elses().await;
    let (url, mut heard) = listener(|_| Value::Null).await;
    let server = MerchantServer::new(url, "").unwrap().with_paths(MerchantPaths {
        check: "/pay/{invoiceId}/verify".to_owned(),
        callback: "/hooks/paid".to_owned(),
        ..MerchantPaths::default()
    });
    let config = SandboxConfig::default().immediate();
    let gateway = Gateway::start(config, server).await.unwrap();
    assert_eq!(sell(&gateway, &merchant).await, 118);
    let check = heard.recv().await.unwrap();
    assert!(check.starts_with("POST /pay/") && check.ends_with("/verify"), "{check}");
    let callback = heard.recv().await.unwrap();
    assert!(
        callback.starts_with("GET /hooks/paid?status=declined&type=sale&"),
        "{callback}"
    );
    gateway.shutdown().await;
    merchant.shutdown().await;
}

#[tokio::test]
async fn a_currency_is_in_the_status_only_if_asked_for_and_an_endpoint_may_have_one() {
    let mut app = App::with(SandboxConfig::default().status_currency(true)).await;
    let sale = app.sell(card("123")).await;
    assert_eq!(app.outcome(&sale).await.text("/transaction/currency"), "EUR");

    for (only, status) in [("EUR", 200), ("USD", 400)] {
        let app = App::with(SandboxConfig::default().endpoint_currency(only.to_owned())).await;
        let begun = app.begin(None).await;
        let got = app.perform(&begun, &app.perform_body(&begun, card("123"))).await;
        assert_eq!(got.status, status, "{got:?}");
        if status == 400 {
            assert!(got.text("/error/message").contains("takes USD only"), "{got:?}");
        }
    }
}

#[tokio::test]
async fn whole_numbers_with_a_point_and_a_byte_order_mark_are_read() {
    let app = Arc::new(App::start().await);
    let access_token = app.access_token().await;
    let body = app.initiate_body(&access_token).to_string();
    let send = |body: String| {
        let app = Arc::clone(&app);
        async move {
            let request = app.http.post(app.merchant("sale/initiate-sale")).body(body);
            Got::read(request.send().await.unwrap()).await
        }
    };
    for (written, status) in [
        ("1050", 200),
        ("1050.0", 200),
        ("1.05e3", 200),
        ("1050.5", 400),
        ("1e30", 400),
        ("-1050.0", 400),
    ] {
        let with = body.replace("1050", written);
        assert_eq!(send(with.clone()).await.status, status, "{written}");
        assert_eq!(
            send(format!("\u{feff}{with}")).await.status,
            status,
            "{written} after a mark"
        );
    }
}

#[tokio::test]
async fn options_about_a_merchants_server_are_checked_at_start_by_name() {
    for (arguments, status, why) in [
        (
            ["--merchant-url", "http://shop.example"],
            1,
            "--merchant-url http://shop.example/: plain http is only for this machine",
        ),
        (
            ["--merchant-url", "shop.example"],
            2,
            "'--merchant-url <URL>': relative URL",
        ),
        (
            ["--merchant-url", "https://shop.example --merchant-insecure"],
            1,
            "--merchant-insecure https://shop.example/",
        ),
        (
            ["--merchant-url", "https://localhost:1 --merchant-ca /nowhere.pem"],
            1,
            "--merchant-ca /nowhere.pem: cannot be read",
        ),
        (
            ["--merchant-url", "https://localhost:1 --ca-file /nowhere/at/all.pem"],
            1,
            "--ca-file /nowhere/at/all.pem: there is no folder /nowhere/at; make it first",
        ),
        (
            ["--merchant-url", "https://localhost:1 --database /"],
            1,
            "--database /: is a folder; name a file in it",
        ),
        (
            ["--merchant-url", "https://localhost:1 --endpoint-currency Euro"],
            2,
            "three capital letters",
        ),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_salekit-sandbox"));
        command.args(["gateway", "--port", "0", "--no-inspect", arguments[0]]);
        command.args(arguments[1].split(' '));
        let output = tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(status), "{said}");
        assert!(said.contains(why), "{why}: {said}");
    }
}
