//! Tells a sale as it happens: every message with its number in the documents' sequence diagram.

use std::time::{Duration, SystemTime};

use indicatif::{ProgressBar, ProgressStyle};
use salekit_core::{Charge, SaleOutcome, SaleState};
use salekit_sandbox::{Direction, Observation};
use tokio::{
    sync::broadcast::{Receiver, error::TryRecvError},
    time::timeout,
};

use super::console::{self, name};

/// The last step of the sequence diagram: the merchant has answered the callback.
const LAST_STEP: u8 = 24;

/// Prints, or keeps quiet.
pub(crate) struct Narrator {
    spinner: ProgressBar,
    is_quiet: bool,
    begin: SystemTime,
    last_step: u8,
}

impl Narrator {
    /// A narrator; a quiet one prints nothing.
    pub(crate) fn new(is_quiet: bool) -> Self {
        let spinner = if is_quiet {
            ProgressBar::hidden()
        } else {
            ProgressBar::new_spinner()
        };
        if let Ok(style) = ProgressStyle::with_template("      {spinner} {msg} {elapsed}") {
            spinner.set_style(style);
        }
        Self {
            spinner,
            is_quiet,
            begin: SystemTime::now(),
            last_step: 0,
        }
    }

    /// Begins a sale.
    pub(crate) fn begin(&mut self, title: &str) {
        self.begin = SystemTime::now();
        self.last_step = 0;
        self.say(&format!("\n{title}"));
        // The sandbox's merchant knows this app's consumer; how a merchant authenticates its consumers is its own affair.
        self.say("    1  consumer ↔ app      authentication");
    }

    /// A line for the person who watches.
    pub(crate) fn say(&self, line: &str) {
        if !self.is_quiet {
            // The reader of the story may have gone away (a pager); the sale goes on.
            let _ = self.spinner.suspend(|| console::say(line));
        }
    }

    /// The app's own state. While something is waited for a spinner turns, if anybody can see it.
    pub(crate) fn state(&self, state: &SaleState) {
        match state {
            SaleState::Processing | SaleState::Challenge { .. } | SaleState::Recovering => {
                self.spinner.set_message(state.name());
                self.spinner.enable_steady_tick(Duration::from_millis(120));
            }
            _ => self.spinner.disable_steady_tick(),
        }
        self.say(&format!(
            "          app        {:<28} {}",
            format!("state: {}", state.name()),
            self.since(SystemTime::now())
        ));
    }

    /// A message that one of the sandbox's servers saw.
    pub(crate) fn observation(&mut self, observation: &Observation) {
        let Observation {
            at,
            step,
            from,
            to,
            message,
            direction,
            detail,
            ..
        } = observation;
        self.last_step = self.last_step.max(step.unwrap_or_default());
        let step = step.map_or_else(String::new, |step| step.to_string());
        let what = match direction {
            Direction::Request => (*message).to_owned(),
            Direction::Response => format!("{message}: answer"),
            Direction::Internal => (*message).to_owned(),
        };
        let who = match direction {
            Direction::Internal => name(*from).to_owned(),
            _ => format!("{} → {}", name(*from), name(*to)),
        };
        let line = format!("  {step:>3}  {who:<19} {what:<32} {:>8}  {detail}", self.since(*at));
        self.say(line.trim_end());
    }

    /// What the gateway and the merchant still say to each other after the app has its outcome.
    pub(crate) async fn rest_of(&mut self, observations: Option<Receiver<Observation>>, outcome: &SaleOutcome) {
        self.spinner.finish_and_clear();
        let Some(mut observations) = observations else { return };
        let is_final = outcome.charge() != Charge::Unknown;
        loop {
            let observation = match observations.try_recv() {
                Ok(observation) => observation,
                Err(TryRecvError::Empty) if is_final && self.last_step < LAST_STEP => {
                    match timeout(Duration::from_secs(1), observations.recv()).await {
                        Ok(Ok(observation)) => observation,
                        _ => break,
                    }
                }
                Err(TryRecvError::Lagged(_)) => continue,
                Err(_) => break,
            };
            self.observation(&observation);
        }
        self.spinner.reset();
    }

    fn since(&self, at: SystemTime) -> String {
        format!(
            "+{:.3} s",
            at.duration_since(self.begin).unwrap_or_default().as_secs_f64()
        )
    }
}
