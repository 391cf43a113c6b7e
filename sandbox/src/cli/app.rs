//! An app as a merchant would write it, on SaleKit's public interface: one sale, told step by step.

use std::{sync::Arc, time::Duration};

use salekit_core::{
    Card, CardNumber, Challenge, Charge, Consumer, Expiry, FailureKind, Headers, Holder, InputError, MerchantHeaders,
    Money, Pacing, PortFuture, Ports, SaleClient, SaleClientConfig, SaleOutcome, SaleRequest, SaleState, SecurityCode,
    SourceOfFunds, StoredCard, StoredCardPayment, TlsSettings, Transport,
};
use salekit_sandbox::{Cardholder, Conduct, Observation, Sandbox};
use tokio::{sync::broadcast::Receiver, time::Instant};

use super::{failure::Failure, narrator::Narrator, wire::Wire};

/// The sandbox takes more requests than the 3–5 s between them that the protocol recommends, so nobody has to wait.
const BRISK: Pacing = Pacing {
    challenge_gap: 1_000,
    processing_gap: 500,
    floor: 250,
    aim_after_return: 250,
    ..Pacing::strict()
};

/// What the payer enters, as text.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) amount: String,
    pub(crate) currency: String,
    pub(crate) source: Source,
    pub(crate) security_code: String,
    pub(crate) email: Option<String>,
    pub(crate) serial_number: String,
}

/// What the payer pays with.
#[derive(Debug, Clone)]
pub(crate) enum Source {
    Card {
        number: String,
        expiry: String,
        holder: String,
    },
    Stored {
        client_card_id: String,
        mapped_with_email: bool,
    },
}

impl Entry {
    /// The request, or what is wrong with the first value that cannot be used.
    pub(crate) fn request(&self) -> Result<SaleRequest, InputError> {
        let amount = Money::parse_amount(&self.amount, &self.currency)?;
        let mut consumer = Consumer::new(self.serial_number.as_str())?;
        if let Some(email) = &self.email {
            consumer = consumer.with_email(email.as_str())?;
        }
        let source: SourceOfFunds = match &self.source {
            Source::Card { number, expiry, holder } => Card::new(
                CardNumber::parse(number)?,
                Expiry::parse(expiry)?,
                Holder::printed(holder)?,
                SecurityCode::parse(&self.security_code)?,
            )?
            .into(),
            Source::Stored {
                client_card_id,
                mapped_with_email,
            } => StoredCardPayment::new(
                client_card_id.as_str(),
                self.security_code.as_bytes(),
                *mapped_with_email,
            )?
            .into(),
        };
        Ok(SaleRequest::new(amount, consumer, source))
    }
}

/// Who sits in front of the browser.
#[derive(Debug, Clone)]
pub(crate) enum Browser {
    /// A program that types the password.
    Simulated(Cardholder, Conduct),
    /// A person; the system's browser is opened, or the address printed.
    Human,
}

/// The headers of who is logged in.
struct Login(Headers);

impl MerchantHeaders for Login {
    fn headers(&self) -> PortFuture<'_, Result<Headers, FailureKind>> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}

/// An app with a client.
pub(crate) struct App {
    client: SaleClient,
    wire: Arc<Wire>,
    browser: Browser,
}

/// A sale that has ended.
pub(crate) struct Ended {
    pub(crate) outcome: SaleOutcome,
    /// The card as the merchant's server keeps it, where it told.
    pub(crate) stored_card: Option<StoredCard>,
    pub(crate) took: Duration,
    pub(crate) requests: usize,
}

impl App {
    /// An app of the sandbox's merchant.
    pub(crate) fn of_sandbox(
        sandbox: &Sandbox,
        browser: Browser,
        processing_timeout: Duration,
        is_verbose: bool,
    ) -> Result<Self, Failure> {
        let config = SaleClientConfig::new(sandbox.gateway_url().as_str(), sandbox.merchant_url().as_str())?
            .with_tls(TlsSettings {
                extra_roots_pem: Some(sandbox.ca_pem().to_owned()),
                ..TlsSettings::default()
            })
            .with_pacing(BRISK)
            .with_processing_timeout(processing_timeout);
        Self::new(config, browser, is_verbose, Headers::none())
    }

    /// A verbose one tells each request and its answer. `headers` go to the merchant's server.
    pub(crate) fn new(
        config: SaleClientConfig,
        browser: Browser,
        is_verbose: bool,
        headers: Headers,
    ) -> Result<Self, Failure> {
        let wire = Wire::new(&config, is_verbose)?;
        let ports = Ports::over(Arc::clone(&wire) as Arc<dyn Transport>, &config)
            .with_merchant_headers(&config, Arc::new(Login(headers)));
        Ok(Self {
            client: SaleClient::with_ports(config, ports)?,
            wire,
            browser,
        })
    }

