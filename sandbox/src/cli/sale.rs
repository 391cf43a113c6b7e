//! `sale`: one sale with everything as options, against the embedded sandbox or somebody's servers.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::{Args, ValueEnum};
use salekit_core::{Headers, InputError, MerchantPaths, SaleClientConfig, SaleRequest, Secret, TlsSettings};
use salekit_sandbox::{Cardholder, Conduct, Sandbox, SandboxConfig};

use super::{
    app::{App, Browser, Ended, Entry, Source},
    console,
    failure::{Failure, told},
    merchant_options::{path, read_pem},
    narrator::Narrator,
    options::header,
    report,
};

/// Exit status for input that cannot be used; nothing was sent then.
const INVALID_INPUT: u8 = 2;

/// Make one sale.
#[derive(Args)]
#[command(after_help = "\
Security codes: 123 is approved; `gateway` prints what the others do.
Exit status: 0 if the sale was made, whatever its outcome, 1 if it could not be or ended otherwise than --expect, 2 for input
that cannot be used.")]
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
    /// Repeat sale: the id of a stored card instead of a card; an earlier sale printed it ("stored as …", client_card_id in
    /// JSON)
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
    /// Base URL of the merchant's server, with --gateway-url: https, or http on this machine
    #[arg(long, value_name = "URL", requires = "gateway_url")]
    merchant_url: Option<String>,
    /// Further certificate authorities to trust, with --gateway-url (PEM); may hold several certificates
    #[arg(long, value_name = "FILE", requires = "gateway_url")]
    ca_file: Option<PathBuf>,
    /// SQLite file of the embedded sandbox, to find stored cards again
    #[arg(long, value_name = "FILE", conflicts_with = "gateway_url")]
    database: Option<PathBuf>,
    /// Path of the access token at the merchant's server, with --merchant-url
    #[arg(long, value_name = "PATH", default_value = "/auth/request-access-token", value_parser = path)]
    access_token_path: String,
    /// Use this access token, not one that the merchant's server is asked for
    #[arg(long, value_name = "TOKEN")]
    access_token: Option<String>,
    /// A header that the app sends to the merchant's server, for example "Authorization: Bearer …"; may be repeated
    #[arg(long, value_name = "NAME: VALUE", value_parser = header, requires = "merchant_url")]
    header: Vec<(String, String)>,
    /// Path of initiate sale at the merchant's server, with --merchant-url
    #[arg(long, value_name = "PATH", default_value = "/sale/initiate-sale", value_parser = path)]
    initiate_path: String,
    /// Path of the session token at the merchant's server, or "none" if it does not offer the extension
    #[arg(long, value_name = "PATH", default_value = "/sale/{invoiceId}/session-token", value_parser = path_or_none)]
    session_token_path: Offered,
    /// Path of the stored card at the merchant's server, or "none" if it does not offer the extension
    #[arg(long, value_name = "PATH", default_value = "/sale/{invoiceId}/stored-card", value_parser = path_or_none)]
    stored_card_path: Offered,
    /// The order that the sale is for
    #[arg(long, value_name = "ID")]
    merchant_order_id: Option<String>,
    /// What the simulated cardholder does on the 3-D Secure page
    #[arg(long, value_enum, value_name = "CONDUCT", default_value = "authenticates")]
    cardholder: CardholderWord,
    /// End with status 1 unless the sale ends like this
    #[arg(long, value_enum, value_name = "OUTCOME")]
    expect: Option<Expected>,
    /// Print each request and its answer's status to the standard error; never a body
    #[arg(long)]
    verbose: bool,
    /// Seconds the gateway may be processing
    #[arg(long, value_name = "S", default_value_t = 180)]
    processing_timeout: u64,
    /// Let a person authenticate in the system's browser
    #[arg(long)]
    browser: bool,
    /// Print one JSON object and nothing else, also if the sale could not be made
    #[arg(long)]
    json: bool,
}

/// A path, where there is one.
#[derive(Debug, Clone)]
struct Offered(Option<String>);

