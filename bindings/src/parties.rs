//! The gateway and the merchant's server of a sale, as they cross the FFI boundary. UniFFI has no remote enumerations
//! with members, so these types mirror the core's.

/// The gateway and the merchant's server of a client, and of each sale. See the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct Parties {
    pub gateway_url: String,
    pub merchant: MerchantServer,
}

/// Which server of the merchant's a client asks. See the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub enum MerchantServer {
    At { url: String },
    AppBackend,
}

impl From<salekit_core::Parties> for Parties {
    fn from(parties: salekit_core::Parties) -> Self {
        use salekit_core::MerchantServer as Core;
        let salekit_core::Parties { gateway_url, merchant } = parties;
        Self {
            gateway_url,
            merchant: match merchant {
                Core::At { url } => MerchantServer::At { url },
                Core::AppBackend => MerchantServer::AppBackend,
            },
        }
    }
}

impl std::fmt::Display for Parties {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "gateway {}, merchant ", self.gateway_url)?;
        formatter.write_str(match &self.merchant {
            MerchantServer::At { url } => url,
            MerchantServer::AppBackend => "the app's own backend",
        })
    }
}
