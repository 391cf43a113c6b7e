//! Passes SaleKit's log lines to the app. The module that logs a line keeps secrets out of it.
//!
//! Only lines of SaleKit's own modules pass: lines of the underlying libraries could contain anything.

use std::{
    cell::Cell,
    fmt::{self, Write},
    sync::{
        Arc, Once, RwLock,
        atomic::{AtomicU8, AtomicU64, Ordering},
    },
};

use tracing::{
    Event, Level, Metadata, Subscriber,
    field::{Field, Visit},
    level_filters::LevelFilter,
    span,
};

use crate::{CallbackError, SaleKitError, callbacks::LOGS};

/// Receives log lines. See the contract.
#[uniffi::trait_interface]
pub trait LogSink: Send + Sync {
    /// One line.
    ///
    /// # Errors
    /// Any error that the app throws. It has no effect.
    fn log(&self, line: LogLine) -> Result<(), CallbackError>;
}

/// A line of the log. See the contract.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub struct LogLine {
    pub level: LogLevel,
    pub origin: String,
    pub text: String,
}

/// How important a log line is. See the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the contract says it, for those who see these fields")]
pub enum LogLevel {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

impl LogLevel {
    const ALL: [Self; 5] = [Self::Error, Self::Warn, Self::Info, Self::Debug, Self::Trace];

    const fn filter(self) -> LevelFilter {
        match self {
            Self::Error => LevelFilter::ERROR,
            Self::Warn => LevelFilter::WARN,
            Self::Info => LevelFilter::INFO,
            Self::Debug => LevelFilter::DEBUG,
            Self::Trace => LevelFilter::TRACE,
        }
    }
}

/// The start of the names of modules whose lines pass.
const OURS: &str = "salekit";

static SINK: RwLock<Option<Arc<dyn LogSink>>> = RwLock::new(None);
/// How many of [`LogLevel::ALL`] pass.
static PASSING: AtomicU8 = AtomicU8::new(0);
/// Lines dropped since the sink was last notified of dropped lines.
static MISSED: AtomicU64 = AtomicU64::new(0);

/// Sends log lines of `level` and above to `sink`; `None` turns logging off.
///
/// # Errors
/// [`SaleKitError::Internal`] if other Rust code in this library already receives all log lines.
pub fn set_log_sink(sink: Option<Arc<dyn LogSink>>, level: LogLevel) -> Result<(), SaleKitError> {
    static INSTALLED: Once = Once::new();
    if sink.is_some() {
        INSTALLED.call_once(|| {
            // A failure shows below: then another subscriber receives the lines.
            let _ = tracing::subscriber::set_global_default(Forwarder);
        });
        if !tracing::dispatcher::get_default(|lines| lines.is::<Forwarder>()) {
            return Err(SaleKitError::Internal {
                detail: "the log lines go to another subscriber".to_owned(),
            });
        }
    }
    let passing = match sink {
        Some(_) => 1 + level as u8,
        None => 0,
    };
    if let Ok(mut place) = SINK.write() {
        *place = sink;
    }
    PASSING.store(passing, Ordering::Release);
    tracing::callsite::rebuild_interest_cache();
    Ok(())
}

fn filter() -> LevelFilter {
    let passing = usize::from(PASSING.load(Ordering::Acquire));
    let lowest = passing.checked_sub(1).and_then(|index| LogLevel::ALL.get(index));
    lowest.map_or(LevelFilter::OFF, |level| level.filter())
}

fn level_of(level: Level) -> LogLevel {
    match level {
        Level::ERROR => LogLevel::Error,
        Level::WARN => LogLevel::Warn,
        Level::INFO => LogLevel::Info,
        Level::DEBUG => LogLevel::Debug,
        Level::TRACE => LogLevel::Trace,
    }
}

thread_local! {
    /// Whether this thread is running the app's sink: lines that the sink itself causes must not go back to it.
    static IN_SINK: Cell<bool> = const { Cell::new(false) };
}

/// Sends lines to the sink. It ignores spans, which the core does not use.
struct Forwarder;

impl Subscriber for Forwarder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event() && metadata.target().starts_with(OURS) && *metadata.level() <= filter()
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(filter())
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        if IN_SINK.get() {
            return;
        }
        let Some(sink) = SINK.read().ok().and_then(|sink| sink.clone()) else {
            return;
        };
        let mut text = Text::default();
        event.record(&mut text);
        let line = LogLine {
            level: level_of(*event.metadata().level()),
            origin: event.metadata().target().to_owned(),
            text: text.0,
        };
        let missed = MISSED.swap(0, Ordering::Relaxed);
        let is_taken = LOGS.call(move || {
            IN_SINK.set(true);
            if missed > 0 && LevelFilter::WARN <= filter() {
                let _ = sink.log(gap(missed));
            }
            let _ = sink.log(line);
            IN_SINK.set(false);
        });
        if !is_taken {
            MISSED.fetch_add(missed + 1, Ordering::Relaxed);
        }
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// The line that replaces dropped lines.
fn gap(lines: u64) -> LogLine {
    LogLine {
        level: LogLevel::Warn,
        origin: module_path!().to_owned(),
        text: format!("dropped lines={lines}"),
    }
}

/// `message name=value name=value`.
#[derive(Default)]
struct Text(String);

impl Text {
    fn add(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        let separator = if self.0.is_empty() { "" } else { " " };
        // Writing to a `String` does not fail.
        let _ = if field.name() == "message" {
            // `tracing` records the message first. In another position it could still be recognised.
            write!(self.0, "{separator}{value}")
        } else {
            write!(self.0, "{separator}{}={value}", field.name())
        };
    }
}

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format_args!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, format_args!("{value}"));
    }
}
