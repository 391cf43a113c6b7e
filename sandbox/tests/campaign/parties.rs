//! The gateway and the merchant that each device of a campaign meets: what they do where the protocol says nothing, and
//! what the merchant's server can tell an app.

use std::time::Duration;

use salekit_core::{MerchantPaths, SaleClientConfig};
use salekit_sandbox::{CheckTiming, Outcome, RepeatedPerform, Script, TokenExtension};

/// The habits of both, for one device.
pub(crate) struct Parties {
    pub(crate) merchant: TokenExtension,
    /// Whether the app is configured to ask the merchant's server for session tokens.
    pub(crate) is_asked: bool,
    /// Whether its sales stay in processing for ever, so that one after the other is enough of them.
    pub(crate) is_endless: bool,
    repeated_perform: RepeatedPerform,
    check_timing: CheckTiming,
    outcome: Option<Outcome>,
}

/// One entry a device.
///
/// A refusal of perform is believed where nobody can be asked whether it is another one's: a merchant that offers
/// nothing meets gateways that answer a repeated perform with something else, and one that knows tokens only meets a
/// gateway that refuses, if check sale comes before the answer. What "not charged" rests on otherwise is written where
/// that outcome is documented.
pub(crate) fn all() -> [Parties; 12] {
    use CheckTiming::{AfterAnswer, BeforeAnswer, Late, Never};
    use RepeatedPerform::Replay;
    use TokenExtension::{Off, TokensOnly, WithVoid};
    let refuse = RepeatedPerform::refuse;
    let late = Late(Duration::from_millis(300));
    let not_asked = Parties {
        is_asked: false,
        ..Parties::new(Off, refuse(409, "INVALID_REQUEST"), AfterAnswer)
    };
    // The last two are endless: a gateway that never asks, and a bank that charges and never says so.
    let never_asks = Parties {
        is_endless: true,
        ..Parties::new(WithVoid, RepeatedPerform::default(), Never)
    };
    let never_says = Parties {
        is_endless: true,
        outcome: Some(Outcome::charged_but_never_final()),
        ..Parties::new(WithVoid, RepeatedPerform::default(), AfterAnswer)
    };
    [
        Parties::new(WithVoid, RepeatedPerform::default(), AfterAnswer),
        Parties::new(WithVoid, refuse(200, "FILTERED"), AfterAnswer),
        Parties::new(WithVoid, refuse(409, "INVALID_REQUEST"), BeforeAnswer),
        Parties::new(WithVoid, Replay, AfterAnswer),
        Parties::new(WithVoid, RepeatedPerform::default(), late),
        Parties::new(TokensOnly, RepeatedPerform::default(), BeforeAnswer),
        Parties::new(TokensOnly, refuse(409, "FILTERED"), AfterAnswer),
        Parties::new(TokensOnly, Replay, late),
        Parties::new(Off, Replay, AfterAnswer),
        not_asked,
        never_asks,
        never_says,
    ]
}

impl Parties {
    fn new(merchant: TokenExtension, repeated_perform: RepeatedPerform, check_timing: CheckTiming) -> Self {
        Self {
            merchant,
            is_asked: true,
            is_endless: false,
            repeated_perform,
            check_timing,
            outcome: None,
        }
    }

    pub(crate) fn script(&self) -> Script {
        let script = Script::new()
            .token_extension(self.merchant)
            .repeated_perform(self.repeated_perform.clone())
            .check_timing(self.check_timing);
        match &self.outcome {
            Some(outcome) => script.outcome(outcome.clone()),
            None => script,
        }
    }

    /// The app's configuration, for its merchant.
    pub(crate) fn configure(&self, config: SaleClientConfig) -> SaleClientConfig {
        if self.is_asked {
            return config;
        }
        config.with_merchant_paths(MerchantPaths {
            session_token: None,
            ..MerchantPaths::default()
        })
    }

    /// What the merchant's server can tell, for a table.
    pub(crate) fn merchant_name(&self) -> &'static str {
        match self.merchant {
            TokenExtension::WithVoid => "voids",
            TokenExtension::TokensOnly => "knows tokens",
            TokenExtension::Off => "cannot be asked",
        }
    }
}
