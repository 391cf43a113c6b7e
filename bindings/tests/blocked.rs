//! Code of the app's that does not come back: each kind of call holds up its own kind at most.

use std::sync::{Arc, Mutex, mpsc};

use salekit::{
    CallbackError, Challenge, InitiateCompletion, InitiateSaleRequest, InvoiceRequest, LogLevel, LogLine, LogSink,
    MerchantBackend, RedirectPresenter, SaleClient, SaleOutcome, SaleState, SaleStateListener, SessionCompletion,
    StoredCardCompletion, TokenCompletion, set_log_sink,
};
use salekit_testkit::own_process::in_own_process;

use crate::support::{Counterparty, Listener, TIMEOUT, form, options, wait};

/// Where the app's code stays until the test is over.
struct Trap {
    fallen: mpsc::Sender<()>,
    end: Mutex<mpsc::Receiver<()>>,
}

impl Trap {
    /// The trap, what tells that somebody is in it, and what opens it by being dropped.
    fn new() -> (Self, mpsc::Receiver<()>, mpsc::Sender<()>) {
        let (fallen, is_in) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        let end_of = Self {
            fallen,
            end: Mutex::new(ended),
        };
        (end_of, is_in, end)
    }

    fn stay(&self) -> Result<(), CallbackError> {
        let _ = self.fallen.send(());
        let _ = self.end.lock().unwrap().recv();
        Ok(())
    }
}

impl SaleStateListener for Trap {
    fn on_state(&self, _: SaleState) -> Result<(), CallbackError> {
        self.stay()
    }
}

impl LogSink for Trap {
    fn log(&self, _: LogLine) -> Result<(), CallbackError> {
        self.stay()
    }
}

impl MerchantBackend for Trap {
    fn access_token(&self, _: String, _: Arc<TokenCompletion>) -> Result<(), CallbackError> {
        self.stay()
    }

    fn initiate(&self, _: InitiateSaleRequest, _: Arc<InitiateCompletion>) -> Result<(), CallbackError> {
        self.stay()
    }

    fn session_token(&self, _: InvoiceRequest, _: bool, _: Arc<SessionCompletion>) -> Result<(), CallbackError> {
        self.stay()
    }

    fn stored_card(&self, _: InvoiceRequest, _: Arc<StoredCardCompletion>) -> Result<(), CallbackError> {
        self.stay()
    }
}

/// Tells what it was called for; `show` stays in the trap, if there is one.
struct Presenter(mpsc::Sender<String>, Option<Trap>);

impl RedirectPresenter for Presenter {
    fn show(&self, challenge: Arc<Challenge>) -> Result<(), CallbackError> {
        let _ = self.0.send(format!("show {}", challenge.sale_id().unwrap()));
        self.1.as_ref().map_or(Ok(()), Trap::stay)
    }

    fn dismiss(&self, challenge: Arc<Challenge>) -> Result<(), CallbackError> {
        let _ = self.0.send(format!("dismiss {}", challenge.sale_id().unwrap()));
        Ok(())
    }

    fn dismiss_leftover(&self, sale_id: String) -> Result<(), CallbackError> {
        let _ = self.0.send(format!("leftover {sale_id}"));
        Ok(())
    }
}

fn charged(client: &SaleClient, device: &str) {
    let sale = client.start(options(device), form("123")).unwrap();
    let outcome = wait(sale.outcome()).unwrap();
    assert!(matches!(outcome, SaleOutcome::Approved { .. }), "{outcome:?}");
}

fn presenting(counterparty: &Counterparty, trap: Option<Trap>) -> (SaleClient, mpsc::Receiver<String>) {
    let (sender, pages) = mpsc::channel();
    let presenter = Arc::new(Presenter(sender, trap));
    let client = SaleClient::new(counterparty.config(), Some(presenter), None, None, None).unwrap();
    (client, pages)
}

/// Starts a sale with a challenge; its page must be asked for.
fn page_of_another(counterparty: &Counterparty) {
    let (client, pages) = presenting(counterparty, None);
    let sale = client.start(options("device-9"), form("321")).unwrap();
    let opened = pages.recv_timeout(TIMEOUT).unwrap();
    assert_eq!(opened, format!("show {}", sale.id().unwrap()));
    sale.cancel().unwrap();
    wait(sale.outcome()).unwrap();
}

