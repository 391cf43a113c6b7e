//! `gateway`: only the gateway.

use clap::Args;
use salekit_sandbox::{Gateway, MerchantPaths};
use url::Url;

use super::{
    console,
    failure::Failure,
    lan,
    merchant_options::{MerchantOptions, address},
    options::{Inspect, Options},
};

/// Run only the gateway, against a merchant's server of your own.
#[derive(Args)]
pub(crate) struct RunGateway {
    /// Port; 0 takes a free one
    #[arg(long, default_value_t = 8443)]
    port: u16,
    /// Where the merchant's server answers: https, or http on this machine
    #[arg(long, value_name = "URL", value_parser = address)]
    merchant_url: Url,
    #[command(flatten)]
    merchant: MerchantOptions,
    #[command(flatten)]
    inspect: Inspect,
    #[command(flatten)]
    options: Options,
}

impl RunGateway {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let server = self
            .merchant
            .server("--merchant-url", self.merchant_url, MerchantPaths::default())?;
        let is_lan = self.options.is_lan();
        let config = self
            .options
            .into_config()?
            .inspector(self.inspect.on_by_default())
            .gateway_port(self.port);
        let gateway = Gateway::start(config, server.clone()).await?;
        let observations = gateway.observe();
        console::say(format_args!("gateway   {}", gateway.url()))?;
        console::say(format_args!("merchant      {} (yours)", server.url()))?;
        console::print_certificate(gateway.ca_file())?;
        console::print_inspector(gateway.inspector())?;
        if is_lan {
            lan::print(lan::own_address(), &[("gateway", gateway.url())])?;
        }
        console::say(format_args!("\n{}", gateway.guide()))?;
        console::print_codes()?;
        console::follow(observations).await?;
        gateway.shutdown().await;
        Ok(())
    }
}
