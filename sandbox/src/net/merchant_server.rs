//! A merchant's server that is somebody else's: where it answers, at which paths, and how its certificate is trusted.
//! Who calls it is `gateway` and `conformance`.

use std::{error::Error as _, net::IpAddr, time::Duration};

use url::{Host, Url};

use crate::{config::NotificationUrl, error::SandboxError, net::tls};

/// Where a merchant's server answers, and whom to trust there.
#[derive(Debug, Clone)]
pub struct MerchantServer {
    url: Url,
    trust: Trust,
    paths: MerchantPaths,
    callback_url: Option<Url>,
}

/// How the certificate of a merchant's server is judged.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Trust {
    /// By the public authorities and those of this PEM text.
    Authorities(String),
    /// Not at all.
    Anything,
}

/// Paths of a merchant's server under its base URL. `{invoiceId}` stands for the invoice id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MerchantPaths {
    /// Access token, `GET`.
    pub access_token: String,
    /// Initiate sale, `POST`.
    pub initiate: String,
    /// Check sale, `POST`.
    pub check: String,
    /// Sale card mapping notification, `POST`.
    pub notification: String,
    /// Callback, `GET`.
    pub callback: String,
    /// The session token of an invoice, `POST`: an extension.
    pub session_token: String,
    /// The stored card of a sale, `POST`: an extension.
    pub stored_card: String,
}

impl Default for MerchantPaths {
    /// The paths of the documents, where they have one, and those of the sandbox's own merchant.
    fn default() -> Self {
        Self {
            access_token: "/auth/request-access-token".to_owned(),
            initiate: "/sale/initiate-sale".to_owned(),
            check: "/sale/{invoiceId}/check".to_owned(),
            notification: "/sale/notification".to_owned(),
            callback: "/callback".to_owned(),
            session_token: "/sale/{invoiceId}/session-token".to_owned(),
            stored_card: "/sale/{invoiceId}/stored-card".to_owned(),
        }
    }
}

/// What stands for the invoice id in a path.
const INVOICE: &str = "{invoiceId}";

impl MerchantServer {
    /// The server at `url`, whose certificate must be under a public authority or one of `ca_pem` (PEM; may be empty).
    ///
    /// # Errors
    /// [`SandboxError::MerchantUrl`] if the URL is neither `https` nor `http` to this machine.
    pub fn new(url: Url, ca_pem: &str) -> Result<Self, SandboxError> {
        acceptable(&url)?;
        Ok(Self {
            url,
            trust: Trust::Authorities(ca_pem.to_owned()),
            paths: MerchantPaths::default(),
            callback_url: None,
        })
    }

    /// Does not look at the certificate at all.
    ///
    /// # Errors
    /// [`SandboxError::MerchantUrl`] if the server is on another machine: then anybody in between could play it.
    pub fn insecure(mut self) -> Result<Self, SandboxError> {
        if !is_loopback(&self.url) {
            return Err(SandboxError::MerchantUrl {
                url: self.url.to_string(),
                reason: "an unchecked certificate is only for this machine; give the certificate's authority instead",
            });
        }
        self.trust = Trust::Anything;
        Ok(self)
    }

    /// With other paths.
    #[must_use]
    pub fn with_paths(mut self, paths: MerchantPaths) -> Self {
        self.paths = paths;
        self
    }

    /// Callbacks go to this URL, not to the callback path of the server.
    ///
    /// # Errors
    /// [`SandboxError::MerchantUrl`] if the URL is neither `https` nor `http` to this machine.
    pub fn with_callback_url(mut self, url: Url) -> Result<Self, SandboxError> {
        acceptable(&url)?;
        self.callback_url = Some(url);
        Ok(self)
    }

    /// Its base URL.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Its paths.
    #[must_use]
    pub fn paths(&self) -> &MerchantPaths {
        &self.paths
    }

    /// Where callbacks go.
    #[must_use]
    pub fn callback_url(&self) -> Url {
        self.callback_url
            .clone()
            .unwrap_or_else(|| self.at(&self.paths.callback, ""))
    }

    /// The authorities to trust beside the public ones, PEM.
    pub(crate) fn ca_pem(&self) -> &str {
        match &self.trust {
            Trust::Authorities(pem) => pem,
            Trust::Anything => "",
        }
    }