#[test]
fn a_listener_that_does_not_come_back_holds_up_no_other_listener_and_no_page() {
    // The lanes are the process's.
    in_own_process(|| {
        let counterparty = Counterparty::start();
        let client = counterparty.client();
        let (trap, is_in, end) = Trap::new();
        let sale = client.start(options("device-1"), form("123")).unwrap();
        let _place = sale.observe(Arc::new(trap)).unwrap();
        is_in.recv_timeout(TIMEOUT).unwrap();
        let (sender, states) = mpsc::channel();
        sale.observe(Arc::new(Listener(sender))).unwrap();
        wait(sale.outcome()).unwrap();
        while !matches!(states.recv_timeout(TIMEOUT).unwrap(), SaleState::Finished { .. }) {}
        page_of_another(&counterparty);
        drop(end);
    });
}

/// The sale that waits for it can be ended.
#[test]
fn a_merchant_that_does_not_come_back_holds_up_its_own_sale_at_most() {
    // The lanes are the process's.
    in_own_process(|| {
        let counterparty = Counterparty::start();
        let client = counterparty.client();
        let (trap, is_in, end) = Trap::new();
        let merchant: Arc<dyn MerchantBackend> = Arc::new(trap);
        let stuck = SaleClient::new(counterparty.config(), None, None, Some(merchant), None).unwrap();
        let sale = stuck.start(options("device-2"), form("123")).unwrap();
        is_in.recv_timeout(TIMEOUT).unwrap();
        page_of_another(&counterparty);
        charged(&client, "device-3");
        sale.cancel().unwrap();
        wait(sale.outcome()).unwrap();
        drop(end);
    });
}

/// Behind it nobody is shown the page of a sale that has ended.
#[test]
fn a_presenter_that_does_not_come_back_holds_up_its_own_client_at_most() {
    // The lanes are the process's.
    in_own_process(|| {
        let counterparty = Counterparty::start();
        let (trap, is_in, end) = Trap::new();
        let (stuck, pages) = presenting(&counterparty, Some(trap));
        let first = stuck.start(options("device-4"), form("321")).unwrap();
        is_in.recv_timeout(TIMEOUT).unwrap();
        let second = stuck.start(options("device-5"), form("321")).unwrap();
        let (sender, states) = mpsc::channel();
        second.observe(Arc::new(Listener(sender))).unwrap();
        while !matches!(states.recv_timeout(TIMEOUT).unwrap(), SaleState::Challenge { .. }) {}
        page_of_another(&counterparty);
        second.cancel().unwrap();
        wait(second.outcome()).unwrap();
        drop(end);
        let first_id = first.id().unwrap();
        let second_id = second.id().unwrap();
        first.cancel().unwrap();
        let closed = [
            pages.recv_timeout(TIMEOUT).unwrap(),
            pages.recv_timeout(TIMEOUT).unwrap(),
        ];
        assert_eq!(closed, [format!("show {first_id}"), format!("dismiss {second_id}")]);
        wait(first.outcome()).unwrap();
    });
}

#[test]
fn a_log_sink_that_does_not_come_back_holds_up_nothing_else() {
    // The lanes are the process's.
    in_own_process(|| {
        let counterparty = Counterparty::start();
        let client = counterparty.client();
        let (trap, is_in, end) = Trap::new();
        set_log_sink(Some(Arc::new(trap)), LogLevel::Trace).unwrap();
        charged(&client, "device-6");
        is_in.recv_timeout(TIMEOUT).unwrap();
        page_of_another(&counterparty);
        set_log_sink(None, LogLevel::Trace).unwrap();
        drop(end);
    });
}

/// Takes lines, one at a time as the test allows.
struct Slow(mpsc::Sender<LogLine>, Mutex<mpsc::Receiver<()>>);

impl LogSink for Slow {
    fn log(&self, line: LogLine) -> Result<(), CallbackError> {
        let _ = self.0.send(line);
        let _ = self.1.lock().unwrap().recv();
        Ok(())
    }
}

#[test]
fn lines_that_a_sink_is_too_slow_for_are_dropped_and_counted() {
    in_own_process(|| {
        let (sender, lines) = mpsc::channel();
        let (end, ended) = mpsc::channel();
        set_log_sink(Some(Arc::new(Slow(sender, Mutex::new(ended)))), LogLevel::Info).unwrap();
        let say = |number: u32| tracing::info!(target: "salekit::test", "line {number}");
        say(0);
        assert_eq!(lines.recv_timeout(TIMEOUT).unwrap().text, "line 0");
        for number in 1..=2_000 {
            say(number);
        }
        drop(end);
        for expected in 1..=1_024 {
            assert_eq!(lines.recv_timeout(TIMEOUT).unwrap().text, format!("line {expected}"));
        }
        say(2_001);
        let gap = lines.recv_timeout(TIMEOUT).unwrap();
        assert_eq!((gap.text.as_str(), gap.level), ("dropped lines=976", LogLevel::Warn));
        assert_eq!(lines.recv_timeout(TIMEOUT).unwrap().text, "line 2001");
    });
}
