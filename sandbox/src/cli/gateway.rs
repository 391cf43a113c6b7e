//! `gateway`: only the gateway.

use std::{fs, path::PathBuf};

use clap::Args;
use salekit_sandbox::Gateway;
use url::Url;

use super::{
    Failure, console,
    options::{Inspect, Options},
};

/// Run only the gateway, against a merchant's server of your own.
#[derive(Args)]
pub(crate) struct RunGateway {
    /// Port; 0 takes a free one
    #[arg(long, default_value_t = 8443)]
    port: u16,
    /// Where the merchant's server answers; https
    #[arg(long, value_name = "URL")]
    merchant_url: Url,
    /// Certificate authority of the merchant's server (PEM)
    #[arg(long, value_name = "FILE")]
    merchant_ca: Option<PathBuf>,
    #[command(flatten)]
    inspect: Inspect,
    #[command(flatten)]
    options: Options,
}

impl RunGateway {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let trusted = self.merchant_ca.map(fs::read_to_string).transpose()?;
        let config = self
            .options
            .into_config()
            .inspector(self.inspect.on_by_default())
            .gateway_port(self.port);
        let gateway = Gateway::start(config, self.merchant_url.clone(), trusted.as_deref()).await?;
        let observations = gateway.observe();
        console::say(format_args!("gateway   {}", gateway.url()))?;
        console::say(format_args!("merchant      {} (yours)", self.merchant_url))?;
        console::print_certificate(gateway.ca_file())?;
        console::print_inspector(gateway.inspector())?;
        console::print_codes()?;
        console::follow(observations).await?;
        gateway.shutdown().await;
        Ok(())
    }
}
