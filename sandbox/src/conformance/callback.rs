//! Callbacks in a conformance run: false ones first, then the right one, again, and those that mean something else.

use super::{caller::Got, run::Run, sale::Sale};
use crate::protocol::money;

/// A callback's own values.
struct Told<'a> {
    status: &'a str,
    kind: &'a str,
    /// The status that `control` is made of.
    signed_status: &'a str,
}

const APPROVED: Told<'_> = Told {
    status: "approved",
    kind: "sale",
    signed_status: "approved",
};

impl Run {
    /// Callbacks of two sales.
    pub(super) async fn callbacks(&mut self, sale: &Sale, is_checked: bool, other: Option<&Sale>) {
        if !self.plan.has_callbacks {
            for id in [
                "callback.wrong_control",
                "callback.altered_status",
                "callback.wrong_amount",
                "callback",
                "callback.repeated",
                "callback.declined",
                "callback.other_type",
            ] {
                self.findings.skip(id, "the server takes no callbacks");
            }
            return;
        }
        let amount = self.plan.amount_minor;
        let got = self.call_back(sale, &APPROVED, amount, Some("0".repeat(40))).await;
        self.not_taken("callback.wrong_control", &got);
        let altered = Told {
            signed_status: "declined",
            ..APPROVED
        };
        let got = self.call_back(sale, &altered, amount, None).await;
        self.not_taken("callback.altered_status", &got);

        let declined = Told {
            status: "declined",
            kind: "sale",
            signed_status: "declined",
        };
        if let Some(other) = other {
            let got = self.call_back(other, &declined, amount, None).await;
            self.taken("callback.declined", &got);
        }
        if !is_checked {
            // No gateway approves such a sale, so a server may refuse it.
            for id in [
                "callback.wrong_amount",
                "callback",
                "callback.repeated",
                "callback.other_type",
            ] {
                self.findings.skip(id, "needs check, which failed");
            }
            return;
        }
        let got = self.call_back(sale, &APPROVED, amount.saturating_add(1), None).await;
        self.findings.note(
            "callback.wrong_amount",
            got.status().is_some_and(|status| status < 500),
            "an answer, but not HTTP 500 or above",
            got.describe(),
        );
        let got = self.call_back(sale, &APPROVED, amount, None).await;
        self.taken("callback", &got);
        let got = self.call_back(sale, &APPROVED, amount, None).await;
        self.taken("callback.repeated", &got);
        let reversal = Told {
            kind: "reversal",
            ..APPROVED
        };
        let got = self.call_back(sale, &reversal, amount, None).await;
        self.taken("callback.other_type", &got);
    }

    fn taken(&mut self, id: &str, got: &Got) {
        self.findings
            .note(id, got.status() == Some(200), "HTTP 200, with any body", got.describe());
    }

    fn not_taken(&mut self, id: &str, got: &Got) {
        let refused = got.status().is_some_and(|status| status != 200);
        self.findings
            .note(id, refused, "any status but 200, for example 403", got.describe());
    }

    async fn call_back(&mut self, sale: &Sale, told: &Told<'_>, amount_minor: u64, control: Option<String>) -> Got {
        let Told {
            status,
            kind,
            signed_status,
        } = told;
        let control = control.unwrap_or_else(|| self.plan.key.control(signed_status, &sale.order_id, &sale.invoice_id));
        let amount = money::major(amount_minor, &self.plan.currency);
        let mut parameters = vec![
            ("status", *status),
            ("type", *kind),
            ("orderid", sale.order_id.as_str()),
            ("merchant_order", sale.invoice_id.as_str()),
            ("client_orderid", sale.invoice_id.as_str()),
            ("amount", amount.as_str()),
            ("control", control.as_str()),
        ];
        if *status == "declined" {
            parameters.extend([("error_code", "116"), ("error_message", "Insufficient funds")]);
        }
        let url = self.plan.server.callback_url();
        self.caller.gateway_gets("callback", url, &parameters).await
    }
}
