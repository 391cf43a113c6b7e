//! Sales from start to acknowledgement, also when a process is killed.

use salekit_core::{Card, CardNumber, Expiry, Holder, Money, SecurityCode};
use serde_json::Value;

use super::*;

#[tokio::test(start_paused = true)]
async fn a_sale_runs_through_every_message_once_and_ends_with_a_receipt() {
    let servers = Servers::new(good(2));
    let client = client(&servers);
    let sale = client.start(request()).unwrap();
    let (mut states, mut live) = (Vec::new(), sale.states());
    while let Some(state) = live.next().await {
        states.push(state.name());
    }
    let SaleOutcome::Approved(receipt) = sale.outcome().await else {
        panic!()
    };
    assert_eq!(receipt.card.unwrap().last4(), "1111");
    assert_eq!(receipt.requested_amount.to_string(), "10.50 EUR");
    assert_eq!(receipt.amount, None, "the gateway named none");
    assert_eq!(sale.invoice_id().as_deref(), Some("invoice-1"));
    assert_eq!(
        (states.first(), states.last()),
        (Some(&"initiating"), Some(&"finished"))
    );
    let status = "/paynet/dapi/v1/sale/1144/invoice-1/status";
    assert_eq!(
        servers.sent(),
        [
            "/auth/request-access-token",
            "/sale/initiate-sale",
            "/paynet/dapi/v1/sale/1144/invoice-1",
            status,
            status
        ],
        "the sale does not wait for the stored card"
    );
}

#[tokio::test(start_paused = true)]
async fn an_outcome_stays_until_it_is_acknowledged() {
    let client = client(&Servers::new(good(1)));
    let sale = client.start(request()).unwrap();
    let outcome = sale.outcome().await;
    let pending = client.pending().await.unwrap().sales;
    assert_eq!(pending.len(), 1);
    assert_eq!(
        (&pending[0].id, pending[0].merchant_order_id.as_deref()),
        (sale.id(), Some("order 7"))
    );
    assert_eq!(pending[0].state, SaleState::Finished(Box::new(outcome.clone())));
    assert_eq!(client.resume(sale.id()).await.unwrap().outcome().await, outcome);
    client.acknowledge(sale.id()).await.unwrap();
    assert!(client.pending().await.unwrap().sales.is_empty());
    assert_eq!(
        client.resume(sale.id()).await.unwrap_err(),
        ClientError::NotFound { id: sale.id().clone() }
    );
}

#[tokio::test(start_paused = true)]
async fn dropping_the_handle_does_not_stop_the_payment() {
    let servers = Servers::new(good(3));
    let client = client(&servers);
    let id = {
        let sale = client.start(request()).unwrap();
        tokio::select! {
            _ = sale.outcome() => panic!("too early"),
            () = tokio::time::sleep(Duration::from_millis(10)) => {}
        }
        sale.id().clone()
    };
    assert_eq!(
        client.acknowledge(&id).await.unwrap_err(),
        ClientError::StillRunning { id: id.clone() }
    );
    let outcome = client.resume(&id).await.unwrap().outcome().await;
    assert_eq!((outcome.charge(), servers.performs()), (Charge::Charged, 1));
}

#[tokio::test(start_paused = true)]
async fn two_resumes_of_a_running_sale_find_the_same_one() {
    let servers = Servers::new(good(2));
    let client = client(&servers);
    let sale = client.start(request()).unwrap();
    let (one, two) = tokio::join!(client.resume(sale.id()), client.resume(sale.id()));
    assert_eq!(one.unwrap().outcome().await, two.unwrap().outcome().await);
    assert_eq!(
        servers.sent().iter().filter(|path| path.ends_with("/status")).count(),
        2
    );
}

