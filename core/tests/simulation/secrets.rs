//! Checks that no card data and no token is where it does not belong: in stores, logs and outcomes.

use std::fmt::{Debug, Write as _};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::Interest,
};

use super::{
    invariants::Property,
    ports::{CODE, PAN, TOKEN},
    world::{Shared, World},
};

/// Whether `text` contains the card number, with anything between its digits, or the code next to its name.
fn contains_card(text: &str) -> bool {
    // A fast path for nearly all texts. No gateway of these worlds separates all digits.
    if !text.contains("4111") && !text.contains(CODE) {
        return false;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.contains(PAN) || text.contains(&format!("ode {CODE}"))
}

/// A snapshot may contain tokens, because they are needed to ask for the status.
pub(crate) fn check_stored(world: &mut World, name: &str, snapshot: &[u8]) {
    if contains_card(&String::from_utf8_lossy(snapshot)) {
        world.breaks(Property::NoSecrets, format!("the snapshot of {name} holds the card"));
    }
}

/// What an app shows, logs or sends may contain neither.
pub(crate) fn check_shown(world: &mut World, what: &str, text: &str) {
    if contains_card(text) {
        world.breaks(Property::NoSecrets, format!("{what} contains the card: {text}"));
    }
    if text.contains(TOKEN) {
        world.breaks(Property::NoSecrets, format!("{what} contains a token: {text}"));
    }
}

/// Searches the engine's log for card data.
pub(crate) struct LogScanner(pub(crate) Shared);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, "{field}={value:?} ");
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let _ = write!(self.0, "{field}={value} ");
    }
}

impl Subscriber for LogScanner {
    fn register_callsite(&self, _metadata: &'static Metadata<'static>) -> Interest {
        // Each world has its own scanner.
        Interest::sometimes()
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("salekit")
    }

    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, _values: &Record<'_>) {}

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        self.0.with(|world| check_shown(world, "the log", &line.0));
    }

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}
