//! Log lines on their way to the app. The sink is the process's, so the test has one for itself.

use std::sync::{Arc, mpsc};

use salekit::{CallbackError, LogLevel, LogLine, LogSink, SaleKitError, set_log_sink};
use salekit_sandbox::{Fault, Message, Script};
use salekit_testkit::own_process::in_own_process;

use crate::support::{Counterparty, Listener, TIMEOUT, form, options, wait};

struct Sink(mpsc::Sender<LogLine>);

impl LogSink for Sink {
    fn log(&self, line: LogLine) -> Result<(), CallbackError> {
        // A sink that itself makes SaleKit log something, and that throws, must not matter.
        tracing::error!(target: "salekit::test", "from inside of the sink");
        let _ = self.0.send(line);
        Err(CallbackError::Failed {
            detail: "disk full".to_owned(),
        })
    }
}

fn collect(counterparty: &Counterparty, level: LogLevel) -> Vec<LogLine> {
    lines_of(level, || {
        let sale = counterparty.client().start(options("device-9"), form("123")).unwrap();
        wait(sale.outcome()).unwrap();
    })
}

/// What is logged while `work` is done.
fn lines_of(level: LogLevel, work: impl FnOnce()) -> Vec<LogLine> {
    let (sender, lines) = mpsc::channel();
    set_log_sink(Some(Arc::new(Sink(sender))), level).unwrap();
    work();
    tracing::error!(target: "salekit::test", "the end");
    tracing::error!(target: "other_library", "not ours");
    let mut collected = Vec::new();
    loop {
        let line = lines.recv_timeout(TIMEOUT).unwrap();
        assert_ne!(line.text, "from inside of the sink");
        if line.text == "the end" {
            return collected;
        }
        collected.push(line);
    }
}

/// Sales that end otherwise, with servers that repeat what they were sent: what they do, the code to enter, and what the
/// outcome is.
fn ends() -> Vec<(&'static str, &'static str, Script, &'static str)> {
    let repeats = |message: Message, code: &str| {
        let said = format!("code {code} is wrong for ada lovelace (ADA LOVELACE), 4111.1111.1111.1111, device-9");
        let fault = Fault::Http {
            status: 400,
            body: format!(r#"{{"error":{{"cause":"FILTERED","code":"4111.1111.1111.1111","message":"{said}"}}}}"#),
            content_type: "application/json".to_owned(),
        };
        Script::new().fault(message, fault)
    };
    vec![
        ("declined", "116", Script::new(), "Declined"),
        (
            "the merchant refuses",
            "123",
            repeats(Message::Initiate, "123"),
            "InitiateRefused",
        ),
        (
            "the gateway refuses",
            "123",
            repeats(Message::Perform, "123"),
            "PerformRefused",
        ),
    ]
}

#[test]
fn lines_reach_the_sink_by_level_with_ids_and_without_secrets() {
    in_own_process(|| {
        let counterparty = Counterparty::start();
        let lines = collect(&counterparty, LogLevel::Debug);
        let text = lines
            .iter()
            .map(|line| line.text.as_str())
            .collect::<Vec<_>>()
            .join("\n");
        let state = lines.iter().find(|line| line.text.starts_with("state ")).unwrap();
        assert!(state.origin.starts_with("salekit_core::engine"), "{state:?}");
        assert_eq!(state.level, LogLevel::Debug);
        assert!(
            state.text.contains(" sale=") && state.text.contains(" to="),
            "{state:?}"
        );
        assert!(text.contains("outcome=approved"), "{text}");
        for secret in [
            "4111111111111111",
            "411111",
            "ADA",
            "LOVELACE",
            "ada@example.com",
            "device-9",
            "order 7",
        ] {
            assert!(!text.contains(secret), "{secret} in\n{text}");
        }

        for (message, code, script, end) in ends() {
            let mut shown = String::new();
            let lines = lines_of(LogLevel::Trace, || {
                counterparty.sandbox.script("device-9", script);
                let (teller, told) = mpsc::channel();
                let sale = counterparty.client().start(options("device-9"), form(code)).unwrap();
                let _subscription = sale.observe(Arc::new(Listener(teller))).unwrap();
                shown += &format!("{:?}", wait(sale.outcome()).unwrap());
                // The last state is delivered on another thread, a little later.
                while !shown.contains("Finished(") {
                    shown += &format!(" {:?}", told.recv_timeout(TIMEOUT).unwrap());
                }
            });
            assert!(shown.contains(end), "{message}: {shown}");
            shown.extend(lines.iter().map(|line| format!("\n{line:?}")));
            for secret in [
                "4111111111111111",
                "4111.1111",
                "ADA",
                "LOVELACE",
                "ada@example.com",
                "device-9",
                "code 123",
                "code 116",
            ] {
                assert!(!shown.contains(secret), "{message}: {secret} in\n{shown}");
            }
        }

        assert_eq!(collect(&counterparty, LogLevel::Error), [], "nothing failed");
        set_log_sink(None, LogLevel::Trace).unwrap();
        assert!(!tracing::enabled!(target: "salekit::test", tracing::Level::ERROR));
        assert_eq!(set_log_sink(None, LogLevel::Trace), Ok::<(), SaleKitError>(()));
    });
}
