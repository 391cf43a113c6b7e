//! Captures every line that SaleKit and its libraries log, at the loudest.

use std::{
    fmt::Write as _,
    sync::{Arc, LazyLock, Mutex, PoisonError},
};

use tracing::{
    Event, Metadata, Subscriber,
    field::{Field, Visit},
    span,
};

/// What was logged. A subscriber of `tracing` for one test, or with [`LogCapture::of_process`] for all of them.
#[derive(Clone, Default)]
pub struct LogCapture(Arc<Mutex<String>>);

impl LogCapture {
    /// The capture of all that this process logs from its first call on, through `tracing` and through `log`.
    ///
    /// # Panics
    /// If another logger was set before.
    pub fn of_process() -> &'static Self {
        static CAPTURE: LazyLock<LogCapture> = LazyLock::new(|| {
            let capture = LogCapture::default();
            tracing::subscriber::set_global_default(capture.clone()).unwrap();
            log::set_logger(Box::leak(Box::new(capture.clone()))).unwrap();
            log::set_max_level(log::LevelFilter::Trace);
            capture
        });
        &CAPTURE
    }

    /// Adds a line that was not logged, for example what `Debug` shows of a value.
    pub fn add(&self, line: &str) {
        let mut text = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        text.push_str(line);
        text.push('\n');
    }

    /// All that was captured.
    #[must_use]
    pub fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A line with all fields of an event or a span.
struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        write!(self.0, " {field}={value:?}").unwrap();
    }
}

impl Subscriber for LogCapture {
    fn enabled(&self, _metadata: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, attributes: &span::Attributes<'_>) -> span::Id {
        let mut line = Line(attributes.metadata().name().to_owned());
        attributes.record(&mut line);
        self.add(&line.0);
        span::Id::from_u64(1)
    }

    fn record(&self, _span: &span::Id, values: &span::Record<'_>) {
        let mut line = Line(String::new());
        values.record(&mut line);
        self.add(&line.0);
    }

    fn record_follows_from(&self, _span: &span::Id, _follows: &span::Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(event.metadata().target().to_owned());
        event.record(&mut line);
        self.add(&line.0);
    }

    fn enter(&self, _span: &span::Id) {}

    fn exit(&self, _span: &span::Id) {}
}

/// For libraries that still use `log`.
impl log::Log for LogCapture {
    fn enabled(&self, _metadata: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        self.add(&format!("{} {}", record.target(), record.args()));
    }

    fn flush(&self) {}
}
