//! Options every command has, and the configuration they make.

use std::{net::IpAddr, path::PathBuf, time::Duration};

use clap::Args;
use salekit_sandbox::{CheckTiming, HexCase, NotificationUrl, RepeatedPerform, SandboxConfig, TEST_CONTROL_KEY};

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
    /// The shop's name on the 3-D Secure page
    #[arg(long, value_name = "NAME", default_value = "Sandbox Coffee")]
    shop_name: String,
    /// Emit signatures in lower-case hex
    #[arg(long)]
    lower_case_signatures: bool,
    /// Check with the shop before perform is answered, not after
    #[arg(long)]
    check_before_answer: bool,
    /// Answer a repeated perform with the first answer, not with an error
    #[arg(long)]
    replay_performs: bool,
    /// Notify card mappings at /sale/{invoiceId}/notification, not /sale/notification
    #[arg(long)]
    notify_with_invoice: bool,
    /// Answer errors with HTTP 200, as some gateways do
    #[arg(long)]
    errors_in_ok: bool,
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
    pub(crate) fn into_config(self) -> SandboxConfig {
        SandboxConfig::default()
            .listen(self.listen)
            .host_names(self.host_name)
            .ca_file(self.ca_file)
            .database(self.database)
            .control_key(self.control_key)
            .endpoint_id(self.endpoint_id)
            .base_path(self.base_path)
            .shop_name(self.shop_name)
            .hex_case(if self.lower_case_signatures {
                HexCase::Lower
            } else {
                HexCase::Upper
            })
            .check_timing(if self.check_before_answer {
                CheckTiming::BeforeAnswer
            } else {
                CheckTiming::AfterAnswer
            })
            .repeated_perform(if self.replay_performs {
                RepeatedPerform::Replay
            } else {
                RepeatedPerform::Refuse
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
    }
}
