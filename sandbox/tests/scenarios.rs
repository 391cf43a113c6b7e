//! The scenarios of `bindings/scenarios.json`, run by the Rust interface over real sockets, with every log turned up to
//! the loudest: no line may contain a card, a payer or a token. What their store is, is `noting`.

mod noting;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use salekit_core::{
    CalendarMonth, Card, CardNumber, Challenge, Consumer, Expiry, Holder, InputError, Money, Ports, Sale, SaleClient,
    SaleClientConfig, SaleOutcome, SaleRequest, SaleState, SecurityCode, SourceOfFunds, StoredCardPayment, TlsSettings,
};
use salekit_sandbox::{Cardholder, Conduct, EntryState, Sandbox, SandboxConfig, Script};
use salekit_testkit::{log_capture::LogCapture, own_process::in_own_process};
use serde_json::Value;

use noting::Noting;

const SCENARIOS: &str = include_str!("../../bindings/scenarios.json");

/// A scenario with the defaults behind it.
struct Scenario<'a> {
    own: &'a Value,
    defaults: &'a Value,
}

impl Scenario<'_> {
    fn value(&self, name: &str) -> &Value {
        let own = &self.own[name];
        if own.is_null() { &self.defaults[name] } else { own }
    }

    fn text(&self, name: &str) -> &str {
        self.value(name).as_str().unwrap_or_default()
    }

    fn millis(&self, name: &str) -> Duration {
        Duration::from_millis(self.value(name).as_u64().unwrap())
    }

    fn request(&self, device: &str, stored_card: Option<&str>) -> Result<SaleRequest, InputError> {
        let amount = Money::parse_amount(self.text("amount"), self.text("currency"))?;
        let consumer = Consumer::new(device)?.with_email(self.text("email"))?;
        let code = self.text("security_code");
        let source: SourceOfFunds = match stored_card {
            Some(id) => StoredCardPayment::new(id, code.as_bytes(), true)?.into(),
            None => {
                let card = Card::new(
                    CardNumber::parse(self.text("card"))?,
                    Expiry::parse(self.text("expiry"))?,
                    Holder::printed(self.text("holder"))?,
                    SecurityCode::parse(code)?,
                )?;
                card.check(CalendarMonth::now())?;
                card.into()
            }
        };
        Ok(SaleRequest::new(amount, consumer, source))
    }

    fn client(&self, sandbox: &Sandbox, store: &Arc<Noting>) -> SaleClient {
        let security = TlsSettings {
            extra_roots_pem: Some(sandbox.ca_pem().to_owned()),
            ..TlsSettings::default()
        };
        let config = SaleClientConfig::new(sandbox.gateway_url().as_str(), sandbox.merchant_url().as_str()).unwrap();
        let config = config
            .with_tls(security)
            .with_test_pacing()
            .unwrap()
            .with_processing_timeout(self.millis("processing_window_ms"))
            .with_challenge_timeout(self.millis("challenge_window_ms"))
            .with_recovery_timeout(self.millis("recovery_window_ms"));
        let mut ports = Ports::of(&config).unwrap();
        ports.store = store.clone();
        SaleClient::with_ports(config, ports).unwrap()
    }

    /// Makes one sale. Answers with its outcome, the states that were seen and the challenges.
    async fn sell(
        &self,
        (client, store): (&SaleClient, &Noting),
        request: SaleRequest,
        cardholder: &Cardholder,
    ) -> Ended {
        note(&format!("{request:?}"));
        let sale = client.start(request).unwrap();
        store.saves_for(Some(sale.clone()));
        let mut states = sale.states();
        let (mut seen, mut challenges) = (Vec::new(), Vec::<Challenge>::new());
        while let Some(state) = states.next().await {
            note(&format!("{state:?} {sale:?}"));
            if seen.last() != Some(&state.name()) {
                seen.push(state.name());
            }
            if self.text("cancel_when") == state.name() {
                sale.cancel();
            }
            // Only now may the sale go on.
            store.saw(state.name());
            let SaleState::Challenge { .. } = state else {
                continue;
            };
            // The state may have moved on.
            let Some(page) = sale.challenge() else { continue };
            if challenges.last().is_some_and(|last| last.url() == page.url()) {
                continue;
            }
            challenges.push(page.clone());
            SECRETS.lock().unwrap().insert(page.url().to_owned());
            note(&format!("{page:?}"));
            match Conduct::from_word(self.text("cardholder")) {
                None => page.closed(),
                Some(conduct) => {
                    let cardholder = cardholder.clone();
                    tokio::spawn(async move {
                        // The second page of a chain replaces the first one; a cardholder on it sees the new one.
                        let _ = cardholder.visit(page.url(), conduct).await;
                        if conduct != Conduct::WalksAway {
                            page.returned();
                        }
                    });
                }
            }
        }
        store.saves_for(None);
        Ended {
            outcome: sale.outcome().await,
            invoice_id: sale.invoice_id(),
            sale,
            seen,
            challenges,
        }
    }
}

