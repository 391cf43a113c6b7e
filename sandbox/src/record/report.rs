//! What the servers say of themselves while they work (`stage::observation`), put to the exchange it is about: by the task
//! that serves the exchange, or else by the sale's latest call of the gateway.

use super::{
    exchange::{Exchange, Kind, Role, SaleState},
    recorder::{Recorder, now_ms},
    redact::Secrets,
};
use crate::protocol::diagram::{Direction, Party};

tokio::task_local! {
    /// Number of the exchange that this task answers.
    pub(super) static CURRENT: u64;
}

/// One report of a server.
pub(crate) struct Report<'a> {
    pub(crate) step: Option<u8>,
    pub(crate) from: Party,
    pub(crate) to: Party,
    pub(crate) message: &'a str,
    pub(crate) direction: Direction,
    pub(crate) invoice_id: Option<&'a str>,
    pub(crate) detail: &'a str,
}

impl Recorder {
    /// Takes a report in.
    pub(crate) fn report(&self, report: &Report<'_>) {
        if !self.is_on() {
            return;
        }
        // A handler tells the path as it came.
        let invoice_id = report
            .invoice_id
            .filter(|id| !id.is_empty())
            .map(|id| Secrets::default().text(id));
        let report = &Report {
            invoice_id: invoice_id.as_deref(),
            ..*report
        };
        let current = CURRENT.try_with(|number| *number).ok();
        match (report.direction, current) {
            (Direction::Request, Some(number)) => self.update(number, |it| {
                let summary = &mut it.summary;
                summary.message = report.message.to_owned();
                summary.step = report.step;
                (summary.from, summary.to) = (report.from.into(), report.to.into());
                if let Some(invoice_id) = report.invoice_id {
                    summary.invoice_id = Some(invoice_id.to_owned());
                }
            }),
            // A call of the gateway's own says so when it begins; see `call`.
            (Direction::Request, None) => {}
            (Direction::Response, Some(number)) => self.update(number, |it| {
                it.summary.says = Some(report.detail.to_owned()).filter(|says| !says.is_empty());
                if let Some(invoice_id) = report.invoice_id {
                    it.summary.invoice_id = Some(invoice_id.to_owned());
                }
            }),
            (Direction::Response, None) => self.judged(report),
            (Direction::Internal, _) if report.message == "scripted fault" => self.faulty(report, current),
            (Direction::Internal, _) => self.happened(report),
        }
    }

    /// The gateway says what it makes of an answer.
    fn judged(&self, report: &Report<'_>) {
        let Some(shared) = self.shared() else { return };
        let is_it = |it: &Exchange| {
            it.summary.invoice_id.as_deref() == report.invoice_id
                && it.summary.message == report.message
                && it.summary.from == Role::Gateway
        };
        let Some(number) = shared.latest(is_it) else { return };
        let accepted = matches!(report.detail, "accepted" | "HTTP 200");
        self.update(number, |it| {
            it.verdict.accepted = Some(accepted);
            it.summary.says = Some(report.detail.to_owned());
            if !accepted {
                it.verdict.rule.get_or_insert_with(|| report.detail.to_owned());
                it.summary.problem.get_or_insert_with(|| report.detail.to_owned());
            }
        });
    }

    fn faulty(&self, report: &Report<'_>, current: Option<u64>) {
        let Some(shared) = self.shared() else { return };
        // A fault at the merchant's server beside the gateway belongs to the call that waits for its answer.
        let is_it =
            |it: &Exchange| it.summary.from == Role::Gateway && it.summary.invoice_id.as_deref() == report.invoice_id;
        if let Some(number) = current.or_else(|| shared.latest(is_it)) {
            self.update(number, |it| {
                it.summary.fault = Some(report.detail.to_owned());
                it.summary
                    .problem
                    .get_or_insert_with(|| format!("injected fault: {}", report.detail));
            });
        }
    }

    fn happened(&self, report: &Report<'_>) {
        let parties = (report.from.into(), report.to.into());
        let mut event = Exchange::new(Kind::Event, parties, report.message, now_ms());
        event.summary.step = report.step;
        event.summary.invoice_id = report.invoice_id.map(str::to_owned);
        event.summary.says = Some(report.detail.to_owned()).filter(|says| !says.is_empty());
        self.add(event);
        let Some(invoice_id) = report.invoice_id else { return };
        if report.message == "invoice is void" {
            self.advance(invoice_id, SaleState::Void, None);
        } else if report.message.starts_with("final status at") {
            // Where the gateway is not ours, the callback is what tells.
            match report.detail.split(',').next() {
                Some("approved") => self.advance(invoice_id, SaleState::Approved, None),
                Some("declined") => {
                    let reason = self.shared().and_then(|shared| shared.find_sale(invoice_id)?.reason);
                    self.advance(invoice_id, SaleState::Declined, reason);
                }
                _ => {}
            }
        }
    }
}
