//! The request for the stored card: not part of the sale, and possible at its end or after a restart.

use salekit_core::MerchantPaths;

use super::*;

const CARD: &str = "/sale/invoice-1/stored-card";

fn asked(servers: &Servers) -> usize {
    servers.sent().iter().filter(|path| *path == CARD).count()
}

/// The answers of a good sale, except the one to the request for the stored card.
fn but(card: fn(usize) -> Answer) -> impl Fn(&str, usize) -> Answer + Send + Sync + 'static {
    move |path, before| match path {
        CARD => card(before),
        _ => good(1)(path, before),
    }
}

#[tokio::test(start_paused = true)]
async fn an_approved_sales_card_can_be_asked_for_until_the_sale_is_acknowledged() {
    let servers = Servers::new(good(1));
    let client = client(&servers);
    let sale = client.start(request()).unwrap();
    sale.outcome().await;
    assert_eq!(asked(&servers), 0);
    assert_eq!(sale.stored_card().await.unwrap().unwrap().client_card_id, "card-1");
    // Like another process.
    let again = client.resume(sale.id()).await.unwrap();
    assert_eq!(again.stored_card().await.unwrap().unwrap().client_card_id, "card-1");
    client.acknowledge(sale.id()).await.unwrap();
    assert!(client.resume(sale.id()).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_card_that_the_merchants_server_learns_of_late_is_found() {
    let servers = Servers::new(but(|before| match before {
        0 => Answer::Status(404),
        1 => Answer::Fail(Failure::after_sending(FailureKind::ConnectionLost)),
        _ => Answer::Json(STORED),
    }));
    let sale = client(&servers).start(request()).unwrap();
    assert!(sale.stored_card().await.unwrap().is_some());
    assert_eq!(asked(&servers), 3);
}

#[tokio::test(start_paused = true)]
async fn no_card_and_no_answer_are_different_results() {
    let none = Servers::new(but(|_| Answer::Status(404)));
    assert_eq!(client(&none).start(request()).unwrap().stored_card().await, Ok(None));
    let unreachable = Servers::new(but(|_| {
        Answer::Fail(Failure::before_sending(FailureKind::NotConnected))
    }));
    assert!(
        client(&unreachable)
            .start(request())
            .unwrap()
            .stored_card()
            .await
            .is_err()
    );
    let silent = Servers::new(but(|_| Answer::Never));
    assert!(client(&silent).start(request()).unwrap().stored_card().await.is_err());
}

#[tokio::test(start_paused = true)]
async fn an_access_token_that_ran_out_is_renewed_once() {
    let servers = Servers::new(but(|before| match before {
        0 => Answer::Status(403),
        _ => Answer::Json(STORED),
    }));
    let sale = client(&servers).start(request()).unwrap();
    assert!(sale.stored_card().await.unwrap().is_some());
    let tokens = servers
        .sent()
        .iter()
        .filter(|path| path.ends_with("access-token"))
        .count();
    assert_eq!(tokens, 2, "one for the sale, one for the card");
}

#[tokio::test(start_paused = true)]
async fn a_sale_that_is_not_approved_has_no_card_to_ask_for() {
    let servers = Servers::new(|path, before| match path {
        "/sale/initiate-sale" => Answer::Status(400),
        _ => good(1)(path, before),
    });
    assert_eq!(client(&servers).start(request()).unwrap().stored_card().await, Ok(None));
    assert_eq!(asked(&servers), 0);
}

#[tokio::test(start_paused = true)]
async fn a_merchant_without_a_path_for_it_is_not_asked() {
    let servers = Servers::new(good(1));
    let config = config().with_merchant_paths(MerchantPaths {
        stored_card: None,
        ..MerchantPaths::default()
    });
    let transport: Arc<dyn Transport> = Arc::<Servers>::clone(&servers);
    let ports = Ports {
        merchant: Arc::new(DocumentedMerchant::new(&config, transport)),
        ..ports(&servers, Arc::new(MemoryStore::new()))
    };
    let sale = client_here(config, ports).unwrap().start(request()).unwrap();
    assert_eq!(sale.stored_card().await, Ok(None));
    assert_eq!(sale.outcome().await.charge(), Charge::Charged);
    assert_eq!(asked(&servers), 0);
}
