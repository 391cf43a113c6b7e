//! Writes down every line that SaleKit and its libraries log, at the loudest.

use std::{
    fmt::Write as _,
    sync::{Mutex, PoisonError},
};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

static HEARD: Mutex<String> = Mutex::new(String::new());

/// Writes `line` down.
pub fn hear(line: &str) {
    let mut heard = HEARD.lock().unwrap_or_else(PoisonError::into_inner);
    heard.push_str(line);
    heard.push('\n');
}

/// Writes down every event and span of `tracing`, with all fields.
struct Ear;

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Ear {
    fn enabled(&self, _metadata: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        let mut line = Line(attributes.metadata().name().to_owned());
        attributes.record(&mut line);
        hear(&line.0);
        span::Id::from_u64(1)
    }

    fn record(&self, _span: &span::Id, values: &span::Record<'_>) {
        let mut line = Line(String::new());
        values.record(&mut line);
        hear(&line.0);
    }

    fn record_follows_from(&self, _span: &span::Id, _follows: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().target().to_owned());
        event.record(&mut line);
        hear(&line.0);
    }

    fn enter(&self, _span: &span::Id) {}

    fn exit(&self, _span: &span::Id) {}
}

/// The same for libraries that still use `log`.
struct OldEar;

impl log::Log for OldEar {
    fn enabled(&self, _metadata: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        hear(&format!("{} {}", record.target(), record.args()));
    }

    fn flush(&self) {}
}

/// From now on everything is heard.
pub fn listen() {
    tracing::subscriber::set_global_default(Ear).unwrap();
    log::set_logger(&OldEar).unwrap();
    log::set_max_level(log::LevelFilter::Trace);
}

/// All that was heard.
pub fn heard() -> String {
    HEARD.lock().unwrap_or_else(PoisonError::into_inner).clone()
}
