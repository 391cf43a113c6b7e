//! Options every command has, and the configuration they make.

use std::{
    net::IpAddr,
    path::{Path, PathBuf},
    str::FromStr,
    time::Duration,
};

use clap::{Args, ValueEnum};
use salekit_sandbox::{
    CheckTiming, HexCase, InspectorPort, NotificationUrl, RepeatedPerform, SandboxConfig, TEST_CONTROL_KEY,
    TokenExtension,
};

use super::{failure::Failure, lan};

/// Where the inspector answers if nothing else is said; another one if it is taken.
const INSPECTOR: u16 = 8445;

/// Options of commands that can run an inspector.
#[derive(Args, Clone, Copy)]
pub(crate) struct Inspect {
    /// Run the inspector on this port of 127.0.0.1 [default: 8445, or a free one if it is taken]; 0 takes a free one
    #[arg(long, value_name = "PORT", num_args = 0..=1, conflicts_with = "no_inspect")]
    inspect: Option<Option<u16>>,
    /// Run no inspector
    #[arg(long)]
    no_inspect: bool,
}

impl Inspect {
    /// Nothing was said.
    pub(crate) const fn none() -> Self {
        Self {
            inspect: None,
            no_inspect: false,
        }
    }

    /// The port, where the inspector is on unless told otherwise.
    pub(crate) fn on_by_default(self) -> InspectorPort {
        match self {
            Self { no_inspect: true, .. } => InspectorPort::Off,
            Self {
                inspect: Some(Some(port)),
                ..
            } => InspectorPort::Exactly(port),
            _ => InspectorPort::Preferably(INSPECTOR),
        }
    }

    /// The port, where the inspector is off unless asked for.
    pub(crate) fn off_by_default(self) -> InspectorPort {
        match self.inspect {
            None => InspectorPort::Off,
            Some(_) => self.on_by_default(),
        }
    }
}

#[derive(Args)]
pub(crate) struct Options {
    /// Address to listen on
    #[arg(long, default_value = "127.0.0.1")]
    listen: IpAddr,
    /// A further name or address the certificate is valid for; may be repeated
    #[arg(long, value_name = "NAME")]
    host_name: Vec<String>,
    /// Where to write the certificate authority's certificate (PEM)
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Folder that the certificate authority and its key are kept in, so that a device trusts once [default: that of
    /// --database; without either a new authority is made at each start]
    #[arg(long, value_name = "FOLDER")]
    authority: Option<PathBuf>,
    /// For an emulator, a simulator or a device on the same network: listen on every address, with a certificate that is
    /// good for it, and print what to enter there
    #[arg(long, conflicts_with = "listen")]
    lan: bool,
    /// SQLite file; in memory without one
    #[arg(long, value_name = "FILE")]
    database: Option<PathBuf>,
    /// Key of the signatures: hex digits, with or without dashes
    #[arg(long, value_name = "KEY", default_value = TEST_CONTROL_KEY, hide_default_value = true)]
    control_key: String,
    /// Entry point id, digits
    #[arg(long, value_name = "ID", default_value = "1144")]
    endpoint_id: String,
    /// Path in front of the gateway's /dapi/v1/…
    #[arg(long, value_name = "PATH", default_value = "/paynet")]
    base_path: String,
    /// The merchant's name on the 3-D Secure page
    #[arg(long, value_name = "NAME", default_value = "Sandbox Coffee")]
    merchant_name: String,
    /// Emit signatures in lower-case hex
    #[arg(long)]
    lower_case_signatures: bool,
    /// When check sale happens: after-answer, before-answer, never, or milliseconds after the perform answer
    #[arg(long, value_name = "WHEN", default_value = "after-answer")]
    check_sale: Check,
    /// Answer to a repeated perform: replay (the first answer again), or the HTTP status and cause of an error
    #[arg(long, value_name = "ANSWER", default_value = "400:INVALID_REQUEST")]
    repeated_perform: Repeated,
    /// What the merchant's server offers of the session-token extension
    #[arg(long, value_enum, value_name = "PART", default_value = "with-void")]
    token_extension: Extension,
    /// Notify card mappings at /sale/{invoiceId}/notification, not /sale/notification
    #[arg(long)]
    notify_with_invoice: bool,
    /// Answer errors with HTTP 200, as some gateways do
    #[arg(long)]
    errors_in_ok: bool,
    /// Name the currency in the status answer; the documents' table does not
    #[arg(long)]
    status_currency: bool,
    /// The only currency that the entry point takes, ISO 4217 [default: any]
    #[arg(long, value_name = "CODE", value_parser = currency)]
    endpoint_currency: Option<String>,
    /// Send no callbacks
    #[arg(long)]
    no_callbacks: bool,
    /// Milliseconds the processor takes
    #[arg(long, value_name = "MS", default_value_t = 400)]
    processing_delay: u64,
    /// Milliseconds the slow processor takes (security code 555)
    #[arg(long, value_name = "MS", default_value_t = 8_000)]
    slow_processing_delay: u64,
    /// Seconds a cardholder may stay on the 3-D Secure pages
    #[arg(long, value_name = "S", default_value_t = 300)]
    challenge_timeout: u64,
    /// Seconds until the challenge nobody answers times out (security code 324)
    #[arg(long, value_name = "S", default_value_t = 15)]
    short_challenge_timeout: u64,
    /// URL scheme a 3-D Secure page may link back to (?return=); may be repeated
    #[arg(long, value_name = "SCHEME", default_value = "salekit")]
    return_scheme: Vec<String>,
}

impl Options {
    /// Whether to print addresses for others on the network.
    pub(crate) fn is_lan(&self) -> bool {
        self.lan
    }

