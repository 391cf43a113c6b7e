//! `check-merchant`: a conformance run against a merchant's server.

use std::{process::ExitCode, time::Duration};

use clap::Args;
use salekit_sandbox::{MerchantCheck, MerchantPaths, TEST_CONTROL_KEY};
use url::Url;

use super::{
    console,
    failure::Failure,
    merchant_options::{MerchantOptions, address, path},
    options::{currency, header},
};

/// Exit status of a run that found something wrong.
const DOES_NOT_CONFORM: u8 = 1;

/// Exit status for options that cannot be used; nothing was sent then.
const INVALID_OPTION: u8 = 2;

/// Check a merchant's server of your own: play app and gateway, and say what it does wrong.
#[derive(Args)]
#[command(after_help = "\
Exit status: 0 if every check that was made passed, 1 if one failed, 2 if an option cannot be used.
The run begins sales at the server, but no card is sent and nothing is charged. No gateway has to run.")]
pub(crate) struct CheckMerchant {
    /// Base URL of the merchant's server: https, or http on this machine
    #[arg(value_name = "URL", value_parser = address)]
    url: Url,
    /// The control key that the server is configured with [default: the sandbox's test key]
    #[arg(long, value_name = "KEY", default_value = TEST_CONTROL_KEY, hide_default_value = true)]
    control_key: String,
    /// The entry point id that the server is configured with
    #[arg(long, value_name = "ID", default_value = "1144")]
    endpoint_id: String,
    /// Amount of each sale, in minor units
    #[arg(long, value_name = "N", default_value_t = 1_050, value_parser = clap::value_parser!(u64).range(1..))]
    amount: u64,
    /// Currency of each sale, ISO 4217
    #[arg(long, value_name = "CODE", default_value = "EUR", value_parser = currency)]
    currency: String,
    /// The order that the sales are for [default: "conformance run", and none with --access-token]
    #[arg(long, value_name = "ID")]
    merchant_order_id: Option<String>,
    /// Access token of one order, which --amount, --currency and --merchant-order-id describe: one sale is made with it, and
    /// it must pay nothing else. Without it the server is asked for tokens, and more is checked
    #[arg(long, value_name = "TOKEN")]
    access_token: Option<String>,
    /// A header that the app sends, for example "Authorization: Bearer …"; may be repeated
    #[arg(long, value_name = "NAME: VALUE", value_parser = header)]
    header: Vec<(String, String)>,
    /// Path of the access token at the server
    #[arg(long, value_name = "PATH", default_value = "/auth/request-access-token", value_parser = path)]
    access_token_path: String,
    /// Path of initiate sale at the server
    #[arg(long, value_name = "PATH", default_value = "/sale/initiate-sale", value_parser = path)]
    initiate_path: String,
    /// Path of the session token at the server, an extension
    #[arg(long, value_name = "PATH", default_value = "/sale/{invoiceId}/session-token", value_parser = path)]
    session_token_path: String,
    /// Path of the stored card at the server, an extension
    #[arg(long, value_name = "PATH", default_value = "/sale/{invoiceId}/stored-card", value_parser = path)]
    stored_card_path: String,
    #[command(flatten)]
    merchant: MerchantOptions,
    /// The server has no callback URL
    #[arg(long)]
    no_callbacks: bool,
    /// Milliseconds that an answer may take
    #[arg(long, value_name = "MS", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..))]
    answer_limit: u64,
    /// Print the report as one JSON object and nothing else
    #[arg(long)]
    json: bool,
}

impl CheckMerchant {
    pub(crate) async fn run(self) -> Result<ExitCode, Failure> {
        let json = self.json;
        let check = match self.check() {
            Ok(check) => check,
            Err(error) => {
                if json {
                    console::say(serde_json::json!({"error": {"message": error.to_string()}}))?;
                }
                eprintln!("error: {error}");
                return Ok(ExitCode::from(INVALID_OPTION));
            }
        };
        let report = check.run().await?;
        if json {
            console::say(serde_json::to_string_pretty(&report)?)?;
        } else {
            console::say(&report)?;
        }
        Ok(match report.conforms {
            true => ExitCode::SUCCESS,
            false => ExitCode::from(DOES_NOT_CONFORM),
        })
    }

    fn check(self) -> Result<MerchantCheck, Failure> {
        let paths = MerchantPaths {
            access_token: self.access_token_path,
            initiate: self.initiate_path,
            session_token: self.session_token_path,
            stored_card: self.stored_card_path,
            ..MerchantPaths::default()
        };
        let order = self.merchant_order_id.unwrap_or_else(|| match self.access_token {
            Some(_) => String::new(),
            None => "conformance run".to_owned(),
        });
        let has_one_path = self.merchant.names_notification_path();
        let server = self.merchant.server("URL", self.url, paths)?;
        let mut check = MerchantCheck::new(server)?
            .entry_point(&self.control_key, &self.endpoint_id)?
            .order(self.amount, &self.currency, &order)
            .answer_limit(Duration::from_millis(self.answer_limit));
        if let Some(token) = self.access_token {
            check = check.access_token(token);
        }
        if has_one_path {
            check = check.without_other_notification_path();
        }
        if self.no_callbacks {
            check = check.without_callbacks();
        }
        for (name, value) in &self.header {
            check = check.header(name, value)?;
        }
        Ok(check)
    }
}