struct Ended {
    outcome: SaleOutcome,
    sale: Sale,
    seen: Vec<&'static str>,
    challenges: Vec<Challenge>,
    invoice_id: Option<String>,
}

impl Ended {
    /// Reports everything that can happen to a page, now that the sale has ended: it stays ended, and as it is.
    async fn report_late(&self, client: &SaleClient) {
        assert!(!self.challenges.is_empty());
        for challenge in &self.challenges {
            assert!(challenge.is_over());
            challenge.failed();
            challenge.closed();
            challenge.returned();
        }
        assert!(client.running(self.sale.id()).is_none(), "it runs again");
        assert_eq!(self.sale.outcome().await, self.outcome);
    }
}

/// What `outcome` says, in the words of the scenarios.
fn facts(outcome: &SaleOutcome) -> Value {
    let mut facts = serde_json::json!({ "outcome": outcome.name(), "charge": outcome.charge() });
    let more = match outcome {
        SaleOutcome::Approved(receipt) => serde_json::json!({
            "amount": receipt.amount.as_ref().map(ToString::to_string),
            "three_d_secure": receipt.three_d_secure.as_ref().map(|status| status.as_str()),
        }),
        SaleOutcome::Declined(decline) => {
            serde_json::json!({ "error_code": decline.error_code, "advice": decline.advice })
        }
        SaleOutcome::NotCharged(end) => serde_json::json!({ "reason": end.reason }),
        SaleOutcome::Unknown(end) => serde_json::json!({ "reason": end.reason, "advice": end.advice }),
    };
    facts.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    facts
}

fn check(expected: &Value, ended: &Ended, sandbox: &Sandbox) {
    let facts = facts(&ended.outcome);
    for name in [
        "outcome",
        "charge",
        "amount",
        "three_d_secure",
        "error_code",
        "advice",
        "reason",
    ] {
        if !expected[name].is_null() {
            assert_eq!(facts[name], expected[name], "{name} of {:?}", ended.outcome);
        }
    }
    if let Some(states) = expected["states"].as_array() {
        let mut seen = ended.seen.iter();
        for state in states {
            assert!(seen.any(|seen| state == seen), "{state} in {:?}", ended.seen);
        }
    }
    if let Some(pages) = expected["pages"].as_u64() {
        assert_eq!(ended.challenges.len() as u64, pages, "pages");
    }
    let Some(ledger) = expected["ledger"].as_object() else {
        let entry = ended.invoice_id.as_deref().and_then(|id| sandbox.ledger().entry(id));
        assert_eq!(entry, None, "perform sale was never sent");
        return;
    };
    let entry = sandbox.ledger().entry(ended.invoice_id.as_deref().unwrap()).unwrap();
    let state = match entry.state {
        EntryState::NotStarted => "not_started",
        EntryState::Processing => "processing",
        EntryState::Redirect => "redirect",
        EntryState::Approved => "approved",
        EntryState::Declined => "declined",
    };
    let truth = serde_json::json!({
        "performs_received": entry.performs_received,
        "charges": entry.charges,
        "state": state,
    });
    for (name, value) in ledger {
        assert_eq!(&truth[name], value, "{name} of {entry:?}");
    }
}

#[test]
fn every_scenario_ends_as_expected_and_as_the_ledger_says() {
    // The log is the process's.
    in_own_process(|| {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build();
        runtime.unwrap().block_on(run_all());
    });
}

/// Adds what `Debug` shows of a value to what is searched for secrets.
fn note(line: &str) {
    LogCapture::of_process().add(line);
}