    /// The configuration. Files are looked at here, so that what cannot work is refused before anything listens.
    pub(crate) fn into_config(mut self) -> Result<SandboxConfig, Failure> {
        if self.lan {
            self.listen = IpAddr::from([0, 0, 0, 0]);
            self.host_name.extend(lan::host_names(lan::own_address()));
        }
        for (option, file) in [("--ca-file", &self.ca_file), ("--database", &self.database)] {
            if let Some(file) = file {
                writable(option, file)?;
            }
        }
        let beside_database = |file: &PathBuf| match file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        let authority = self.authority.or_else(|| self.database.as_ref().map(beside_database));
        if let Some(folder) = &authority
            && folder.exists()
            && !folder.is_dir()
        {
            return Err(format!("--authority {}: is a file; name a folder", folder.display()).into());
        }
        Ok(SandboxConfig::default()
            .authority_folder(authority)
            .listen(self.listen)
            .host_names(self.host_name)
            .ca_file(self.ca_file)
            .database(self.database)
            .control_key(self.control_key)
            .endpoint_id(self.endpoint_id)
            .base_path(self.base_path)
            .merchant_name(self.merchant_name)
            .hex_case(if self.lower_case_signatures {
                HexCase::Lower
            } else {
                HexCase::Upper
            })
            .check_timing(self.check_sale.0)
            .repeated_perform(self.repeated_perform.0)
            .token_extension(match self.token_extension {
                Extension::WithVoid => TokenExtension::WithVoid,
                Extension::TokensOnly => TokenExtension::TokensOnly,
                Extension::Off => TokenExtension::Off,
            })
            .notification_url(if self.notify_with_invoice {
                NotificationUrl::WithInvoice
            } else {
                NotificationUrl::Plain
            })
            .errors_in_ok(self.errors_in_ok)
            .callbacks(!self.no_callbacks)
            .processing_delay(Duration::from_millis(self.processing_delay))
            .slow_processing_delay(Duration::from_millis(self.slow_processing_delay))
            .challenge_timeout(Duration::from_secs(self.challenge_timeout))
            .short_challenge_timeout(Duration::from_secs(self.short_challenge_timeout))
            .return_schemes(self.return_scheme)
            .status_currency(self.status_currency)
            .endpoint_currency(self.endpoint_currency))
    }
}

/// A file that can be written there, or that is there.
pub(crate) fn writable(option: &str, file: &Path) -> Result<(), Failure> {
    let shown = file.display();
    if file.is_dir() {
        return Err(format!("{option} {shown}: is a folder; name a file in it").into());
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        Some(folder) if !folder.is_dir() => Err(format!(
            "{option} {shown}: there is no folder {}; make it first",
            folder.display()
        )
        .into()),
        _ => Ok(()),
    }
}

/// An ISO 4217 code.
pub(crate) fn currency(text: &str) -> Result<String, &'static str> {
    match text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase()) {
        true => Ok(text.to_owned()),
        false => Err("three capital letters, for example EUR"),
    }
}

/// A header: name and value.
pub(crate) fn header(text: &str) -> Result<(String, String), &'static str> {
    match text.split_once(':') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim().to_owned(), value.trim().to_owned())),
        _ => Err("name and value with a colon between, for example \"Authorization: Bearer abc\""),
    }
}

/// `after-answer`, `before-answer`, `never`, or `300` (milliseconds).
#[derive(Clone)]
struct Check(CheckTiming);

impl FromStr for Check {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(match text {
            "after-answer" => CheckTiming::AfterAnswer,
            "before-answer" => CheckTiming::BeforeAnswer,
            "never" => CheckTiming::Never,
            delay => match delay.parse() {
                Ok(delay) => CheckTiming::Late(Duration::from_millis(delay)),
                Err(_) => return Err("after-answer, before-answer, never or milliseconds"),
            },
        }))
    }
}

/// `replay`, or `409:INVALID_REQUEST`.
#[derive(Clone)]
struct Repeated(RepeatedPerform);

impl FromStr for Repeated {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "replay" {
            return Ok(Self(RepeatedPerform::Replay));
        }
        let refusal = text.split_once(':').and_then(|(status, cause)| {
            let status = status.parse().ok().filter(|status| (200..600).contains(status))?;
            Some(Self(RepeatedPerform::refuse(status, cause)))
        });
        refusal.ok_or("replay, or status and cause: 409:INVALID_REQUEST")
    }
}

#[derive(Clone, Copy, ValueEnum)]
enum Extension {
    /// Session tokens, and voiding invoices
    WithVoid,
    /// Session tokens only
    TokensOnly,
    /// Nothing
    Off,
}