    /// Makes a sale and tells what happens; `observations` are the sandbox's, where there is one.
    pub(crate) async fn sell(
        &self,
        request: SaleRequest,
        mut observations: Option<Receiver<Observation>>,
        narrator: &mut Narrator,
    ) -> Result<Ended, Failure> {
        let begin = Instant::now();
        self.client.preconnect().await;
        let sale = self.client.start(request)?;
        let mut states = sale.states();
        let mut shown = String::new();
        let outcome = loop {
            tokio::select! {
                biased;
                Some(observation) = next(&mut observations) => narrator.observation(&observation),
                Some(state) = states.next() => {
                    narrator.state(&state);
                    if let SaleState::Challenge { is_open: true, .. } = &state
                        && let Some(challenge) = sale.challenge()
                        && challenge.url() != shown
                    {
                        challenge.url().clone_into(&mut shown);
                        self.authenticate(challenge, narrator);
                    }
                }
                outcome = sale.outcome() => break outcome,
            }
        };
        let took = begin.elapsed();
        let stored_card = sale.stored_card().await.ok().flatten();
        narrator.rest_of(observations, &outcome).await;
        // An unknown outcome stays stored, where there is a store: the next start asks for it again.
        if outcome.charge() != Charge::Unknown {
            self.client.acknowledge(sale.id()).await?;
        }
        Ok(Ended {
            outcome,
            stored_card,
            took,
            requests: self.wire.take_requests(),
        })
    }

    /// Sends the cardholder to the page. Whatever comes of it, the gateway is asked, not the browser.
    fn authenticate(&self, challenge: Challenge, narrator: &Narrator) {
        match &self.browser {
            Browser::Simulated(cardholder, conduct) => {
                let (cardholder, conduct) = (cardholder.clone(), *conduct);
                tokio::spawn(async move {
                    match cardholder.visit(challenge.url(), conduct).await {
                        Ok(_) => challenge.returned(),
                        Err(_) => challenge.closed(),
                    }
                });
            }
            Browser::Human => {
                let url = challenge.url();
                narrator.say(&format!("Open this page in a browser and confirm the payment: {url}"));
                if !open_system_browser(url) {
                    challenge.failed();
                }
            }
        }
    }
}

async fn next(observations: &mut Option<Receiver<Observation>>) -> Option<Observation> {
    match observations {
        Some(observations) => observations.recv().await.ok(),
        None => std::future::pending().await,
    }
}

/// Opens the system's browser. Answers whether there seems to be one.
fn open_system_browser(url: &str) -> bool {
    let opener = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    let quiet = std::process::Stdio::null;
    std::process::Command::new(opener)
        .arg(url)
        .stdout(quiet())
        .stderr(quiet())
        .stdin(quiet())
        .spawn()
        .is_ok()
}

#[cfg(test)]
mod tests {
    use salekit_core::{InputError, SaleRequest};

    use super::{Entry, Source};

    fn request(number: &str, expiry: &str, holder: &str, security_code: &str) -> Result<SaleRequest, InputError> {
        Entry {
            amount: "10.50".to_owned(),
            currency: "EUR".to_owned(),
            source: Source::Card {
                number: number.to_owned(),
                expiry: expiry.to_owned(),
                holder: holder.to_owned(),
            },
            security_code: security_code.to_owned(),
            email: Some(" ada@example.com\n".to_owned()),
            serial_number: "demo-device-0001".to_owned(),
        }
        .request()
    }

    #[test]
    fn options_are_read_as_the_card_form_reads_keys() {
        for (number, expiry, holder, code) in [
            ("4111 1111 1111 1111", "12/2030", "ADA LOVELACE", "123"),
            ("٤١١١-١١١١-١١١١-١١١١", "2030-12", " ADA LOVELACE\n", "١٢٣"),
            (
                "\u{202a}4111111111111111\u{202c}",
                "１２／３０",
                "\u{200b}ADA LOVELACE",
                " 123 ",
            ),
        ] {
            assert!(
                request(number, expiry, holder, code).is_ok(),
                "{number} {expiry} {code}"
            );
        }
        let refused = request("4111111111111111", "12/2030", "\u{200b}\u{202e}", "123");
        assert_eq!(refused.err().map(|error| error.rule.code()), Some("missing"));
    }
}
