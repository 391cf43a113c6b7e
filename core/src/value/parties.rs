//! The two parties of a sale: a gateway and a merchant's server. A sale's tokens go to these two and to no other
//! server.

use serde::Serialize;
use url::Url;

use crate::json::{Parts, Stored, Value, stored_struct, variant};

/// The gateway and the merchant's server of a client, and of each sale that it starts.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct Parties {
    /// The gateway's configured base URL in normal form: host in lower case, no default port, no slash at the end.
    pub gateway_url: String,
    /// The merchant's server.
    pub merchant: MerchantServer,
}

stored_struct!(Parties { gateway_url, merchant });

/// The merchant's server that a client asks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MerchantServer {
    /// The server at this base URL, in normal form as [`Parties::gateway_url`].
    At {
        /// The base URL.
        url: String,
    },
    /// The app's own code answers for the merchant. It has no address, so all sales of such clients with one gateway count
    /// as the same merchant's.
    AppBackend,
}

impl MerchantServer {
    /// The server at this base URL.
    pub fn at(url: &Url) -> Self {
        Self::At { url: normal(url) }
    }
}

impl std::fmt::Display for MerchantServer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::At { url } => formatter.write_str(url),
            Self::AppBackend => formatter.write_str("the app's own backend"),
        }
    }
}

impl Stored for MerchantServer {
    fn read(value: Value<'_>) -> Option<Self> {
        let (name, held) = variant(value)?;
        Some(match name.as_str() {
            "at" => Self::At {
                url: Parts::of(held)?.part("url")?,
            },
            "app_backend" => Self::AppBackend,
            _ => return None,
        })
    }
}

impl Parties {
    /// The gateway at this base URL, and the merchant's server.
    pub fn new(gateway: &Url, merchant: MerchantServer) -> Self {
        Self {
            gateway_url: normal(gateway),
            merchant,
        }
    }

    /// Whether both ask the same merchant's server, so that their merchant order ids name the same orders.
    pub(crate) fn have_merchant_of(&self, other: &Self) -> bool {
        self.merchant == other.merchant
            && (self.merchant != MerchantServer::AppBackend || self.gateway_url == other.gateway_url)
    }
}

impl std::fmt::Display for Parties {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "gateway {}, merchant {}", self.gateway_url, self.merchant)
    }
}

/// Removes the slash at the end. Parsing has already normalised everything else.
fn normal(url: &Url) -> String {
    url.as_str().trim_end_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SaleClientConfig;

    #[test]
    fn one_address_has_one_form() {
        let parties = |gateway, merchant| {
            let config = SaleClientConfig::new(gateway, merchant).unwrap();
            Parties::new(config.gateway_url(), MerchantServer::at(config.merchant_url()))
        };
        let plain = parties("https://gateway.example/paynet", "https://shop.example");
        assert_eq!(
            plain.to_string(),
            "gateway https://gateway.example/paynet, merchant https://shop.example"
        );
        assert_eq!(
            parties("https://GATEWAY.example:443/paynet/", "https://shop.example/"),
            plain
        );
        for (gateway, merchant) in [
            ("https://gateway.example/payment", "https://shop.example"),
            ("https://gateway.example", "https://shop.example"),
            ("https://gateway.example:444/paynet", "https://shop.example"),
            ("https://other.example/paynet", "https://shop.example"),
            ("https://gateway.example/paynet", "https://shop.example/api"),
        ] {
            assert_ne!(parties(gateway, merchant), plain, "{gateway}, {merchant}");
        }
    }
}
