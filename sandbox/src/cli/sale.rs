//! `sale`: one sale with everything as options, against the embedded sandbox or somebody's servers.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::Args;
use salekit_core::{InputError, SaleClientConfig, SaleRequest, TlsSettings};
use salekit_sandbox::{Cardholder, Sandbox, SandboxConfig};

use super::{
    Failure,
    app::{App, Browser, Entry, Source},
    console,
    narrator::Narrator,
    report,
};

/// Exit status for input that cannot be used; nothing was sent then.
const INVALID_INPUT: u8 = 2;

/// Make one sale.
#[derive(Args)]
pub(crate) struct MakeSale {
    /// Amount in the currency's major units
    #[arg(long, default_value = "10.50")]
    amount: String,
    /// ISO 4217 code
    #[arg(long, default_value = "EUR")]
    currency: String,
    /// Card number; the sandbox takes any that passes its check digit
    #[arg(
        long,
        value_name = "NUMBER",
        default_value = "4111111111111111",
        conflicts_with = "client_card_id"
    )]
    card: String,
    /// Expiry date, month and year
    #[arg(long, value_name = "MM/YYYY", default_value = "12/2030")]
    expiry: String,
    /// Name on the card
    #[arg(long, value_name = "NAME", default_value = "ADA LOVELACE")]
    holder: String,
    /// Security code; in the sandbox it decides the outcome
    #[arg(long, value_name = "CODE", default_value = "123")]
    security_code: String,
    /// Repeat sale: the id of a stored card instead of a card
    #[arg(long, value_name = "ID")]
    client_card_id: Option<String>,
    /// The consumer's e-mail; needed in a repeat sale if the card was stored with one
    #[arg(long)]
    email: Option<String>,
    /// The device's serial number
    #[arg(long, value_name = "SERIAL", default_value = "demo-device-0001")]
    serial_number: String,
    /// Base URL of a gateway, instead of the embedded sandbox
    #[arg(long, value_name = "URL", requires = "merchant_url")]
    gateway_url: Option<String>,
    /// Base URL of the merchant's server, with --gateway-url
    #[arg(long, value_name = "URL", requires = "gateway_url")]
    merchant_url: Option<String>,
    /// Further certificate authorities to trust, with --gateway-url (PEM)
    #[arg(long, value_name = "FILE", requires = "gateway_url")]
    ca_file: Option<PathBuf>,
    /// SQLite file of the embedded sandbox, to find stored cards again
    #[arg(long, value_name = "FILE", conflicts_with = "gateway_url")]
    database: Option<PathBuf>,
    /// Seconds the gateway may be processing
    #[arg(long, value_name = "S", default_value_t = 180)]
    processing_timeout: u64,
    /// Let a person authenticate in the system's browser
    #[arg(long)]
    browser: bool,
    /// Print one JSON object and nothing else
    #[arg(long)]
    json: bool,
}

impl MakeSale {
    /// Makes the sale. A decline is no failure of the tool.
    pub(crate) async fn run(self) -> Result<ExitCode, Failure> {
        let request = match self.request() {
            Ok(request) => request,
            Err(error) => return self.refuse(&error),
        };
        let mut narrator = Narrator::new(self.json);
        let window = Duration::from_secs(self.processing_timeout);
        let ended = if let (Some(gateway), Some(merchant)) = (&self.gateway_url, &self.merchant_url) {
            let config = match SaleClientConfig::new(gateway, merchant) {
                Ok(config) => config.with_processing_timeout(window),
                Err(error) => return self.refuse(&error),
            };
            let extra_roots_pem = self.ca_file.as_ref().map(std::fs::read_to_string).transpose()?;
            let browser = match &extra_roots_pem {
                Some(pem) if !self.browser => Browser::Simulated(Cardholder::trusting(pem)?),
                _ => Browser::Human,
            };
            let app = App::new(
                config.with_tls(TlsSettings {
                    extra_roots_pem,
                    ..TlsSettings::default()
                }),
                browser,
            )?;
            narrator.begin(&format!("A sale at {gateway}"));
            app.sell(request, None, &mut narrator).await?
        } else {
            let sandbox = Sandbox::start(SandboxConfig::default().database(self.database.clone())).await?;
            let browser = match self.browser {
                true => Browser::Human,
                false => Browser::Simulated(Cardholder::trusting(sandbox.ca_pem())?),
            };
            let app = App::of_sandbox(&sandbox, browser, window)?;
            narrator.begin(&format!("A sale at the embedded sandbox, {}", sandbox.gateway_url()));
            let ended = app.sell(request, Some(sandbox.observe()), &mut narrator).await?;
            sandbox.shutdown().await;
            ended
        };
        if self.json {
            console::say(report::to_json(&ended))?;
        } else {
            console::say(format_args!("       {}", report::to_text(&ended)))?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn request(&self) -> Result<SaleRequest, InputError> {
        let source = match &self.client_card_id {
            Some(client_card_id) => Source::Stored {
                client_card_id: client_card_id.clone(),
                mapped_with_email: self.email.is_some(),
            },
            None => Source::Card {
                number: self.card.clone(),
                expiry: self.expiry.clone(),
                holder: self.holder.clone(),
            },
        };
        Entry {
            amount: self.amount.clone(),
            currency: self.currency.clone(),
            source,
            security_code: self.security_code.clone(),
            email: self.email.clone(),
            serial_number: self.serial_number.clone(),
        }
        .request()
    }

    /// Says what is wrong with the input. The input itself is not repeated.
    fn refuse(&self, error: &InputError) -> Result<ExitCode, Failure> {
        if self.json {
            let (field, code, message) = (error.field, error.rule.code(), error.to_string());
            console::say(serde_json::json!({ "error": { "field": field, "rule": code, "message": message } }))?;
        }
        eprintln!("error: {error}");
        Ok(ExitCode::from(INVALID_INPUT))
    }
}
