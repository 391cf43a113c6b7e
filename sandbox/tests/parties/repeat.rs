//! Stored cards: how the app learns of one, pays with it, and the e-mail rule.

use salekit_sandbox::{Direction, SandboxConfig};
use serde_json::{Value, json};

use crate::app::{App, Begun, card};

const EMAIL: &str = "jane@example.com";

fn reference(client_card_id: &str) -> Value {
    json!({"reference": {"clientCardId": client_card_id, "securityCode": "123"}})
}

impl App {
    /// The id of the card of a sale that was approved.
    async fn stored(&mut self, sale: &Begun) -> String {
        assert_eq!(self.outcome(sale).await.text("/state"), "APPROVED");
        self.stored_card(sale)
            .await
            .text("/sourceOfFunds/reference/clientCardId")
            .to_owned()
    }
}

#[tokio::test]
async fn a_stored_card_pays_again_without_its_data() {
    let mut app = App::start().await;
    let first = app.sell(card("123")).await;
    assert_eq!(app.outcome(&first).await.text("/state"), "APPROVED");
    let stored = app.stored_card(&first).await;
    assert_eq!(
        (stored.text("/invoiceId"), stored.text("/sourceCard/bin")),
        (first.invoice_id.as_str(), "411111")
    );
    assert!(stored.body.get("consumer").is_none(), "no e-mail was mapped");
    let id = stored.text("/sourceOfFunds/reference/clientCardId").to_owned();

    let second = app.sell(reference(&id)).await;
    assert_eq!(app.stored(&second).await, id, "the same card keeps its id");
    assert_eq!(app.entry(&second).charges, 1);
    let third = app.sell(card("123")).await;
    assert_eq!(app.stored(&third).await, id);
    let mut renewed = card("123");
    renewed["card"]["expiry"]["year"] = 2098.into();
    let fourth = app.sell(renewed).await;
    assert_ne!(app.stored(&fourth).await, id, "another expiry is another card");
}

#[tokio::test]
async fn a_stored_card_goes_through_3ds_with_its_last_digits() {
    let mut app = App::start().await;
    let first = app.sell(card("123")).await;
    let id = app.stored(&first).await;
    let mut source = reference(&id);
    source["reference"]["securityCode"] = "321".into();
    let sale = app.sell(source).await;
    app.wait(&sale, "start processing", Direction::Internal).await;
    let url = loop {
        let got = app.status(&sale).await;
        if got.text("/state") == "REDIRECT_REQUEST" {
            break got.text("/redirectUrl").to_owned();
        }
    };
    assert!(app.get(&url).await.body.as_str().unwrap().contains("<span>1111</span>"));
}

#[tokio::test]
async fn a_card_of_nobody_or_of_another_device_is_refused() {
    let mut app = App::start().await;
    let unknown = app.sell(reference("no-such-card")).await;
    app.assert_declined(&unknown, 118).await;

    let sale = app.sell(card("123")).await;
    let id = app.stored(&sale).await;
    app.serial = "device-0002".to_owned();
    let foreign = app.sell(reference(&id)).await;
    app.assert_declined(&foreign, 118).await;
}

#[tokio::test]
async fn the_e_mail_of_the_mapping_must_come_again() {
    let mut app = App::start().await;
    let first = app.sell_with(card("123"), Some(EMAIL), Some(EMAIL)).await;
    app.outcome(&first).await;
    let stored = app.stored_card(&first).await;
    assert_eq!(stored.text("/consumer/email"), EMAIL);
    let id = stored.text("/sourceOfFunds/reference/clientCardId").to_owned();

    let good = app.sell_with(reference(&id), Some(EMAIL), Some(EMAIL)).await;
    assert_eq!(app.outcome(&good).await.text("/state"), "APPROVED");
    let merchant_knows = app.sell_with(reference(&id), None, Some(EMAIL)).await;
    assert_eq!(
        app.outcome(&merchant_knows).await.text("/state"),
        "APPROVED",
        "the merchant answers with the stored one"
    );
    let without = app.sell_with(reference(&id), Some(EMAIL), None).await;
    app.assert_declined(&without, 120).await;
    let other = app
        .sell_with(reference(&id), Some(EMAIL), Some("other@example.com"))
        .await;
    app.assert_declined(&other, 120).await;
    let other_at_merchant = app
        .sell_with(reference(&id), Some("other@example.com"), Some(EMAIL))
        .await;
    app.assert_declined(&other_at_merchant, 118).await;
}

#[tokio::test]
async fn two_e_mails_in_one_sale_do_not_pass() {
    let mut app = App::start().await;
    let sale = app.sell_with(card("123"), Some(EMAIL), Some("other@example.com")).await;
    app.assert_declined(&sale, 120).await;
}

#[tokio::test]
async fn stored_cards_outlive_the_servers_in_a_file() {
    let file = std::env::temp_dir().join(format!("sandbox-{}-cards.sqlite", std::process::id()));
    let config = SandboxConfig::default().database(file.clone());
    let mut app = App::with(config.clone()).await;
    let sale = app.sell(card("123")).await;
    let id = app.stored(&sale).await;
    app.sandbox.shutdown().await;

    let mut app = App::with(config.clone()).await;
    let again = app.sell(reference(&id)).await;
    assert_eq!(app.outcome(&again).await.text("/state"), "APPROVED");
    app.sandbox.shutdown().await;

    // A gateway that never gave the reference the merchant names.
    rusqlite::Connection::open(&file)
        .unwrap()
        .execute("DELETE FROM gateway_card", [])
        .unwrap();
    let mut app = App::with(config).await;
    let lost = app.sell(reference(&id)).await;
    app.assert_declined(&lost, 121).await;
    app.sandbox.shutdown().await;
    std::fs::remove_file(&file).unwrap();
}
