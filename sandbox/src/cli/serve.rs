//! `serve`: gateway and shop.

use clap::Args;
use salekit_sandbox::Sandbox;

use super::{Failure, console, options::Options};

/// Run gateway and shop until Ctrl-C.
#[derive(Args)]
pub(crate) struct Serve {
    /// The gateway's port; 0 takes a free one
    #[arg(long, default_value_t = 8443)]
    gateway_port: u16,
    /// The shop's port; 0 takes a free one
    #[arg(long, default_value_t = 8444)]
    shop_port: u16,
    #[command(flatten)]
    options: Options,
}

impl Serve {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let config = self
            .options
            .into_config()
            .gateway_port(self.gateway_port)
            .shop_port(self.shop_port);
        let sandbox = Sandbox::start(config).await?;
        let observations = sandbox.observe();
        console::say(format_args!("gateway   {}", sandbox.gateway_url()))?;
        console::say(format_args!("shop      {}", sandbox.shop_url()))?;
        console::print_certificate(sandbox.ca_file())?;
        console::print_codes()?;
        console::follow(observations).await?;
        sandbox.shutdown().await;
        Ok(())
    }
}
