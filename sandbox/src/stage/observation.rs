//! What passes between the parties, as it happens: for a console, a demonstration, or a test that waits for it.

use std::time::SystemTime;

use tokio::sync::broadcast;

use crate::{
    protocol::diagram::{Direction, Party},
    record::{Recorder, Report},
};

/// Something a server of the sandbox saw or did. Never holds card data or tokens; a signature only where one was wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// When.
    pub at: SystemTime,
    /// The sale, where the message names one.
    pub invoice_id: Option<String>,
    /// Number of the message in the 24-step sequence diagram of the documents; none for what is not in it.
    pub step: Option<u8>,
    /// Who spoke.
    pub from: Party,
    /// To whom.
    pub to: Party,
    /// The message, as the protocol calls it: `perform sale`, `check sale`, …
    pub message: &'static str,
    /// Request, answer or neither.
    pub direction: Direction,
    /// A few words on the content.
    pub detail: String,
}

/// Where the servers report; listeners that fall far behind lose the oldest observations.
#[derive(Debug, Clone)]
pub(crate) struct Observer {
    sender: broadcast::Sender<Observation>,
    recorder: Recorder,
}

/// Observations kept for a listener that is slow to read.
const BACKLOG: usize = 8192;

impl Observer {
    pub(crate) fn new(recorder: Recorder) -> Self {
        Self {
            sender: broadcast::channel(BACKLOG).0,
            recorder,
        }
    }

    pub(crate) fn listen(&self) -> broadcast::Receiver<Observation> {
        self.sender.subscribe()
    }

    /// Reports one half of an exchange. Nobody listening is no failure.
    pub(crate) fn report(
        &self,
        step: Option<u8>,
        (from, to): (Party, Party),
        (message, direction): (&'static str, Direction),
        invoice_id: Option<&str>,
        detail: impl Into<String>,
    ) {
        let observation = Observation {
            at: SystemTime::now(),
            invoice_id: invoice_id.map(str::to_owned),
            step,
            from,
            to,
            message,
            direction,
            detail: detail.into(),
        };
        self.recorder.report(&Report {
            step,
            from,
            to,
            message,
            direction,
            invoice_id,
            detail: &observation.detail,
        });
        let _no_listener = self.sender.send(observation);
    }
}