    /// Trusts these authorities too.
    pub(crate) fn trusting_also(mut self, pem: &str) -> Self {
        if let Trust::Authorities(known) = &mut self.trust {
            *known = [known.as_str(), pem].join("\n");
        }
        self
    }

    /// Notifications go where the configuration says, unless another path was given.
    pub(crate) fn notified_at(mut self, place: NotificationUrl) -> Self {
        let usual = MerchantPaths::default().notification;
        if place == NotificationUrl::WithInvoice && self.paths.notification == usual {
            "/sale/{invoiceId}/notification".clone_into(&mut self.paths.notification);
        }
        self
    }

    /// A path under the base URL, for an invoice.
    pub(crate) fn at(&self, path: &str, invoice_id: &str) -> Url {
        let mut url = self.url.clone();
        let segments = path.trim_matches('/').split('/').map(|segment| match segment {
            INVOICE => invoice_id,
            other => other,
        });
        if let Ok(mut under) = url.path_segments_mut() {
            under.pop_if_empty().extend(segments);
        }
        url
    }

    /// A client for it that follows no redirects.
    pub(crate) fn client(&self, timeout: Duration) -> Result<reqwest::Client, SandboxError> {
        let tls = match &self.trust {
            Trust::Authorities(pem) => tls::client_trusting_public(pem)?,
            Trust::Anything => tls::client_trusting_anything()?,
        };
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(timeout)
            .build()?;
        Ok(client)
    }
}

/// Why a request failed, with its causes. Without the URL, which the reader knows.
pub(crate) fn failure(error: reqwest::Error) -> String {
    if error.is_timeout() {
        return "it took too long".to_owned();
    }
    let error = error.without_url();
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let text = error.to_string();
        if !said.contains(&text) {
            said = format!("{said}: {text}");
        }
        cause = error.source();
    }
    said
}

fn acceptable(url: &Url) -> Result<(), SandboxError> {
    let reason = match url.scheme() {
        "https" => return Ok(()),
        "http" if is_loopback(url) => return Ok(()),
        "http" => "plain http is only for this machine (127.0.0.1, ::1, localhost); use https",
        _ => "must begin with https://, or with http:// for a server on this machine",
    };
    Err(SandboxError::MerchantUrl {
        url: url.to_string(),
        reason,
    })
}

/// Whether the URL's host is this machine whatever a name server says.
fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
        Some(Host::Domain(name)) => name.eq_ignore_ascii_case("localhost"),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(url: &str) -> Result<MerchantServer, SandboxError> {
        MerchantServer::new(url.parse().unwrap(), "")
    }

    #[test]
    fn plain_http_and_unchecked_certificates_stay_on_this_machine() {
        for accepted in [
            "https://shop.example",
            "http://127.0.0.1:9000",
            "http://[::1]:9000/api",
            "http://localhost:9000",
        ] {
            assert!(server(accepted).is_ok(), "{accepted}");
        }
        for refused in [
            "http://shop.example",
            "http://192.168.0.7:9000",
            "http://localhost.example",
            "ftp://127.0.0.1",
        ] {
            assert!(server(refused).is_err(), "{refused}");
        }
        assert!(server("https://localhost:9000").unwrap().insecure().is_ok());
        let refused = server("https://shop.example").unwrap().insecure().unwrap_err();
        assert!(
            refused.to_string().contains("give the certificate's authority"),
            "{refused}"
        );
    }

    #[test]
    fn paths_stand_under_the_base_and_the_invoice_is_escaped() {
        let server = server("http://localhost:9000/shop/").unwrap();
        assert_eq!(
            server.at("/sale/{invoiceId}/check", "a/b^").as_str(),
            "http://localhost:9000/shop/sale/a%2Fb^/check"
        );
        assert_eq!(server.callback_url().as_str(), "http://localhost:9000/shop/callback");
        let elsewhere = server
            .with_callback_url("https://hooks.example/x?y=1".parse().unwrap())
            .unwrap();
        assert_eq!(elsewhere.callback_url().as_str(), "https://hooks.example/x?y=1");
    }
}
