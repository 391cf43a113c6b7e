//! One sale with a test card, from the card form to the acknowledgement, as an app in Rust makes it.
//!
//! Start the sandbox, then the sale, with the addresses that the sandbox printed:
//!
//! ```sh
//! cargo run -- serve --ca-file ca.pem
//! cargo run -p salekit-core --example sale -- https://127.0.0.1:8443/paynet https://127.0.0.1:8444 ca.pem
//! ```
//!
//! The third argument is the certificate to trust; leave it out for servers with a public one. Another security code as
//! the fourth makes the sandbox end the sale in another way: 116 declines it, 321 asks for 3-D Secure.

#![allow(clippy::print_stdout, reason = "an example shows what happens")]

use std::{env, error::Error, fs};

use salekit_core::{
    CalendarMonth, CardField, CardForm, Charge, Consumer, HolderFields, SaleClient, SaleClientConfig, SaleOutcome,
    SaleRequest, SaleState, TlsSettings,
};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(gateway), Some(merchant)) = (arguments.next(), arguments.next()) else {
        return Err("usage: sale GATEWAY_URL MERCHANT_URL [CA_FILE [SECURITY_CODE]]".into());
    };
    let mut tls = TlsSettings::default();
    if let Some(file) = arguments.next() {
        tls.extra_roots_pem = Some(fs::read_to_string(file)?);
    }
    let security_code = arguments.next().unwrap_or_else(|| "123".to_owned());

    // An app passes a directory without backup, too, so that a sale outlives its process: `with_store_directory`.
    let client = SaleClient::new(SaleClientConfig::new(&gateway, &merchant)?.with_tls(tls))?;
    client.preconnect().await;

    let mut form = CardForm::new(HolderFields::PrintedName, CalendarMonth::now());
    form.paste(CardField::Number, b"4111 1111 1111 1111")?;
    form.paste(CardField::Expiry, b"12/30")?;
    form.paste(CardField::SecurityCode, security_code.as_bytes())?;
    form.paste(CardField::PrintedName, b"ADA LOVELACE")?;
    let card = form.take_card(CalendarMonth::now())?;

    let sale = client.start(SaleRequest::new(
        "10.50 EUR".parse()?,
        Consumer::new("example-device-0001")?,
        card,
    ))?;
    let mut states = sale.states();
    while let Some(state) = states.next().await {
        println!("{}", state.name());
        if let SaleState::Challenge { is_open: true, .. } = &state
            && let Some(challenge) = sale.challenge()
        {
            // An app gives it to the system's browser. The page's address opens it, so it belongs in no log; here a person
            // has to see it.
            println!("open in a browser: {}", challenge.url());
        }
    }

    let outcome = sale.outcome().await;
    match &outcome {
        SaleOutcome::Approved(receipt) => println!("charged {}", receipt.amount_to_show()),
        SaleOutcome::Declined(decline) => println!("declined: {}", decline.advice.message()),
        SaleOutcome::NotCharged(end) => println!("nothing was charged: {}", end.detail),
        SaleOutcome::Unknown(end) => println!("not decided, never pay again: {}", end.advice.message()),
    }
    // What is unknown stays stored, so that the next start asks again.
    if outcome.charge() != Charge::Unknown {
        client.acknowledge(sale.id()).await?;
    }
    Ok(())
}