fn path_or_none(text: &str) -> Result<Offered, String> {
    match text {
        "none" => Ok(Offered(None)),
        text => path(text).map(|path| Offered(Some(path))),
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum CardholderWord {
    /// Types the right password
    Authenticates,
    /// Types a wrong one, then the right one
    MistypesOnce,
    /// Types wrong ones only
    Mistypes,
    /// Presses cancel
    Cancels,
    /// Opens the page and does nothing
    WalksAway,
}

impl From<CardholderWord> for Conduct {
    fn from(word: CardholderWord) -> Self {
        match word {
            CardholderWord::Authenticates => Self::Authenticates,
            CardholderWord::MistypesOnce => Self::MistypesOnce,
            CardholderWord::Mistypes => Self::MistypesPassword,
            CardholderWord::Cancels => Self::Cancels,
            CardholderWord::WalksAway => Self::WalksAway,
        }
    }
}

/// The names of outcomes, as the report gives them.
#[derive(Clone, Copy, ValueEnum)]
#[value(rename_all = "snake_case")]
enum Expected {
    Approved,
    Declined,
    NotCharged,
    Unknown,
}

impl Expected {
    const fn name(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Declined => "declined",
            Self::NotCharged => "not_charged",
            Self::Unknown => "unknown",
        }
    }
}

impl MakeSale {
    /// Makes the sale. A decline is no failure of the tool, unless something else was expected.
    pub(crate) async fn run(self) -> Result<ExitCode, Failure> {
        let request = match self.request() {
            Ok(request) => request,
            Err(error) => return self.refuse(&error),
        };
        match self.sell(request).await {
            Ok(ended) => self.tell(&ended),
            Err(error) => {
                if let Some(error) = error.downcast_ref::<InputError>() {
                    return self.refuse(error);
                }
                if self.json {
                    console::say(serde_json::json!({ "error": { "message": told(error.as_ref()) } }))?;
                }
                Err(error)
            }
        }
    }

    async fn sell(&self, request: SaleRequest) -> Result<Ended, Failure> {
        let mut narrator = Narrator::new(self.json);
        let window = Duration::from_secs(self.processing_timeout);
        let conduct = Conduct::from(self.cardholder);
        if let (Some(gateway), Some(merchant)) = (&self.gateway_url, &self.merchant_url) {
            let extra_roots_pem = match &self.ca_file {
                Some(file) => Some(read_pem("--ca-file", file)?),
                None => None,
            };
            let browser = match &extra_roots_pem {
                Some(pem) if !self.browser => Browser::Simulated(Cardholder::trusting(pem)?, conduct),
                _ => Browser::Human,
            };
            // Plain HTTP is for servers on this machine; the core refuses it for others.
            let is_plain = [gateway, merchant].iter().any(|url| url.starts_with("http://"));
            let config = match is_plain {
                true => SaleClientConfig::for_loopback(gateway, merchant)?,
                false => SaleClientConfig::new(gateway, merchant)?,
            };
            let config = config
                .with_processing_timeout(window)
                .with_merchant_paths(self.paths())
                .with_tls(TlsSettings {
                    extra_roots_pem,
                    ..TlsSettings::default()
                });
            let headers = self
                .header
                .iter()
                .map(|(name, value)| (name.clone(), Secret::new(value)));
            let app = App::new(config, browser, self.verbose, Headers::new(headers)?)?;
            narrator.begin(&format!("A sale at {gateway}"));
            app.sell(request, None, &mut narrator).await
        } else {
            let sandbox = Sandbox::start(SandboxConfig::default().database(self.database.clone())).await?;
            let browser = match self.browser {
                true => Browser::Human,
                false => Browser::Simulated(Cardholder::trusting(sandbox.ca_pem())?, conduct),
            };
            let app = App::of_sandbox(&sandbox, browser, window, self.verbose)?;
            narrator.begin(&format!("A sale at the embedded sandbox, {}", sandbox.gateway_url()));
            let ended = app.sell(request, Some(sandbox.observe()), &mut narrator).await;
            sandbox.shutdown().await;
            ended
        }
    }

    fn paths(&self) -> MerchantPaths {
        MerchantPaths {
            access_token: Some(self.access_token_path.clone()),
            initiate: self.initiate_path.clone(),
            session_token: self.session_token_path.0.clone(),
            stored_card: self.stored_card_path.0.clone(),
        }
    }

    fn tell(&self, ended: &Ended) -> Result<ExitCode, Failure> {
        let name = ended.outcome.name();
        let expected = self.expect.map(Expected::name);
        let is_expected = expected.is_none_or(|expected| expected == name);
        if self.json {
            let mut report = report::to_json(ended);
            if let Some(expected) = expected {
                report["expected"] = expected.into();
                report["is_expected"] = is_expected.into();
            }
            console::say(report)?;
        } else {
            console::say(format_args!("       {}", report::to_text(ended)))?;
        }
        if let (false, Some(expected)) = (is_expected, expected) {
            eprintln!("error: the sale ended as {name}, expected {expected}");
            return Ok(ExitCode::FAILURE);
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
        .map(|mut request| {
            if let Some(token) = &self.access_token {
                request = request.with_access_token(token.as_str().into());
            }
            if let Some(order) = &self.merchant_order_id {
                request = request.with_merchant_order_id(order.as_str());
            }
            request
        })
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
