//! The configuration as it crosses the FFI boundary. The core checks the values and has every default.

use std::time::Duration;

use salekit_core::{MerchantPaths, Pacing, Timestamp, gateway_profiles};

use crate::SaleKitError;

/// What an app configures once. See the contract.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct SaleClientConfig {
    pub gateway_url: String,
    pub merchant_url: String,
    pub store_directory: Option<String>,
    pub merchant_paths: Option<MerchantPaths>,
    pub pacing: PacingProfile,
    pub timeouts: Option<Timeouts>,
    pub tls: Option<TlsSettings>,
    pub allows_loopback_http: bool,
}

/// The pace of status requests. See the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub enum PacingProfile {
    Strict,
    Burst,
    Test,
}

/// How long things may take. See the contract.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct Timeouts {
    pub processing_millis: Option<u64>,
    pub challenge_millis: Option<u64>,
    pub recovery_millis: Option<u64>,
    pub connect_millis: Option<u64>,
    pub answer_millis: Option<u64>,
}

/// TLS settings in addition to the defaults. See the contract.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct TlsSettings {
    pub extra_roots_pem: Option<String>,
    pub pins: Vec<PublicKeyPin>,
}

/// A pinned public key. See the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct PublicKeyPin {
    pub host: String,
    pub pin: String,
    pub expires_at_millis: Option<u64>,
}

/// A gateway's two environments. See the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct GatewayProfile {
    pub name: String,
    pub sandbox_url: String,
    pub production_url: String,
}

/// Base URLs of the gateways whose documents SaleKit was built from.
pub fn gateway_profiles() -> Vec<GatewayProfile> {
    let profile = |profile: &gateway_profiles::GatewayProfile| {
        let gateway_profiles::GatewayProfile {
            name,
            sandbox_url,
            production_url,
        } = *profile;
        GatewayProfile {
            name: name.to_owned(),
            sandbox_url: sandbox_url.to_owned(),
            production_url: production_url.to_owned(),
        }
    };
    gateway_profiles::ALL.iter().map(profile).collect()
}

/// The merchant's paths that the protocol's documents and samples use.
pub fn documented_merchant_paths() -> MerchantPaths {
    MerchantPaths::default()
}

impl TryFrom<SaleClientConfig> for salekit_core::SaleClientConfig {
    type Error = SaleKitError;

    fn try_from(config: SaleClientConfig) -> Result<Self, SaleKitError> {
        let SaleClientConfig {
            gateway_url,
            merchant_url,
            store_directory,
            merchant_paths,
            pacing,
            timeouts,
            tls,
            allows_loopback_http,
        } = config;
        let new = if allows_loopback_http {
            Self::for_loopback
        } else {
            Self::new
        };
        let core = new(&gateway_url, &merchant_url)?;
        let mut core = match pacing {
            PacingProfile::Strict => core.with_pacing(Pacing::strict()),
            PacingProfile::Burst => core.with_pacing(Pacing::burst()),
            PacingProfile::Test => core.with_test_pacing()?,
        };
        if let Some(directory) = store_directory {
            core = core.with_store_directory(directory);
        }
        if let Some(paths) = merchant_paths {
            core = core.with_merchant_paths(paths);
        }
        if let Some(timeouts) = timeouts {
            core = timeouts.apply(core);
        }
        if let Some(tls) = tls {
            core = core.with_tls(tls.try_into()?);
        }
        Ok(core)
    }
}

impl Timeouts {
    fn apply(&self, mut core: salekit_core::SaleClientConfig) -> salekit_core::SaleClientConfig {
        let Self {
            processing_millis,
            challenge_millis,
            recovery_millis,
            connect_millis,
            answer_millis,
        } = *self;
        if let Some(window) = processing_millis {
            core = core.with_processing_timeout(Duration::from_millis(window));
        }
        if let Some(window) = challenge_millis {
            core = core.with_challenge_timeout(Duration::from_millis(window));
        }
        if let Some(window) = recovery_millis {
            core = core.with_recovery_timeout(Duration::from_millis(window));
        }
        let (connect, answer) = core.time_limits();
        let connect = connect_millis.map_or(connect, Duration::from_millis);
        let answer = answer_millis.map_or(answer, Duration::from_millis);
        core.with_connection_timeouts(connect, answer)
    }
}

impl TryFrom<TlsSettings> for salekit_core::TlsSettings {
    type Error = SaleKitError;

    fn try_from(tls: TlsSettings) -> Result<Self, SaleKitError> {
        let pin = |pin: PublicKeyPin| {
            let PublicKeyPin {
                host,
                pin,
                expires_at_millis,
            } = pin;
            let parsed = salekit_core::PublicKeyPin::parse(&host, &pin)?;
            Ok(match expires_at_millis {
                Some(expires) => parsed.until(Timestamp(expires)),
                None => parsed,
            })
        };
        let TlsSettings { extra_roots_pem, pins } = tls;
        Ok(Self {
            extra_roots_pem,
            pins: pins.into_iter().map(pin).collect::<Result<_, SaleKitError>>()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_profile_is_the_core_s_pace() {
        const ADDRESS: &str = "https://127.0.0.1:8443";
        let config = |pacing| SaleClientConfig {
            gateway_url: ADDRESS.to_owned(),
            merchant_url: ADDRESS.to_owned(),
            store_directory: None,
            merchant_paths: None,
            pacing,
            timeouts: None,
            tls: None,
            allows_loopback_http: false,
        };
        let core = || salekit_core::SaleClientConfig::new(ADDRESS, ADDRESS).unwrap();
        for (profile, paced) in [
            (PacingProfile::Strict, core()),
            (PacingProfile::Burst, core().with_pacing(Pacing::burst())),
            (PacingProfile::Test, core().with_test_pacing().unwrap()),
        ] {
            assert_eq!(
                salekit_core::SaleClientConfig::try_from(config(profile)).unwrap(),
                paced,
                "{profile:?}"
            );
        }
    }
}
