//! `serve`: gateway and shop.

use std::path::{Path, PathBuf};

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
    /// Also answer the paths of the remote control (/sandbox/… on the shop), and let the shop answer without TLS too, for
    /// tests from another process
    #[arg(long)]
    control: bool,
    /// Write a JSON file with gateway_url, shop_url, ca_pem and plain_shop_url (or null) once the servers answer
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

impl Serve {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let config = self
            .options
            .into_config()
            .gateway_port(self.gateway_port)
            .shop_port(self.shop_port)
            .control(self.control);
        let sandbox = Sandbox::start(config).await?;
        let observations = sandbox.observe();
        if let Some(file) = &self.ready_file {
            write_ready_file(file, &sandbox)?;
        }
        console::say(format_args!("gateway   {}", sandbox.gateway_url()))?;
        console::say(format_args!("shop      {}", sandbox.shop_url()))?;
        console::print_certificate(sandbox.ca_file())?;
        console::print_codes()?;
        console::follow(observations).await?;
        sandbox.shutdown().await;
        Ok(())
    }
}

/// Written beside and renamed, so that whoever waits for the file never reads half of it.
fn write_ready_file(file: &Path, sandbox: &Sandbox) -> std::io::Result<()> {
    let ready = serde_json::json!({
        "gateway_url": sandbox.gateway_url().as_str(),
        "shop_url": sandbox.shop_url().as_str(),
        "ca_pem": sandbox.ca_pem(),
        "plain_shop_url": sandbox.plain_shop_url().map(url::Url::as_str),
    });
    let unfinished = file.with_extension("new");
    std::fs::write(&unfinished, ready.to_string())?;
    std::fs::rename(&unfinished, file)
}
