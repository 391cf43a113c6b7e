//! `serve`: gateway and merchant.

use std::path::{Path, PathBuf};

use clap::Args;
use salekit_sandbox::{FaultPlan, FaultProxy, Sandbox};

use url::Url;

use super::{
    console,
    failure::Failure,
    lan,
    options::{Inspect, Options},
};

/// Run gateway and merchant until Ctrl-C.
#[derive(Args)]
pub(crate) struct Serve {
    /// The gateway's port; 0 takes a free one
    #[arg(long, default_value_t = 8443)]
    gateway_port: u16,
    /// The merchant's port; 0 takes a free one
    #[arg(long, default_value_t = 8444)]
    merchant_port: u16,
    /// Also answer the paths of the remote control (/sandbox/… on the merchant), and let the merchant answer without TLS too, for
    /// tests from another process
    #[arg(long)]
    control: bool,
    /// Write a JSON file with gateway_url, merchant_url, ca_pem, plain_merchant_url and inspector_url (each or null) once the servers answer
    #[arg(long, value_name = "FILE")]
    ready_file: Option<PathBuf>,
    /// Break connections, requests and answers by chance; the seed repeats the throws
    #[arg(long, value_name = "SEED", num_args = 0..=1, default_missing_value = "1")]
    chaos: Option<u64>,
    #[command(flatten)]
    inspect: Inspect,
    #[command(flatten)]
    options: Options,
}

impl Serve {
    pub(crate) async fn run(self) -> Result<(), Failure> {
        let is_lan = self.options.is_lan();
        let config = self
            .options
            .into_config()?
            .control(self.control)
            .inspector(self.inspect.on_by_default());
        let ports = (self.gateway_port, self.merchant_port);
        let (config, behind) = match self.chaos {
            // The ports that were asked for are the proxies'; the servers take free ones.
            Some(seed) => (
                config.gateway_port(0u16).merchant_port(0u16),
                Some(FaultPlan::chaos(seed)),
            ),
            None => (config.gateway_port(ports.0).merchant_port(ports.1), None),
        };
        let sandbox = Sandbox::start(config).await?;
        let observations = sandbox.observe();
        let proxies = match behind {
            Some(plan) => Some(FaultProxy::pair(&sandbox, plan, ports).await?),
            None => None,
        };
        let (gateway, merchant) = match &proxies {
            Some((gateway, merchant)) => (gateway.url(), merchant.url()),
            None => (sandbox.gateway_url(), sandbox.merchant_url()),
        };
        if let Some(inspector) = sandbox.inspector() {
            inspector.show_addresses(gateway.clone(), merchant.clone());
        }
        if let Some(file) = &self.ready_file {
            write_ready_file(file, (gateway, merchant), &sandbox)?;
        }
        console::say(format_args!("gateway   {gateway}"))?;
        console::say(format_args!("merchant      {merchant}"))?;
        if let Some(seed) = self.chaos {
            console::say(format_args!(
                "chaos     seed {seed}: some connections, requests and answers are broken"
            ))?;
        }
        console::print_certificate(sandbox.ca_file())?;
        console::print_inspector(sandbox.inspector())?;
        if is_lan {
            lan::print(lan::own_address(), &[("gateway", gateway), ("merchant", merchant)])?;
        }
        console::print_codes()?;
        console::follow(observations).await?;
        if let Some((gateway, merchant)) = &proxies {
            for (name, proxy) in [("gateway", gateway), ("merchant", merchant)] {
                console::print_faults(name, &proxy.totals())?;
            }
        }
        sandbox.shutdown().await;
        Ok(())
    }
}

/// Written beside and renamed, so that a program that waits for the file never reads half of it.
fn write_ready_file(file: &Path, (gateway, merchant): (&Url, &Url), sandbox: &Sandbox) -> std::io::Result<()> {
    let ready = serde_json::json!({
        "gateway_url": gateway.as_str(),
        "merchant_url": merchant.as_str(),
        "ca_pem": sandbox.ca_pem(),
        "plain_merchant_url": sandbox.plain_merchant_url().map(Url::as_str),
        "inspector_url": sandbox.inspector().map(|inspector| inspector.url().as_str()),
    });
    let unfinished = file.with_extension("new");
    std::fs::write(&unfinished, ready.to_string())?;
    std::fs::rename(&unfinished, file)
}
