//! What a test or demonstration asks to happen to the sales of one device: an outcome, the parties' habits, and faults by
//! message. How a fault is carried out lives in `fault`.

mod dice;
pub(crate) mod fault;
mod json;
pub(crate) mod outcome;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

pub use self::{
    dice::Dice,
    fault::Fault,
    outcome::{Authentication, Decline, Outcome, SECURITY_CODES, Verdict},
};
use crate::config::{CheckTiming, RepeatedPerform, TokenExtension};

/// A request that can be given a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Message {
    /// App to merchant.
    Initiate,
    /// App to gateway.
    Perform,
    /// App to gateway.
    Status,
    /// App to merchant, recovery of the session token.
    SessionToken,
    /// App to merchant.
    StoredCard,
    /// Gateway to merchant.
    Check,
    /// Gateway to merchant.
    Mapping,
    /// Gateway to merchant.
    Callback,
}

/// What happens to the next sales of one device.
#[derive(Debug, Clone, Default)]
pub struct Script {
    pub(crate) outcome: Option<Outcome>,
    pub(crate) processing_delay: Option<Duration>,
    pub(crate) challenge_timeout: Option<Duration>,
    pub(crate) check_timing: Option<CheckTiming>,
    pub(crate) repeated_perform: Option<RepeatedPerform>,
    pub(crate) token_extension: Option<TokenExtension>,
    pub(crate) faults: Vec<(Message, Nth, Fault)>,
    pub(crate) sales: Option<u32>,
}

/// Which of a sale's messages of one kind a fault is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Nth {
    All,
    Only(u32),
}

impl Script {
    /// Nothing out of the ordinary.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends the sale so, whatever its security code says.
    #[must_use]
    pub fn outcome(mut self, outcome: Outcome) -> Self {
        self.outcome = Some(outcome);
        self
    }

    /// Time the processor takes, before and again after a challenge.
    #[must_use]
    pub fn processing_delay(mut self, delay: Duration) -> Self {
        self.processing_delay = Some(delay);
        self
    }

    /// How long the cardholder may stay on the 3-D Secure pages.
    #[must_use]
    pub fn challenge_timeout(mut self, timeout: Duration) -> Self {
        self.challenge_timeout = Some(timeout);
        self
    }

    /// When check sale happens, in place of what is configured.
    #[must_use]
    pub fn check_timing(mut self, timing: CheckTiming) -> Self {
        self.check_timing = Some(timing);
        self
    }

    /// What a repeated perform gets, in place of what is configured.
    #[must_use]
    pub fn repeated_perform(mut self, answer: RepeatedPerform) -> Self {
        self.repeated_perform = Some(answer);
        self
    }

    /// What the merchant's server offers of the session-token extension, in place of what is configured.
    #[must_use]
    pub fn token_extension(mut self, extension: TokenExtension) -> Self {
        self.token_extension = Some(extension);
        self
    }

    /// Applies `fault` to every `message` of a sale.
    #[must_use]
    pub fn fault(mut self, message: Message, fault: Fault) -> Self {
        self.faults.push((message, Nth::All, fault));
        self
    }

    /// Applies `fault` only to the `nth` `message` of a sale, counted from 1. Initiate requests have no sale yet and
    /// are counted from the moment the script was set. Goes before a fault for every message.
    #[must_use]
    pub fn fault_nth(mut self, message: Message, nth: u32, fault: Fault) -> Self {
        self.faults.push((message, Nth::Only(nth), fault));
        self
    }

    /// Governs only the next `sales` sales; without this, all until another script is set.
    #[must_use]
    pub fn for_sales(mut self, sales: u32) -> Self {
        self.sales = Some(sales);
        self
    }

    fn fault_for(&self, message: Message, count: u32) -> Option<&Fault> {
        let of_message = || self.faults.iter().filter(|(of, ..)| *of == message);
        of_message()
            .find(|(_, nth, _)| *nth == Nth::Only(count))
            .or_else(|| of_message().find(|(_, nth, _)| *nth == Nth::All))
            .map(|(.., fault)| fault)
    }
}

/// In place of a serial number: every device that has no script of its own.
pub(crate) const ANY_DEVICE: &str = "*";

/// The scripts in force, by device and by sale.
#[derive(Debug, Clone, Default)]
pub(crate) struct ScriptBook {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug, Default)]
struct Inner {
    by_device: HashMap<String, (Arc<Script>, Option<u32>)>,
    by_invoice: HashMap<String, Option<Arc<Script>>>,
    counts: HashMap<(String, Message), u32>,
    /// Faults are left out, while all else of a script holds.
    is_faultless: bool,
}

impl ScriptBook {
    /// Puts `script` in force for the next sales of a device, in place of any other.
    pub(crate) fn set(&self, serial: &str, script: Script) {
        let mut inner = self.lock();
        inner.counts.remove(&(serial.to_owned(), Message::Initiate));
        let left = script.sales;
        inner.by_device.insert(serial.to_owned(), (Arc::new(script), left));
    }

