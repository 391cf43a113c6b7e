//! `merchant`: only the shop's server.

use clap::Args;
use salekit_sandbox::Shop;
use url::Url;

use super::{Failure, console, options::Options};

/// Run only the shop's server, for a gateway of somebody else's.
#[derive(Args)]
pub(crate) struct RunMerchant {
    /// Port; 0 takes a free one
    #[arg(long, default_value_t = 8444)]
    port: u16,
    /// Where apps find the gateway, with its base path
    #[arg(long, value_name = "URL")]
    gateway_url: Url,
    #[command(flatten)]
    options: Options,
}

impl RunMerchant {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let config = self.options.into_config().shop_port(self.port);
        let shop = Shop::start(config, self.gateway_url).await?;
        let observations = shop.observe();
        console::say(format_args!("gateway   {} (somebody else's)", shop.gateway_url()))?;
        console::say(format_args!("shop      {}", shop.url()))?;
        console::print_certificate(shop.ca_file())?;
        console::say("\nCtrl-C ends.\n")?;
        console::follow(observations).await?;
        shop.shutdown().await;
        Ok(())
    }
}
