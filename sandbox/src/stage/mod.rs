//! What the gateway and the merchant of one sandbox stand on together: configuration, key, certificate, scripts, reports.
//! Nothing of a sale passes here; that goes over HTTPS.

pub(crate) mod control;
pub(crate) mod ledger;
pub(crate) mod observation;
pub(crate) mod store;

use std::sync::Arc;

use tokio_util::{sync::CancellationToken, task::TaskTracker};

use self::observation::Observer;
pub use self::{
    ledger::{Entry, EntryState, Ledger},
    observation::Observation,
};
use crate::{
    config::{InspectorPort, SandboxConfig},
    error::SandboxError,
    net::tls::Authority,
    protocol::{
        diagram::{Direction, Exchange, Party},
        signature::ControlKey,
    },
    record::Recorder,
    script::{Message, ScriptBook, fault::Fault},
};

#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) config: Arc<SandboxConfig>,
    pub(crate) key: ControlKey,
    pub(crate) authority: Arc<Authority>,
    pub(crate) scripts: ScriptBook,
    pub(crate) observer: Observer,
    pub(crate) recorder: Recorder,
    pub(crate) ledger: Ledger,
    pub(crate) tasks: TaskTracker,
    pub(crate) shutdown: CancellationToken,
}

impl Stage {
    pub(crate) fn new(config: SandboxConfig) -> Result<Self, SandboxError> {
        let digits = &config.endpoint_id;
        if !(1..=20).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(SandboxError::EndpointId);
        }
        let authority = Authority::new(&config.host_names, config.authority_folder.as_deref())?;
        if let Some(file) = &config.ca_file {
            authority.write_ca_pem(file)?;
        }
        let recorder = match config.inspector {
            InspectorPort::Off => Recorder::default(),
            InspectorPort::Exactly(_) | InspectorPort::Preferably(_) => {
                Recorder::on(&config.control_key, &config.endpoint_id)
            }
        };
        Ok(Self {
            key: ControlKey::parse(&config.control_key)?,
            authority: Arc::new(authority),
            scripts: ScriptBook::default(),
            observer: Observer::new(recorder.clone()),
            recorder,
            ledger: Ledger::default(),
            tasks: TaskTracker::new(),
            shutdown: CancellationToken::new(),
            config: Arc::new(config),
        })
    }

    /// The fault scripted for the next `message` of a sale, noted in the ledger.
    pub(crate) fn next_fault(&self, invoice_id: &str, message: Message) -> Option<Fault> {
        let fault = self.scripts.next_of_sale(invoice_id, message)?;
        self.ledger
            .update(invoice_id, |entry| entry.faults.push((message, fault.name())));
        self.applies(&fault, message, Some(invoice_id));
        Some(fault)
    }

    /// The fault scripted for the next initiate request of a device.
    pub(crate) fn next_initiate_fault(&self, serial: &str) -> Option<Fault> {
        let fault = self.scripts.next_initiate(serial)?;
        self.applies(&fault, Message::Initiate, None);
        Some(fault)
    }

    fn applies(&self, fault: &Fault, message: Message, invoice_id: Option<&str>) {
        let party = match message {
            Message::Perform | Message::Status => Party::Gateway,
            _ => Party::Merchant,
        };
        let (event, detail) = (
            ("scripted fault", Direction::Internal),
            format!("{message:?}: {}", fault.name()),
        );
        self.observer.report(None, (party, party), event, invoice_id, detail);
    }

    pub(crate) fn saw_request(&self, exchange: Exchange, invoice_id: Option<&str>, detail: impl Into<String>) {
        let Exchange {
            name,
            asks,
            answers,
            step,
        } = exchange;
        self.observer
            .report(step, (asks, answers), (name, Direction::Request), invoice_id, detail);
    }

    pub(crate) fn saw_answer(&self, exchange: Exchange, invoice_id: Option<&str>, detail: impl Into<String>) {
        let Exchange {
            name,
            asks,
            answers,
            step,
        } = exchange;
        let step = step.map(|step| step + 1);
        self.observer
            .report(step, (answers, asks), (name, Direction::Response), invoice_id, detail);
    }

    /// Ends every server and sale, and waits until they are gone.
    pub(crate) async fn close(&self) {
        self.shutdown.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }
}