    /// The script of a sale. The first call for an invoice decides it permanently, from the script of its device.
    pub(crate) fn bind(&self, invoice_id: &str, serial: &str) -> Option<Arc<Script>> {
        let mut inner = self.lock();
        if let Some(bound) = inner.by_invoice.get(invoice_id) {
            return bound.clone();
        }
        let of_device = inner.governing(serial);
        let script = inner
            .by_device
            .get_mut(of_device)
            .and_then(|(script, left)| match left {
                Some(0) => None,
                Some(left) => {
                    *left -= 1;
                    Some(Arc::clone(script))
                }
                None => Some(Arc::clone(script)),
            });
        inner.by_invoice.insert(invoice_id.to_owned(), script.clone());
        script
    }

    /// Decides the script of one sale, whatever its device's is.
    pub(crate) fn bind_to(&self, invoice_id: &str, script: Script) {
        self.lock()
            .by_invoice
            .insert(invoice_id.to_owned(), Some(Arc::new(script)));
    }

    /// The fault of the next `message` of a sale that was bound; counts the message.
    pub(crate) fn next_of_sale(&self, invoice_id: &str, message: Message) -> Option<Fault> {
        let mut inner = self.lock();
        let count = inner.count(invoice_id, message);
        if inner.is_faultless {
            return None;
        }
        inner
            .by_invoice
            .get(invoice_id)?
            .as_ref()?
            .fault_for(message, count)
            .cloned()
    }

    /// The fault of the next initiate request of a device; counts the request.
    pub(crate) fn next_initiate(&self, serial: &str) -> Option<Fault> {
        let mut inner = self.lock();
        let count = inner.count(serial, Message::Initiate);
        let (script, left) = inner.by_device.get(inner.governing(serial))?;
        if *left == Some(0) || inner.is_faultless {
            return None;
        }
        script.fault_for(Message::Initiate, count).cloned()
    }

    /// The devices with a script, and for how many sales more each is in force.
    pub(crate) fn devices(&self) -> Vec<(String, Option<u32>)> {
        let inner = self.lock();
        let mut devices: Vec<_> = inner
            .by_device
            .iter()
            .map(|(serial, (_, left))| (serial.clone(), *left))
            .collect();
        devices.sort();
        devices
    }

    /// The next sales of a device have no script any more. Answers whether there was one.
    pub(crate) fn remove(&self, serial: &str) -> bool {
        self.lock().by_device.remove(serial).is_some()
    }

    /// Leaves the faults of all scripts out, or lets them be.
    pub(crate) fn set_faults(&self, on: bool) {
        self.lock().is_faultless = !on;
    }

    pub(crate) fn has_faults_on(&self) -> bool {
        !self.lock().is_faultless
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Whose script governs the next sale of a device: its own as long as it is in force, or that of any device.
    fn governing<'a>(&self, serial: &'a str) -> &'a str {
        match self.by_device.get(serial) {
            Some((_, left)) if *left != Some(0) => serial,
            _ => ANY_DEVICE,
        }
    }

    fn count(&mut self, of: &str, message: Message) -> u32 {
        let count = self.counts.entry((of.to_owned(), message)).or_default();
        *count = count.saturating_add(1);
        *count
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_numbered_fault_goes_before_one_for_all_and_counts_by_sale() {
        let book = ScriptBook::default();
        let script =
            Script::new()
                .fault(Message::Status, Fault::Garbage)
                .fault_nth(Message::Status, 2, Fault::Truncate);
        book.set("device", script);
        for invoice in ["a", "b"] {
            book.bind(invoice, "device");
            assert_eq!(book.next_of_sale(invoice, Message::Status), Some(Fault::Garbage));
            assert_eq!(book.next_of_sale(invoice, Message::Status), Some(Fault::Truncate));
            assert_eq!(book.next_of_sale(invoice, Message::Perform), None);
        }
    }

    #[test]
    fn a_device_without_a_script_in_force_has_that_of_any_and_faults_can_be_off() {
        let book = ScriptBook::default();
        book.set(ANY_DEVICE, Script::new().fault(Message::Status, Fault::Garbage));
        book.set(
            "device",
            Script::new().for_sales(1).fault(Message::Status, Fault::Truncate),
        );
        for (invoice, fault) in [("a", Fault::Truncate), ("b", Fault::Garbage)] {
            book.bind(invoice, "device");
            assert_eq!(book.next_of_sale(invoice, Message::Status), Some(fault.clone()));
            book.set_faults(false);
            assert_eq!(book.next_of_sale(invoice, Message::Status), None);
            book.set_faults(true);
        }
        assert_eq!(
            book.devices(),
            [(ANY_DEVICE.to_owned(), None), ("device".to_owned(), Some(0))]
        );
        assert!(book.remove("device") && !book.remove("device"));
    }

    #[test]
    fn a_script_for_one_sale_stays_with_it_and_leaves_the_next_alone() {
        let book = ScriptBook::default();
        book.set("device", Script::new().for_sales(1).outcome(Outcome::never_final()));
        assert!(book.bind("a", "device").is_some());
        assert!(book.bind("b", "device").is_none());
        assert!(book.bind("a", "device").is_some(), "a sale keeps its script");
        book.set("device", Script::new());
        assert!(
            book.bind("b", "device").is_none(),
            "and a sale without one gets none later"
        );
    }
}
