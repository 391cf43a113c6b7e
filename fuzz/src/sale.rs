//! Sales that hostile answers and damaged snapshots are put into, run to their end.

use ring::digest::{SHA256, digest};
use salekit_core::{
    Charge, Timestamp, Unanswered,
    flow::{Effect, Event, Plan, Request, Snapshot, State},
};
pub use salekit_testkit::sale::{INVOICE, TOKEN};
use salekit_testkit::sale::{LOST, START, Sale};

/// Most steps from an answer to the end of the sale: the slowest sale asks every three seconds for thirteen minutes.
const MOST_STEPS: usize = 2_000;
const TWO_DAYS: u64 = 2 * 86_400_000;
/// Longest snapshot of a sale that servers filled with the longest of everything they may, in bytes.
const LONGEST_SNAPSHOT: usize = 32 * 1024;
/// Most pages that are opened in one sale.
const MOST_PAGES: usize = 10;

/// Where a sale waits for the answer that is fuzzed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    Initiating,
    Performing,
    Recovering,
    Polling,
}

/// A sale under fire.
pub struct Target {
    sale: Sale,
    stage: Stage,
}

/// A sale that waits for an answer.
pub fn sale_at(stage: Stage) -> Target {
    let sale = match stage {
        Stage::Initiating => {
            let mut sale = Sale::new(Plan::default());
            sale.handle(Event::Start);
            sale
        }
        Stage::Performing => Sale::performing(Plan::default()),
        Stage::Recovering => {
            let mut sale = Sale::performing(Plan::default());
            sale.performed(Err(LOST));
            sale
        }
        Stage::Polling => Sale::polling(Plan::default()),
    };
    Target { sale, stage }
}

impl Target {
    /// Answers the request that was made last.
    pub fn answer(&mut self, event: impl FnOnce(Request) -> Event) {
        if let Some(request) = self.sale.history.iter().rev().find_map(request_of) {
            self.sale.handle(event(request));
            check(&self.sale.state);
        }
    }

    /// Lets the time of the timer come, as long as the sale runs.
    pub fn wait(&mut self) {
        if self.sale.outcome().is_none() && self.sale.timer_at().is_some() {
            self.sale.timer();
            check(&self.sale.state);
        }
    }

    /// From here on nobody answers. The sale must end, and must have kept every promise on its way.
    pub fn run_out(mut self) {
        let ended = run_out(&mut self.sale);
        check(&self.sale.state);
        assert!(ended, "no end after {MOST_STEPS} steps");
        let performs = self.sale.count(|effect| matches!(effect, Effect::Perform { .. }));
        assert!(performs <= 1, "perform sale was sent {performs} times");
        let pages = self.sale.history.iter().filter_map(|effect| match effect {
            Effect::OpenBrowser { url } => Some(url),
            _ => None,
        });
        assert!(pages.clone().all(|url| url.starts_with("https://")), "not https");
        assert!(pages.count() <= MOST_PAGES);
        let charge = self.sale.outcome().map(|outcome| outcome.charge());
        match self.stage {
            Stage::Initiating | Stage::Performing | Stage::Recovering => {
                assert_ne!(charge, Some(Charge::Charged), "nobody approved")
            }
            Stage::Polling => {}
        }
    }
}

/// Restoring whatever the store gives back, and going on with it: the bytes as a snapshot, and as the sale inside of one
/// whose checksum is right.
pub fn snapshot(data: &[u8]) {
    restore(data);
    let seal: String = digest(&SHA256, data)
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let head = format!(r#"{{"version":2,"sha256":"{seal}","sale":"#);
    restore(&[head.as_bytes(), data, b"}"].concat());
}

fn restore(data: &[u8]) {
    let Ok(Snapshot(state)) = Snapshot::decode(data) else {
        return;
    };
    let written = Snapshot(state.clone()).encode();
    assert_eq!(Snapshot::decode(&written), Ok(Snapshot(state.clone())));
    for (now, then) in [
        (START, Event::BrowserReturned),
        (Timestamp(0), Event::Cancel),
        (Timestamp(u64::MAX), Event::Foreground),
    ] {
        let mut sale = Sale::new(Plan::default());
        (sale.state, sale.now) = (state.clone(), now);
        sale.handle(Event::Resume).handle(then).handle(Event::Background);
        let ended = run_out(&mut sale);
        assert!(ended, "a resumed sale without an end");
    }
}

/// Every request fails after it was sent, every timer comes. Answers whether the sale ended.
fn run_out(sale: &mut Sale) -> bool {
    let mut answered = None;
    for step in 0..MOST_STEPS {
        if sale.outcome().is_some() {
            return true;
        }
        let asked = sale
            .history
            .iter()
            .rev()
            .find_map(request_of)
            .filter(|request| Some(*request) != answered);
        // Whatever gaps a snapshot names: after two days every window is over.
        if step == MOST_STEPS / 2 {
            sale.wait(TWO_DAYS);
        }
        if sale.state.phase_name() == "committing" {
            sale.saved();
        } else if let Some(request) = asked {
            answered = Some(request);
            sale.handle(failed(request, sale));
        } else if sale.timer_at().is_some() {
            sale.timer();
        } else {
            return false;
        }
    }
    false
}

/// The failure of the request that is under way.
fn failed(request: Request, sale: &Sale) -> Event {
    let effect = sale
        .history
        .iter()
        .rev()
        .find(|effect| request_of(effect) == Some(request));
    match effect {
        Some(Effect::RequestAccessToken(_)) => Event::AccessToken(request, Err(Unanswered::Failed(LOST))),
        Some(Effect::Initiate { .. }) => Event::Initiate(request, Err(LOST)),
        Some(Effect::Perform { .. }) => Event::Perform(request, Err(LOST)),
        Some(Effect::AskSessionToken { .. }) => Event::SessionToken(request, Err(Unanswered::Failed(LOST))),
        _ => Event::Status(request, Err(LOST)),
    }
}

fn request_of(effect: &Effect) -> Option<Request> {
    match effect {
        Effect::RequestAccessToken(request)
        | Effect::Initiate { request, .. }
        | Effect::Perform { request, .. }
        | Effect::PollStatus { request, .. }
        | Effect::AskSessionToken { request, .. } => Some(*request),
        _ => None,
    }
}

/// Whatever was put into a state, it is stored in bounded space, read back as it was, and shows no token.
fn check(state: &State) {
    let told = format!("{state:?} {:?}", state.view());
    assert!(!told.contains(TOKEN), "a token is shown");
    let written = Snapshot(state.clone()).encode();
    assert!(
        written.len() <= LONGEST_SNAPSHOT,
        "a snapshot of {} bytes",
        written.len()
    );
    assert_eq!(
        Snapshot::decode(&written).as_ref().map(|snapshot| &snapshot.0),
        Ok(state)
    );
}