#[test]
fn a_killed_process_leaves_a_sale_that_another_one_ends() {
    let directory = tempfile();
    let store = || Arc::new(DirectoryStore::new(&directory));
    let started = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .start_paused(true)
            .build()
            .unwrap()
    };
    let servers = Servers::new(|path, before| match path {
        "/paynet/dapi/v1/sale/1144/invoice-1/status" => Answer::Never,
        _ => good(1)(path, before),
    });
    let first = started();
    let id = first.block_on(async {
        let client = client_here(config(), ports(&servers, store())).unwrap();
        let sale = client.start(request()).unwrap();
        let mut states = sale.states();
        while states.next().await.unwrap() != SaleState::Processing {}
        sale.id().clone()
    });
    drop(first);
    for file in std::fs::read_dir(&directory).unwrap() {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        assert!(!text.contains(PAN) && !text.contains("securityCode"), "{text}");
    }
    // The process may have been killed before the session token was stored; then the merchant's server knows it.
    let servers = Servers::new(|path, before| match path {
        "/sale/invoice-1/session-token" => Answer::Json(PERFORMED),
        _ => good(1)(path, before),
    });
    started().block_on(async {
        let client = client_here(config(), ports(&servers, store())).unwrap();
        assert_eq!(client.pending().await.unwrap().sales[0].id, id);
        assert_eq!(
            client.resume(&id).await.unwrap().outcome().await.charge(),
            Charge::Charged
        );
    });
    assert_eq!(servers.performs(), 0, "the second process never performs");
    std::fs::remove_dir_all(&directory).unwrap();
}

fn tempfile() -> std::path::PathBuf {
    let mut random = [0; 8];
    getrandom::fill(&mut random).unwrap();
    std::env::temp_dir().join(format!("salekit-test-{:016x}", u64::from_ne_bytes(random)))
}

#[tokio::test(start_paused = true)]
async fn a_lost_answer_is_found_again_by_way_of_the_merchant() {
    let servers = Servers::new(|path, before| match (path, before) {
        ("/paynet/dapi/v1/sale/1144/invoice-1", _) => Answer::Fail(Failure::after_sending(FailureKind::ConnectionLost)),
        ("/sale/invoice-1/session-token", 0) => Answer::Status(404),
        ("/sale/invoice-1/session-token", _) => Answer::Json(PERFORMED),
        _ => good(1)(path, before),
    });
    let outcome = client(&servers).start(request()).unwrap().outcome().await;
    assert_eq!((outcome.charge(), servers.performs()), (Charge::Charged, 1));
}

#[tokio::test(start_paused = true)]
async fn what_does_not_fit_together_is_refused_before_anything_is_sent() {
    let servers = Servers::new(good(1));
    let client = client(&servers);
    let stored = salekit_core::StoredCardPayment::new("card-1", b"123", true).unwrap();
    let amount = "1.00 EUR".parse().unwrap();
    let consumer = Consumer::new("device-0001").unwrap();
    let error = client.start(SaleRequest::new(amount, consumer, stored)).unwrap_err();
    assert!(error.to_string().starts_with("consumer.email: is missing"), "{error}");
    let short = request().with_access_token(Secret::new("short"));
    assert!(
        client
            .start(short)
            .unwrap_err()
            .to_string()
            .starts_with("session.accessToken: ")
    );
    assert!(servers.sent().is_empty());
}

