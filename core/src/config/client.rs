//! What an app configures once: addresses, timeouts and TLS settings.

use std::{path::PathBuf, time::Duration};

use url::Url;

#[cfg(feature = "https")]
use super::tls::TlsSettings;

use super::paths::MerchantPaths;
use crate::{
    flow::{Pacing, Plan},
    value::{InputError, Rule},
    wire::redirect,
};

/// A SaleKit configuration. Addresses are checked when it is created, before anything is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct SaleClientConfig {
    pub(crate) gateway: Url,
    pub(crate) merchant: Url,
    pub(crate) merchant_paths: MerchantPaths,
    pub(crate) plan: Plan,
    #[cfg(feature = "https")]
    pub(crate) tls: TlsSettings,
    pub(crate) store_directory: Option<PathBuf>,
    pub(crate) connect_limit: Duration,
    pub(crate) answer_limit: Duration,
}

impl SaleClientConfig {
    /// A configuration for the gateway and the merchant's server at these base URLs. The gateway's URL is in the
    /// brand's documents, for example `https://sandbox.toptechpay.net/payment`; see [`crate::gateway_profiles`].
    ///
    /// # Errors
    /// [`InputError`] for `gatewayUrl` or `merchantUrl` if it is not an `https` address.
    pub fn new(gateway_url: &str, merchant_url: &str) -> Result<Self, InputError> {
        Ok(Self {
            gateway: base("gatewayUrl", gateway_url, false)?,
            merchant: base("merchantUrl", merchant_url, false)?,
            merchant_paths: MerchantPaths::default(),
            plan: Plan::default(),
            #[cfg(feature = "https")]
            tls: TlsSettings::default(),
            store_directory: None,
            connect_limit: Duration::from_secs(10),
            answer_limit: Duration::from_secs(30),
        })
    }

    /// Like [`SaleClientConfig::new`], but also allows `http` for loopback addresses, including the challenge's page.
    /// For tests on one machine.
    ///
    /// # Errors
    /// As [`SaleClientConfig::new`].
    pub fn for_loopback(gateway_url: &str, merchant_url: &str) -> Result<Self, InputError> {
        let gateway = base("gatewayUrl", gateway_url, true)?;
        let merchant = base("merchantUrl", merchant_url, true)?;
        let mut config = Self::new("https://localhost", "https://localhost")?;
        (config.gateway, config.merchant, config.plan.allows_loopback_http) = (gateway, merchant, true);
        Ok(config)
    }

    /// Where snapshots are stored. Without a directory they exist only in memory, and a sale cannot be resumed after
    /// the app was killed.
    #[must_use]
    pub fn with_store_directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.store_directory = Some(directory.into());
        self
    }

    /// The merchant's paths. SaleKit does not send requests that the merchant does not offer.
    #[must_use]
    pub fn with_merchant_paths(mut self, paths: MerchantPaths) -> Self {
        self.plan.can_request_access_token = paths.access_token.is_some();
        self.plan.can_recover_session = paths.session_token.is_some();
        self.plan.wants_stored_card = paths.stored_card.is_some();
        self.merchant_paths = paths;
        self
    }

    /// The pace of status requests; [`Pacing::strict`] by default.
    #[must_use]
    pub const fn with_pacing(mut self, pacing: Pacing) -> Self {
        self.plan.pacing = pacing;
        self
    }

    /// Status requests at most 0.4 s apart, so that a test against the sandbox takes a second.
    ///
    /// # Errors
    /// [`InputError`] for `gatewayUrl` if it is not a loopback address: a gateway of others must not be asked this often.
    pub fn with_test_pacing(self) -> Result<Self, InputError> {
        if redirect::is_on_this_machine(&self.gateway) {
            Ok(self.with_pacing(Pacing::test()))
        } else {
            let requirement = "the test pace is only for a sandbox on this machine, like https://127.0.0.1:8443";
            Err(InputError::new("gatewayUrl", Rule::Address { requirement }))
        }
    }

    /// How long the gateway may be processing; 3 minutes by default.
    #[must_use]
    pub fn with_processing_timeout(mut self, window: Duration) -> Self {
        self.plan.processing_window = milliseconds(window);
        self
    }

    /// How long the cardholder may take for the challenge; 10 minutes by default.
    #[must_use]
    pub fn with_challenge_timeout(mut self, window: Duration) -> Self {
        self.plan.challenge_window = milliseconds(window);
        self
    }

    /// How long SaleKit asks the merchant's server for a lost session token; 30 seconds by default.
    #[must_use]
    pub fn with_recovery_timeout(mut self, window: Duration) -> Self {
        self.plan.recovery_window = milliseconds(window);
        self
    }

    /// How long a connection and a whole answer may take; 10 and 30 seconds by default. The limit for an answer is
    /// always at least one second more than the one for a connection, so that a slow connection leaves time for the
    /// answer. Values above five minutes are reduced to five minutes, so that every sale ends.
    #[must_use]
    pub fn with_connection_timeouts(mut self, connect: Duration, answer: Duration) -> Self {
        (self.connect_limit, self.answer_limit) = (connect.min(LONGEST_LIMIT), answer.min(LONGEST_LIMIT));
        self
    }

    /// TLS settings that differ from the defaults, for the default transport.
    #[cfg(feature = "https")]
    #[must_use]
    pub fn with_tls(mut self, tls: TlsSettings) -> Self {
        self.tls = tls;
        self
    }

    /// How long a connection and a whole answer may take.
    pub const fn time_limits(&self) -> (Duration, Duration) {
        (self.connect_limit, self.answer_limit)
    }

    /// The gateway's base URL.
    pub const fn gateway_url(&self) -> &Url {
        &self.gateway
    }

    /// The merchant's base URL.
    pub const fn merchant_url(&self) -> &Url {
        &self.merchant
    }
}

