//! Options about a merchant's server that is somebody else's: its address, its certificate, its paths. Shared by `gateway`, which
//! calls it, and `check-merchant`, which judges it.

use std::path::{Path, PathBuf};

use clap::Args;
use salekit_sandbox::{MerchantPaths, MerchantServer};
use url::Url;

use super::failure::Failure;

/// How the server is trusted, and what the gateway calls there.
#[derive(Args)]
pub(crate) struct MerchantOptions {
    /// Certificate authority of the merchant's server (PEM), or its self-signed certificate; public authorities are
    /// trusted anyway
    #[arg(long, value_name = "FILE", conflicts_with = "merchant_insecure")]
    merchant_ca: Option<PathBuf>,
    /// Do not check the certificate of the merchant's server; only for a server on this machine
    #[arg(long)]
    merchant_insecure: bool,
    /// Path of check sale at the merchant's server; {invoiceId} stands for the invoice id
    #[arg(long, value_name = "PATH", default_value = "/sale/{invoiceId}/check", value_parser = invoice_path)]
    check_path: String,
    /// Path of the card mapping notification at the merchant's server; may have {invoiceId} [default: /sale/notification]
    #[arg(long, value_name = "PATH", value_parser = path)]
    notification_path: Option<String>,
    /// Path of callbacks at the merchant's server
    #[arg(long, value_name = "PATH", default_value = "/callback", value_parser = path)]
    callback_path: String,
    /// Callbacks go to this URL, not to --callback-path at the merchant's server
    #[arg(long, value_name = "URL", value_parser = address)]
    callback_url: Option<Url>,
}

impl MerchantOptions {
    /// Whether the server was said to have this one path for notifications.
    pub(crate) fn names_notification_path(&self) -> bool {
        self.notification_path.is_some()
    }

    /// The server at `url`, which the option `named` gave.
    pub(crate) fn server(&self, named: &str, url: Url, paths: MerchantPaths) -> Result<MerchantServer, Failure> {
        let trusted = match &self.merchant_ca {
            Some(file) => read_pem("--merchant-ca", file)?,
            None => String::new(),
        };
        let in_option = |name: &str| {
            let name = name.to_owned();
            move |error: salekit_sandbox::SandboxError| format!("{name} {error}")
        };
        let mut server = MerchantServer::new(url, &trusted).map_err(in_option(named))?;
        if self.merchant_insecure {
            server = server.insecure().map_err(in_option("--merchant-insecure"))?;
        }
        if let Some(url) = &self.callback_url {
            server = server
                .with_callback_url(url.clone())
                .map_err(in_option("--callback-url"))?;
        }
        Ok(server.with_paths(MerchantPaths {
            check: self.check_path.clone(),
            notification: self.notification_path.clone().unwrap_or(paths.notification.clone()),
            callback: self.callback_path.clone(),
            ..paths
        }))
    }
}

/// A path under a base URL.
pub(crate) fn path(text: &str) -> Result<String, String> {
    match text.strip_prefix('/') {
        Some(rest) if !rest.is_empty() && !rest.contains(['?', '#']) => Ok(text.to_owned()),
        _ => Err("a path begins with / and has no query, for example /sale/notification".to_owned()),
    }
}

/// A path that has to name the invoice.
fn invoice_path(text: &str) -> Result<String, String> {
    match text.split('/').any(|segment| segment == "{invoiceId}") {
        true => path(text),
        false => Err("must name the invoice: /sale/{invoiceId}/check".to_owned()),
    }
}

/// An address in full.
pub(crate) fn address(text: &str) -> Result<Url, String> {
    match Url::parse(text) {
        Ok(url) if url.has_host() => Ok(url),
        Ok(_) => Err("must be a whole address, for example https://127.0.0.1:9000".to_owned()),
        Err(error) => Err(format!("{error}; write it in full, for example https://127.0.0.1:9000")),
    }
}

/// The certificates of a file that an option names.
pub(crate) fn read_pem(option: &str, file: &Path) -> Result<String, Failure> {
    let shown = file.display();
    let text = std::fs::read_to_string(file)
        .map_err(|error| format!("{option} {shown}: cannot be read ({error}); give a file in PEM form"))?;
    if text.contains("-----BEGIN CERTIFICATE-----") {
        Ok(text)
    } else {
        let why = match text.contains("-----BEGIN") {
            true => "holds no certificate, but something else",
            false => "is not in PEM form",
        };
        Err(
            format!("{option} {shown}: {why}; give the certificate between BEGIN CERTIFICATE and END CERTIFICATE")
                .into(),
        )
    }
}