async fn run_all() {
    LogCapture::of_process();
    let list: Arc<Value> = Arc::new(serde_json::from_str(SCENARIOS).unwrap());
    let sandbox = Arc::new(Sandbox::start(SandboxConfig::default()).await.unwrap());
    let cardholder = Cardholder::trusting(sandbox.ca_pem()).unwrap();
    let mut running = Vec::new();
    for number in 0..list["scenarios"].as_array().unwrap().len() {
        let (list, sandbox, cardholder) = (Arc::clone(&list), Arc::clone(&sandbox), cardholder.clone());
        let name = list["scenarios"][number]["name"].as_str().unwrap().to_owned();
        let scenario = async move {
            let scenario = Scenario {
                own: &list["scenarios"][number],
                defaults: &list["defaults"],
            };
            let device = format!("scenario-{number}");
            sandbox.script(&device, Script::from_json(scenario.value("script")).unwrap());
            let store = Arc::new(Noting::default());
            let client = scenario.client(&sandbox, &store);
            let parts = (&client, &*store);
            SECRETS.lock().unwrap().extend(scenario.secrets(&device));
            let mut ended = scenario
                .sell(parts, scenario.request(&device, None).unwrap(), &cardholder)
                .await;
            if scenario.value("repeat") == true {
                let card = ended
                    .sale
                    .stored_card()
                    .await
                    .unwrap()
                    .expect("the merchant tells the stored card");
                note(&format!("{card:?}"));
                SECRETS.lock().unwrap().insert(card.client_card_id.clone());
                let request = scenario.request(&device, Some(&card.client_card_id)).unwrap();
                ended = scenario.sell(parts, request, &cardholder).await;
            }
            if scenario.value("reports_after_end") == true {
                ended.report_late(&client).await;
            }
            check(&scenario.own["expect"], &ended, &sandbox);
        };
        running.push((name, tokio::spawn(scenario)));
    }
    let mut failed = Vec::new();
    for (name, scenario) in running {
        match scenario.await {
            Ok(()) => println!("scenario ok: {name}"),
            Err(error) => failed.push(format!("{name}: {error}")),
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
    nothing_was_told();
}

/// What of all scenarios no line may contain.
static SECRETS: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

impl Scenario<'_> {
    fn secrets(&self, device: &str) -> Vec<String> {
        let texts = ["card", "holder", "email"].map(|name| self.text(name).to_owned());
        let mut secrets = texts.to_vec();
        secrets.push(device.to_owned());
        // Three digits stand in many places; what must not be there is the code as a value.
        let code = self.text("security_code");
        secrets.extend([
            format!("\"{code}\""),
            format!("={code} "),
            format!("securityCode\":{code}"),
        ]);
        // The sandbox declines with some codes as its error codes, which may be shown.
        if self.own["expect"]["error_code"].as_u64() != code.parse().ok() {
            secrets.push(format!("({code})"));
        }
        secrets
    }
}

fn nothing_was_told() {
    let (log, secrets) = (LogCapture::of_process().text(), SECRETS.lock().unwrap().clone());
    for outcome in ["Approved", "Declined", "NotCharged", "Unknown"] {
        assert!(log.contains(&format!("Finished({outcome}")), "{outcome} was logged");
    }
    assert!(
        log.contains("salekit_core::engine"),
        "SaleKit's own lines were captured"
    );
    assert!(log.contains("rustls::client"), "and those of its libraries");
    assert!(secrets.len() > 100, "cards, payers, tokens, pages: {}", secrets.len());
    for secret in secrets {
        // A number that ends a longer one (`scenario-1` in `scenario-11`) is that one's to be found.
        let line = log.lines().find(|line| line.contains(&secret));
        assert_eq!(line, None, "a secret of {} characters", secret.len());
    }
}

#[test]
fn what_is_refused_names_its_field_and_rule_and_not_its_value() {
    let list: Value = serde_json::from_str(SCENARIOS).unwrap();
    for own in list["refused"].as_array().unwrap() {
        let scenario = Scenario {
            own,
            defaults: &list["defaults"],
        };
        let error = scenario.request("scenario-refused", None).unwrap_err();
        assert_eq!(error.field, own["field"], "{own}");
        if let Some(rule) = own["rule"].as_str() {
            assert_eq!(error.rule.code(), rule, "{own}");
        }
        assert!(!format!("{error} {error:?}").contains(scenario.text("card")), "{error}");
    }
}