/// The limit for one answer. It is short enough that the sum of several limits cannot overflow a `Duration`.
const LONGEST_LIMIT: Duration = Duration::from_secs(300);

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Checks a base URL and removes the slash at the end of its path, so that paths can be appended.
fn base(field: &'static str, address: &str, allows_loopback_http: bool) -> Result<Url, InputError> {
    let mut url = redirect::server(field, address, allows_loopback_http)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(InputError::new(
            field,
            Rule::Address {
                requirement: "it must have no query and no fragment",
            },
        ));
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    Ok(url)
}

/// Appends `path` to `base`, with `{invoiceId}` replaced. Each segment is escaped, so that an id is always exactly one
/// segment.
pub(crate) fn join(base: &Url, path: &str, invoice_id: &str) -> Url {
    let mut url = base.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty();
        for segment in path.split('/').filter(|segment| !segment.is_empty()) {
            segments.push(&segment.replace("{invoiceId}", invoice_id));
        }
    }
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_checked_before_anything_is_sent() {
        let merchant = "https://shop.example";
        for refused in [
            "",
            "gateway.example",
            "http://gateway.example",
            "https://u:p@gateway.example",
            "ftp://x",
        ] {
            assert_eq!(
                SaleClientConfig::new(refused, merchant).unwrap_err().field,
                "gatewayUrl",
                "{refused}"
            );
        }
        assert_eq!(
            SaleClientConfig::new(merchant, "https://shop.example?x=1")
                .unwrap_err()
                .field,
            "merchantUrl"
        );
        assert!(SaleClientConfig::new("http://127.0.0.1:1/paynet", merchant).is_err());
        assert!(SaleClientConfig::for_loopback("http://127.0.0.1:1/paynet", merchant).is_ok());
    }

    #[test]
    fn the_test_pace_is_for_a_gateway_on_this_machine() {
        let paced = |gateway: &str| {
            SaleClientConfig::for_loopback(gateway, "https://shop.example")
                .unwrap()
                .with_test_pacing()
        };
        for gateway in [
            "https://127.0.0.1:8443/paynet",
            "https://localhost",
            "http://[::1]:8080",
        ] {
            assert_eq!(paced(gateway).unwrap().plan.pacing, Pacing::test(), "{gateway}");
        }
        for gateway in [
            "https://gate.example",
            "https://localhost.example",
            "https://10.0.2.2",
            "https://192.168.1.2",
        ] {
            assert_eq!(paced(gateway).unwrap_err().field, "gatewayUrl", "{gateway}");
        }
    }

    #[test]
    fn an_id_cannot_leave_its_segment() {
        let config = SaleClientConfig::new("https://gateway.example/paynet/", "https://shop.example").unwrap();
        let url = join(
            config.gateway_url(),
            "/dapi/v1/sale/1/{invoiceId}/status",
            "a/../b?c#d%2e",
        );
        assert_eq!(
            url.as_str(),
            "https://gateway.example/paynet/dapi/v1/sale/1/a%2F..%2Fb%3Fc%23d%252e/status"
        );
    }
}
