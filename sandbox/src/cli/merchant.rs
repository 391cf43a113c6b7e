//! `merchant`: only the merchant's server.

use clap::Args;
use salekit_sandbox::Merchant;
use url::Url;

use super::{
    console,
    failure::Failure,
    lan,
    options::{Inspect, Options},
};

/// Run only the merchant's server, for a gateway of somebody else's.
#[derive(Args)]
pub(crate) struct RunMerchant {
    /// Port; 0 takes a free one
    #[arg(long, default_value_t = 8444)]
    port: u16,
    /// Where apps find the gateway, with its base path
    #[arg(long, value_name = "URL")]
    gateway_url: Url,
    #[command(flatten)]
    inspect: Inspect,
    #[command(flatten)]
    options: Options,
}

impl RunMerchant {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let is_lan = self.options.is_lan();
        let config = self
            .options
            .into_config()?
            .inspector(self.inspect.on_by_default())
            .merchant_port(self.port);
        let merchant = Merchant::start(config, self.gateway_url).await?;
        let observations = merchant.observe();
        console::say(format_args!("gateway   {} (somebody else's)", merchant.gateway_url()))?;
        console::say(format_args!("merchant      {}", merchant.url()))?;
        console::print_certificate(merchant.ca_file())?;
        console::print_inspector(merchant.inspector())?;
        if is_lan {
            lan::print(lan::own_address(), &[("merchant", merchant.url())])?;
        }
        console::say("\nCtrl-C ends.\n")?;
        console::follow(observations).await?;
        merchant.shutdown().await;
        Ok(())
    }
}