#[tokio::test(start_paused = true)]
async fn two_sales_never_perform_one_invoice() {
    // The second sale first gets the merchant's first answer again, and its own when it asks again.
    let servers = Servers::new(|path, before| match path {
        "/sale/initiate-sale" if before == 2 => Answer::Json(
            r#"{"endpointId":"1144","invoiceId":"invoice-2","session":{"nonce":"nonce","signature":"signature"}}"#,
        ),
        "/paynet/dapi/v1/sale/1144/invoice-2" => Answer::Json(PERFORMED),
        "/paynet/dapi/v1/sale/1144/invoice-2/status" => Answer::Json(APPROVED),
        path => good(1)(path, before),
    });
    let client = client(&servers);
    let one = client.start(request()).unwrap();
    one.outcome().await;
    let two = client.start(request().with_merchant_order_id("order 8")).unwrap();
    two.outcome().await;
    assert_eq!(one.invoice_id().as_deref(), Some("invoice-1"));
    assert_eq!(two.invoice_id().as_deref(), Some("invoice-2"));
    assert_eq!(servers.performs(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_answer_of_another_request_does_not_end_a_sale_as_not_charged() {
    // First a 404 that does not follow the protocol, then a proper answer.
    let servers = Servers::new(|path, before| match path {
        "/paynet/dapi/v1/sale/1144/invoice-1" => Answer::Status(404),
        "/paynet/dapi/v1/sale/1144/invoice-1/status" if before == 0 => {
            Answer::Json(r#"{"error":{"cause":"INVALID_REQUEST"}}"#)
        }
        "/sale/invoice-1/session-token" => Answer::Json(PERFORMED),
        path => good(1)(path, before),
    });
    let outcome = client(&servers).start(request()).unwrap().outcome().await;
    assert_eq!(outcome.charge(), Charge::Charged, "{outcome:?}");
    assert_eq!(servers.performs(), 1);

    let silent = Servers::new(|path, before| match path {
        "/paynet/dapi/v1/sale/1144/invoice-1" => Answer::Status(404),
        "/paynet/dapi/v1/sale/1144/invoice-1/status" => {
            Answer::Fail(Failure::after_sending(FailureKind::ConnectionLost))
        }
        path => good(1)(path, before),
    });
    let outcome = client(&silent).start(request()).unwrap().outcome().await;
    assert_eq!(outcome.charge(), Charge::Unknown, "{outcome:?}");

    let elsewhere = Servers::new(|path, before| match path {
        path if path.starts_with("/paynet") => Answer::Status(404),
        path => good(1)(path, before),
    });
    let outcome = client(&elsewhere).start(request()).unwrap().outcome().await;
    let SaleOutcome::Unknown(end) = outcome else {
        panic!("{outcome:?}")
    };
    assert!(end.detail.contains("base URL"), "{}", end.detail);
}

/// Test numbers.
const CARDS: [&str; 4] = [
    "4111111111111111",
    "5555555555554444",
    "4012888888881881",
    "4242424242424242",
];

/// A sale that differs from all others in device, amount and card.
fn request_of(number: usize) -> SaleRequest {
    const CARDS: [&str; 4] = [
        "4111111111111111",
        "5555555555554444",
        "4012888888881881",
        "4242424242424242",
    ];
    let card = Card::new(
        CardNumber::parse(CARDS[number % CARDS.len()]).unwrap(),
        Expiry::parse("12/2040").unwrap(),
        Holder::printed("ADA LOVELACE").unwrap(),
        SecurityCode::parse(&format!("{:03}", 100 + number)).unwrap(),
    );
    let amount = Money::from_minor_units(1_000 + i64::try_from(number).unwrap(), "EUR").unwrap();
    SaleRequest::new(
        amount,
        Consumer::new(format!("device-{number}")).unwrap(),
        card.unwrap(),
    )
}

#[tokio::test(start_paused = true)]
async fn two_hundred_sales_at_once_are_not_mixed_up() {
    const SALES: usize = 200;
    // The receipt of an invoice names it.
    let servers = Servers::new(|path, before| match path.split('/').collect::<Vec<_>>().as_slice() {
        ["", "sale", "initiate-sale"] => {
            Answer::Json(INITIATED.replace("invoice-1", &format!("invoice-{before}")).leak())
        }
        [.., invoice, "status"] => {
            Answer::Json(format!(r#"{{"state":"APPROVED","orderId":"order of {invoice}"}}"#).leak())
        }
        [.., "1144", _] => Answer::Json(PERFORMED),
        _ => good(1)(path, before),
    });
    let client = client(&servers);
    let sales: Vec<Sale> = (0..SALES)
        .map(|number| client.start(request_of(number)).unwrap())
        .collect();
    for (number, sale) in sales.iter().enumerate() {
        let SaleOutcome::Approved(receipt) = sale.outcome().await else {
            panic!("{:?}", sale.outcome().await)
        };
        let invoice = sale.invoice_id().unwrap();
        assert_eq!(receipt.invoice_id, invoice);
        assert_eq!(receipt.order_id, Some(format!("order of {invoice}")));
        let initiated: usize = invoice.strip_prefix("invoice-").unwrap().parse().unwrap();
        let device = format!("device-{number}");
        let of_device = |body: &Value| body["consumer"]["device"]["serialNumber"] == device.as_str();
        assert!(of_device(&servers.initiated.lock().unwrap()[initiated]), "{invoice}");

        let path = format!("/paynet/dapi/v1/sale/1144/{invoice}");
        let performed = servers.performed.lock().unwrap();
        let bodies: Vec<&Value> = performed
            .iter()
            .filter(|(to, _)| *to == path)
            .map(|(_, body)| body)
            .collect();
        let [body] = bodies[..] else {
            panic!("{invoice}: {} times performed", bodies.len())
        };
        let card = &body["sourceOfFunds"]["card"];
        assert!(of_device(body), "{invoice}");
        assert_eq!(body["transaction"]["amountCentis"], 1_000 + number, "{invoice}");
        assert_eq!(card["securityCode"], format!("{:03}", 100 + number), "{invoice}");
        assert_eq!(card["number"], CARDS[number % CARDS.len()], "{invoice}");
    }
}
