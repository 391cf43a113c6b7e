//! No byte of a card, and no token, where it does not belong: stores, logs, outcomes.

use std::fmt::{Debug, Write as _};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
    subscriber::Interest,
};

use crate::{
    contact::{CODE, PAN, TOKEN},
    oracle::Property,
    world::{Shared, World},
};

/// Whether `text` tells the number, whatever stands between its digits, or the code where it is named.
fn tells_card(text: &str) -> bool {
    // Nearly all texts are done with here. No gateway of these worlds puts something between all digits.
    if !text.contains("4111") && !text.contains(CODE) {
        return false;
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    digits.contains(PAN) || text.contains(&format!("ode {CODE}"))
}

/// A snapshot may hold tokens, for they are needed to ask how the sale stands.
pub(crate) fn check_stored(world: &mut World, name: &str, snapshot: &[u8]) {
    if tells_card(&String::from_utf8_lossy(snapshot)) {
        world.breaks(Property::NoSecrets, format!("the snapshot of {name} holds the card"));
    }
}

/// What an app shows, logs or sends on may hold neither.
pub(crate) fn check_shown(world: &mut World, what: &str, text: &str) {
    if tells_card(text) {
        world.breaks(Property::NoSecrets, format!("{what} tells the card: {text}"));
    }
    if text.contains(TOKEN) {
        world.breaks(Property::NoSecrets, format!("{what} tells a token: {text}"));
    }
}

/// Reads the engine's log as somebody would who looks for cards.
pub(crate) struct Reader(pub(crate) Shared);

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _ = write!(self.0, "{field}={value:?} ");
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        let _ = write!(self.0, "{field}={value} ");
    }
}

impl Subscriber for Reader {
    fn register_callsite(&self, _metadata: &'static Metadata<'static>) -> Interest {
        // Each world has a reader of its own.
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
