//! The client that one writes in an afternoon: `reqwest`, three calls one after the other, the first status at once.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use reqwest::Client;
use rustls::{
    ClientConfig, RootCertStore,
    crypto::ring,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use serde_json::{Value, json};

use crate::{
    failure::Failure,
    server::Address,
    sold::{Sold, Way},
};

/// The gap between two status requests; with a gateway that decides at once there is none.
const STATUS_GAP: Duration = Duration::from_secs(1);

/// Where it sends its requests, and by which client.
pub(crate) struct NaiveApp<'a> {
    server: &'a Address,
    tls: &'a ClientConfig,
    /// One for all calls, or none: then each call has its own.
    client: Option<Client>,
}

impl<'a> NaiveApp<'a> {
    pub(crate) fn new(server: &'a Address, tls: &'a ClientConfig, way: Way) -> Result<Self, Failure> {
        let client = match way {
            Way::ReqwestEachCall => None,
            _ => Some(client(tls)?),
        };
        Ok(Self { server, tls, client })
    }

    /// Gets an access token for a later sale.
    pub(crate) async fn access_token(&self) -> Result<String, Failure> {
        let url = format!("{}/auth/request-access-token", self.server.merchant);
        let answer: Value = self.client()?.get(url).send().await?.error_for_status()?.json().await?;
        text(&answer, "/session/accessToken")
    }

    /// Makes one sale.
    pub(crate) async fn sell(&self, way: Way, token: &str) -> Result<Sold, Failure> {
        let tap = Instant::now();
        let transaction = json!({"amountCentis": 1050, "currency": "EUR"});
        let initiate = json!({
            "consumer": {"device": {"serialNumber": "device-0001"}},
            "transaction": transaction,
            "session": {"accessToken": token},
        });
        let initiated = self
            .post(format!("{}/sale/initiate-sale", self.server.merchant), initiate)
            .await?;
        let invoice_id = text(&initiated, "/invoiceId")?;
        let endpoint_id = text(&initiated, "/endpointId")?;
        let url = format!("{}/dapi/v1/sale/{endpoint_id}/{invoice_id}", self.server.gateway);
        let perform = json!({
            "consumer": {"device": {"serialNumber": "device-0001"}},
            "session": {
                "accessToken": token,
                "nonce": text(&initiated, "/session/nonce")?,
                "signature": text(&initiated, "/session/signature")?,
            },
            "sourceOfFunds": {"card": {
                "number": "4111111111111111",
                "expiry": {"month": 12, "year": 2040},
                "holder": {"printedName": "ADA LOVELACE"},
                "securityCode": "123",
            }},
            "transaction": transaction,
        });
        let performed = self.post(url.clone(), perform).await?;
        let status = json!({"session": {"accessToken": token, "token": text(&performed, "/session/token")?}});
        let (mut waited, mut waits) = (Duration::ZERO, 0);
        loop {
            let answer = self.post(format!("{url}/status"), status.clone()).await?;
            match text(&answer, "/state")?.as_str() {
                "APPROVED" => break,
                "PROCESSING" => tokio::time::sleep(STATUS_GAP).await,
                state => return Err(format!("a naive sale ended as {state}").into()),
            }
            waited += STATUS_GAP;
            waits += 1;
        }
        Ok(Sold {
            way,
            took: tap.elapsed(),
            waited,
            waits,
            invoice_id,
        })
    }

    async fn post(&self, url: String, body: Value) -> Result<Value, Failure> {
        let answer = self.client()?.post(url).json(&body).send().await?;
        Ok(answer.error_for_status()?.json().await?)
    }

    fn client(&self) -> Result<Client, Failure> {
        self.client.clone().map_or_else(|| client(self.tls), Ok)
    }
}

fn client(tls: &ClientConfig) -> Result<Client, Failure> {
    let builder = Client::builder().tls_backend_preconfigured(tls.clone()).no_proxy();
    Ok(builder.build()?)
}

/// TLS that trusts the server's authority and no other.
pub(crate) fn tls(server: &Address) -> Result<ClientConfig, Failure> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(server.ca_pem.as_bytes()) {
        roots.add(certificate?)?;
    }
    Ok(ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

fn text(answer: &Value, pointer: &str) -> Result<String, Failure> {
    match answer.pointer(pointer) {
        Some(Value::String(text)) => Ok(text.clone()),
        Some(Value::Number(number)) => Ok(number.to_string()),
        _ => Err(format!("an answer without {pointer}").into()),
    }
}
