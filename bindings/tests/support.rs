//! What the tests of the contract share: a sandbox, a filled form, and waiting the way an app waits.

use std::{future::Future, sync::Arc, sync::mpsc, time::Duration};

use salekit::{
    CallbackError, CardField, CardForm, Consumer, Money, PacingProfile, SaleClient, SaleClientConfig, SaleRequest,
    SaleState, SaleStateListener, TlsSettings,
};
use salekit_sandbox::{Sandbox, SandboxConfig};

/// Nothing here takes that long; it only keeps a test from hanging.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(60);

/// Waits as UniFFI does: on a thread without a reactor of its own.
pub(crate) fn wait<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(work)
}

/// A sandbox on a runtime of its own.
pub(crate) struct Counterparty {
    pub(crate) sandbox: Sandbox,
    _runtime: tokio::runtime::Runtime,
}

impl Counterparty {
    pub(crate) fn start() -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("sandbox")
            .enable_all()
            .build()
            .unwrap();
        let sandbox = runtime
            .block_on(Sandbox::start(SandboxConfig::default().immediate()))
            .unwrap();
        Self {
            sandbox,
            _runtime: runtime,
        }
    }

    pub(crate) fn config(&self) -> SaleClientConfig {
        SaleClientConfig {
            pacing: PacingProfile::Test,
            tls: Some(TlsSettings {
                extra_roots_pem: Some(self.sandbox.ca_pem().to_owned()),
                pins: Vec::new(),
            }),
            ..config(
                self.sandbox.gateway_url().as_str(),
                self.sandbox.merchant_url().as_str(),
            )
        }
    }

    pub(crate) fn client(&self) -> SaleClient {
        SaleClient::new(self.config(), None, None, None, None).unwrap()
    }
}

pub(crate) fn config(gateway_url: &str, merchant_url: &str) -> SaleClientConfig {
    SaleClientConfig {
        gateway_url: gateway_url.to_owned(),
        merchant_url: merchant_url.to_owned(),
        store_directory: None,
        merchant_paths: None,
        pacing: PacingProfile::Strict,
        timeouts: None,
        tls: None,
        allows_loopback_http: false,
    }
}

pub(crate) fn options(device: &str) -> SaleRequest {
    SaleRequest {
        amount: Money {
            minor_units: 1050,
            currency: "EUR".to_owned(),
        },
        consumer: Consumer {
            serial_number: device.to_owned(),
            imei: None,
            ip_addresses: vec!["192.0.2.1".to_owned()],
            email: Some("ada@example.com".to_owned()),
        },
        location: None,
        access_token: None,
        merchant_order_id: Some("order 7".to_owned()),
        // One test makes several.
        allows_duplicate: true,
    }
}

/// A form with a test card and the security code that asks the sandbox for an outcome.
pub(crate) fn form(security_code: &str) -> Arc<CardForm> {
    let form = CardForm::new(salekit::HolderFields::PrintedName).unwrap();
    for (field, text) in [
        (CardField::Number, "4111111111111111"),
        (CardField::Expiry, "12/39"),
        (CardField::SecurityCode, security_code),
        (CardField::PrintedName, "ADA LOVELACE"),
    ] {
        form.paste(field, text.as_bytes()).unwrap();
    }
    assert_eq!(form.missing().unwrap(), []);
    Arc::new(form)
}

/// Passes on every state.
pub(crate) struct Listener(pub(crate) mpsc::Sender<SaleState>);

impl SaleStateListener for Listener {
    fn on_state(&self, state: SaleState) -> Result<(), CallbackError> {
        self.0.send(state).map_err(|_| CallbackError::Failed {
            detail: "the test is over".to_owned(),
        })
    }
}
