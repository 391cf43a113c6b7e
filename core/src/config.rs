//! What an app configures once: addresses, patience, transport security.

use std::{path::PathBuf, time::Duration};

use url::Url;

#[cfg(feature = "https")]
use crate::Security;
use crate::{InputError, Pacing, Plan, Rule, redirect};

/// Paths on the shop's server. The protocol leaves them to the shop; these are the ones its documents and samples use.
/// `{invoiceId}` stands for the invoice's id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShopPaths {
    /// Where the app gets an access token (GET); `None` if the app brings its own.
    pub access_token: Option<String>,
    /// Initiate sale (POST).
    pub initiate: String,
    /// SaleKit's extension: the session token of an invoice (POST); `None` if the shop does not offer it.
    pub session_token: Option<String>,
    /// SaleKit's extension: the stored card of an invoice (POST); `None` if the shop does not offer it.
    pub stored_card: Option<String>,
}

impl Default for ShopPaths {
    fn default() -> Self {
        Self {
            access_token: Some("/auth/request-access-token".to_owned()),
            initiate: "/sale/initiate-sale".to_owned(),
            session_token: Some("/sale/{invoiceId}/session-token".to_owned()),
            stored_card: Some("/sale/{invoiceId}/stored-card".to_owned()),
        }
    }
}

/// A SaleKit configuration. Addresses are checked when it is made, before anything is sent.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    pub(crate) gateway: Url,
    pub(crate) shop: Url,
    pub(crate) shop_paths: ShopPaths,
    pub(crate) plan: Plan,
    #[cfg(feature = "https")]
    pub(crate) security: Security,
    pub(crate) store_directory: Option<PathBuf>,
    pub(crate) connect_limit: Duration,
    pub(crate) answer_limit: Duration,
}

impl Config {
    /// A configuration for the gateway with this base URL (as the brand's documents give it, for example
    /// `https://sandbox.toptechpay.net/payment`; see [`crate::brand_profiles`]) and the shop's server with this one.
    ///
    /// # Errors
    /// [`InputError`] for `gatewayUrl` or `shopUrl` if it is no `https` address.
    pub fn new(gateway_url: &str, shop_url: &str) -> Result<Self, InputError> {
        Ok(Self {
            gateway: base("gatewayUrl", gateway_url, false)?,
            shop: base("shopUrl", shop_url, false)?,
            shop_paths: ShopPaths::default(),
            plan: Plan::default(),
            #[cfg(feature = "https")]
            security: Security::default(),
            store_directory: None,
            connect_limit: Duration::from_secs(10),
            answer_limit: Duration::from_secs(30),
        })
    }

    /// Like [`Config::new`], but `http` is allowed for loopback addresses, here and for the challenge's page. For tests
    /// on one machine.
    ///
    /// # Errors
    /// As [`Config::new`].
    pub fn for_loopback(gateway_url: &str, shop_url: &str) -> Result<Self, InputError> {
        let gateway = base("gatewayUrl", gateway_url, true)?;
        let shop = base("shopUrl", shop_url, true)?;
        let mut config = Self::new("https://localhost", "https://localhost")?;
        (config.gateway, config.shop, config.plan.allows_loopback_http) = (gateway, shop, true);
        Ok(config)
    }

    /// Where snapshots are stored. Without a directory they live in memory and a killed app cannot go on.
    #[must_use]
    pub fn with_store_directory(mut self, directory: impl Into<PathBuf>) -> Self {
        self.store_directory = Some(directory.into());
        self
    }

    /// The shop's paths. What a shop does not offer is not asked for.
    #[must_use]
    pub fn with_shop_paths(mut self, paths: ShopPaths) -> Self {
        self.plan.can_request_access_token = paths.access_token.is_some();
        self.plan.can_recover_session = paths.session_token.is_some();
        self.plan.wants_stored_card = paths.stored_card.is_some();
        self.shop_paths = paths;
        self
    }

    /// The pace of status requests; [`Pacing::strict`] by default.
    #[must_use]
    pub const fn with_pacing(mut self, pacing: Pacing) -> Self {
        self.plan.pacing = pacing;
        self
    }

    /// How long the gateway may be processing; 3 minutes by default.
    #[must_use]
    pub fn with_processing_window(mut self, window: Duration) -> Self {
        self.plan.processing_window = milliseconds(window);
        self
    }

    /// How long the cardholder may take for the challenge; 10 minutes by default.
    #[must_use]
    pub fn with_challenge_window(mut self, window: Duration) -> Self {
        self.plan.challenge_window = milliseconds(window);
        self
    }

    /// How long the shop's server is asked for a lost session token; 30 seconds by default.
    #[must_use]
    pub fn with_recovery_window(mut self, window: Duration) -> Self {
        self.plan.recovery_window = milliseconds(window);
        self
    }

    /// How long a connection and a whole answer may take; 10 and 30 seconds by default. An answer is given a second more
    /// than a connection at least, so that a connection that took its time leaves some for the answer. More than five
    /// minutes count as five minutes: every sale ends.
    #[must_use]
    pub fn with_time_limits(mut self, connect: Duration, answer: Duration) -> Self {
        (self.connect_limit, self.answer_limit) = (connect.min(LONGEST_LIMIT), answer.min(LONGEST_LIMIT));
        self
    }

    /// Trust beyond the defaults, for the default transport.
    #[cfg(feature = "https")]
    #[must_use]
    pub fn with_security(mut self, security: Security) -> Self {
        self.security = security;
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

    /// The shop's base URL.
    pub const fn shop_url(&self) -> &Url {
        &self.shop
    }
}

/// Nobody waits longer for a server, and a sum of such limits is a duration.
const LONGEST_LIMIT: Duration = Duration::from_secs(300);

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// A base URL: a server's address whose path ends without a slash, so that paths can be appended.
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

/// `base` and `path`, in which `{invoiceId}` is replaced; every segment is escaped, so that an id stays one segment.
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
        let shop = "https://shop.example";
        for refused in [
            "",
            "gateway.example",
            "http://gateway.example",
            "https://u:p@gateway.example",
            "ftp://x",
        ] {
            assert_eq!(Config::new(refused, shop).unwrap_err().field, "gatewayUrl", "{refused}");
        }
        assert_eq!(
            Config::new(shop, "https://shop.example?x=1").unwrap_err().field,
            "shopUrl"
        );
        assert!(Config::new("http://127.0.0.1:1/paynet", shop).is_err());
        assert!(Config::for_loopback("http://127.0.0.1:1/paynet", shop).is_ok());
    }

    #[test]
    fn an_id_cannot_leave_its_segment() {
        let config = Config::new("https://gateway.example/paynet/", "https://shop.example").unwrap();
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
