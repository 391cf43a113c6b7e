//! `demo`: five sales against the embedded sandbox, and whether the app says the same as the gateway's ledger.

use std::{process::ExitCode, time::Duration};

use clap::Args;
use salekit_core::SaleOutcome;
use salekit_sandbox::{Cardholder, Conduct, Entry as LedgerEntry, EntryState, Ledger, Sandbox, SandboxConfig};

use super::{
    app::{App, Browser, Ended, Entry, Source},
    console,
    failure::Failure,
    narrator::Narrator,
    options::Inspect,
    report,
};

/// Long enough for every sale of the demonstration but the one whose bank never answers.
const WINDOW: Duration = Duration::from_secs(3);

/// Make five sales against an embedded sandbox; the default.
#[derive(Args)]
pub(crate) struct Demo {
    #[command(flatten)]
    inspect: Inspect,
}

impl Default for Demo {
    fn default() -> Self {
        Self {
            inspect: Inspect::none(),
        }
    }
}

impl Demo {
    /// Runs the demonstration. Fails if any outcome is not what the ledger says.
    pub(crate) async fn run(self) -> Result<ExitCode, Failure> {
        run(SandboxConfig::default().inspector(self.inspect.off_by_default())).await
    }
}

async fn run(config: SandboxConfig) -> Result<ExitCode, Failure> {
    let sandbox = Sandbox::start(config).await?;
    let browser = Browser::Simulated(Cardholder::trusting(sandbox.ca_pem())?, Conduct::Authenticates);
    let app = App::of_sandbox(&sandbox, browser, WINDOW, false)?;
    let mut narrator = Narrator::new(false);
    narrator.say(&format!(
        "A sandbox runs on this machine: gateway {}, merchant {}.\nEvery line is a message that one of them saw; \
         the number is its step in the documents' sequence diagram.",
        sandbox.gateway_url(),
        sandbox.merchant_url()
    ));
    let mut rows = Vec::new();
    let mut client_card_id = None;
    for (title, security_code) in [
        ("1. A card without 3-D Secure", "123"),
        (
            "2. A card with 3-D Secure: the page is opened and the password typed",
            "321",
        ),
        ("3. A card without money", "116"),
        ("4. The card of the first sale again, by its clientCardId", "123"),
        ("5. A bank that never answers", "217"),
    ] {
        let source = match (&client_card_id, title.starts_with('4')) {
            (Some(id), true) => Source::Stored {
                client_card_id: String::clone(id),
                mapped_with_email: true,
            },
            (None, true) => return Err("the first sale's card was not stored".into()),
            _ => card(),
        };
        narrator.begin(title);
        let entry = entry(source, security_code);
        let ended = app
            .sell(entry.request()?, Some(sandbox.observe()), &mut narrator)
            .await?;
        narrator.say(&format!("       {}", report::to_text(&ended)));
        if client_card_id.is_none() {
            client_card_id = ended.stored_card.as_ref().map(|card| card.client_card_id.clone());
        }
        rows.push((title, ended));
    }
    let agrees = print_table(&rows, &sandbox.ledger())?;
    if sandbox.inspector().is_some() {
        console::say("")?;
        console::print_inspector(sandbox.inspector())?;
        console::say("Ctrl-C ends.")?;
        tokio::signal::ctrl_c().await?;
    }
    sandbox.shutdown().await;
    if agrees {
        console::say("\nEvery outcome is what the gateway's ledger says.")?;
        Ok(ExitCode::SUCCESS)
    } else {
        console::say("\nAn outcome is not what the gateway's ledger says.")?;
        Ok(ExitCode::FAILURE)
    }
}

fn card() -> Source {
    Source::Card {
        number: "4111 1111 1111 1111".to_owned(),
        expiry: "12/2030".to_owned(),
        holder: "ADA LOVELACE".to_owned(),
    }
}

fn entry(source: Source, security_code: &str) -> Entry {
    Entry {
        amount: "10.50".to_owned(),
        currency: "EUR".to_owned(),
        source,
        security_code: security_code.to_owned(),
        email: Some("ada@example.com".to_owned()),
        serial_number: "demo-device-0001".to_owned(),
    }
}

/// Prints the table. Answers whether the app and the ledger agree on every sale.
fn print_table(rows: &[(&str, Ended)], ledger: &Ledger) -> std::io::Result<bool> {
    console::say(format_args!(
        "\n{:<72} {:<12} {:<12} {:>8} {:>9}",
        "sale", "outcome", "charge", "requests", "time"
    ))?;
    let mut all_agree = true;
    for (title, ended) in rows {
        let outcome = &ended.outcome;
        let agrees = invoice_id(outcome)
            .and_then(|id| ledger.entry(id))
            .is_some_and(|entry| is_true(outcome, &entry));
        all_agree &= agrees;
        console::say(format_args!(
            "{title:<72} {:<12} {:<12} {:>8} {:>7.2} s{}",
            outcome.name(),
            report::charge_word(outcome.charge()),
            ended.requests,
            ended.took.as_secs_f64(),
            if agrees { "" } else { "  ✗ the ledger says otherwise" }
        ))?;
    }
    Ok(all_agree)
}

fn invoice_id(outcome: &SaleOutcome) -> Option<&str> {
    match outcome {
        SaleOutcome::Approved(receipt) => Some(&receipt.invoice_id),
        SaleOutcome::Declined(decline) => Some(&decline.invoice_id),
        SaleOutcome::NotCharged(end) => end.invoice_id.as_deref(),
        SaleOutcome::Unknown(end) => Some(&end.invoice_id),
    }
}

/// Whether `outcome` is what the gateway did: one perform at most, and a charge exactly where the app says so.
fn is_true(outcome: &SaleOutcome, entry: &LedgerEntry) -> bool {
    let is_told = match outcome {
        SaleOutcome::Approved(_) => entry.state == EntryState::Approved && entry.charges == 1,
        SaleOutcome::Declined(_) => entry.state == EntryState::Declined && entry.charges == 0,
        SaleOutcome::NotCharged(_) => entry.charges == 0,
        SaleOutcome::Unknown(_) => entry.unresolvable,
    };
    is_told && entry.performs_received == 1
}
