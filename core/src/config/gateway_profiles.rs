//! Base URLs of the gateways whose documents SaleKit was built from (`docs/protocol.md`, "Addresses").
//!
//! Each brand has its own path, so a URL is never derived from another one. Configure any other gateway with its own
//! base URL.

/// A brand's two environments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GatewayProfile {
    /// The brand's name.
    pub name: &'static str,
    /// Base URL for tests.
    pub sandbox_url: &'static str,
    /// Base URL for real money.
    pub production_url: &'static str,
}

/// TopTechPay. We have not seen its sale pages; `/payment` is the path of its verification and transfer pages.
pub const TOPTECHPAY: GatewayProfile = GatewayProfile {
    name: "TopTechPay",
    sandbox_url: "https://sandbox.toptechpay.net/payment",
    production_url: "https://gate.toptechpay.net/payment",
};

/// Gumballpay.
pub const GUMBALLPAY: GatewayProfile = GatewayProfile {
    name: "Gumballpay",
    sandbox_url: "https://sandbox.gumballpay.com/paynet",
    production_url: "https://gate.gumballpay.com/paynet",
};

/// Denumtech.
pub const DENUMTECH: GatewayProfile = GatewayProfile {
    name: "Denumtech",
    sandbox_url: "https://sandbox.denumtech.ru/paynet",
    production_url: "https://gate.denumtech.ru/paynet",
};

/// GoldenApple.
pub const GOLDENAPPLE: GatewayProfile = GatewayProfile {
    name: "GoldenApple",
    sandbox_url: "https://sandbox.goldenapple.com.cy/paynet",
    production_url: "https://gate.goldenapple.com.cy/paynet",
};

/// All profiles.
pub const ALL: [GatewayProfile; 4] = [TOPTECHPAY, GUMBALLPAY, DENUMTECH, GOLDENAPPLE];

#[cfg(test)]
mod tests {
    #[test]
    fn every_profile_is_a_usable_configuration() {
        for profile in super::ALL {
            for url in [profile.sandbox_url, profile.production_url] {
                assert!(
                    crate::SaleClientConfig::new(url, "https://shop.example").is_ok(),
                    "{url}"
                );
            }
        }
    }
}
