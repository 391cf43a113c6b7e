//! The configuration as it crosses the border. What is allowed, and every default, is the core's to say.

use std::time::Duration;

use salekit_core::{Pacing, Pin, Security, ShopPaths, Timestamp, brand_profiles};

use crate::SaleKitError;

/// What an app configures once. See the contract.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct Config {
    pub gateway_url: String,
    pub shop_url: String,
    pub store_directory: Option<String>,
    pub shop_paths: Option<ShopPaths>,
    pub pacing: PacingProfile,
    pub patience: Option<Patience>,
    pub trust: Option<Trust>,
    pub allows_loopback_http: bool,
}

/// The pace of status requests. See the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub enum PacingProfile {
    Strict,
    Burst,
}

/// How long things may take. See the contract.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct Patience {
    pub processing_ms: Option<u64>,
    pub challenge_ms: Option<u64>,
    pub recovery_ms: Option<u64>,
    pub connect_ms: Option<u64>,
    pub answer_ms: Option<u64>,
}

/// Trust beyond the defaults. See the contract.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct Trust {
    pub extra_roots_pem: Option<String>,
    pub pins: Vec<KeyPin>,
}

/// A pinned key. See the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct KeyPin {
    pub host: String,
    pub pin: String,
    pub expires_ms: Option<u64>,
}

/// A gateway's two environments. See the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct BrandProfile {
    pub name: String,
    pub sandbox_url: String,
    pub production_url: String,
}

/// Base URLs of the gateways whose documents SaleKit was built from.
pub fn brand_profiles() -> Vec<BrandProfile> {
    let profile = |profile: &brand_profiles::BrandProfile| BrandProfile {
        name: profile.name.to_owned(),
        sandbox_url: profile.sandbox_url.to_owned(),
        production_url: profile.production_url.to_owned(),
    };
    brand_profiles::ALL.iter().map(profile).collect()
}

/// The shop's paths that the protocol's documents and samples use.
pub fn documented_shop_paths() -> ShopPaths {
    ShopPaths::default()
}

impl TryFrom<Config> for salekit_core::Config {
    type Error = SaleKitError;

    fn try_from(config: Config) -> Result<Self, SaleKitError> {
        let new = if config.allows_loopback_http {
            Self::for_loopback
        } else {
            Self::new
        };
        let mut core = new(&config.gateway_url, &config.shop_url)?.with_pacing(match config.pacing {
            PacingProfile::Strict => Pacing::strict(),
            PacingProfile::Burst => Pacing::burst(),
        });
        if let Some(directory) = config.store_directory {
            core = core.with_store_directory(directory);
        }
        if let Some(paths) = config.shop_paths {
            core = core.with_shop_paths(paths);
        }
        if let Some(patience) = config.patience {
            core = patience.apply(core);
        }
        if let Some(trust) = config.trust {
            core = core.with_security(trust.try_into()?);
        }
        Ok(core)
    }
}

impl Patience {
    fn apply(&self, mut core: salekit_core::Config) -> salekit_core::Config {
        if let Some(window) = self.processing_ms {
            core = core.with_processing_window(Duration::from_millis(window));
        }
        if let Some(window) = self.challenge_ms {
            core = core.with_challenge_window(Duration::from_millis(window));
        }
        if let Some(window) = self.recovery_ms {
            core = core.with_recovery_window(Duration::from_millis(window));
        }
        let (connect, answer) = core.time_limits();
        let connect = self.connect_ms.map_or(connect, Duration::from_millis);
        let answer = self.answer_ms.map_or(answer, Duration::from_millis);
        core.with_time_limits(connect, answer)
    }
}

impl TryFrom<Trust> for Security {
    type Error = SaleKitError;

    fn try_from(trust: Trust) -> Result<Self, SaleKitError> {
        let pin = |pin: KeyPin| {
            let parsed = Pin::parse(&pin.host, &pin.pin)?;
            Ok(match pin.expires_ms {
                Some(expires) => parsed.until(Timestamp(expires)),
                None => parsed,
            })
        };
        Ok(Self {
            extra_roots_pem: trust.extra_roots_pem,
            pins: trust.pins.into_iter().map(pin).collect::<Result<_, SaleKitError>>()?,
        })
    }
}
