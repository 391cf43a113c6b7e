//! A run while it is made, and how it judges what every message has: a refusal, a signature.

use url::Url;

use super::{
    caller::{Caller, Got},
    plan::MerchantCheck,
    report::Findings,
    sale::Sale,
};
use crate::{error::SandboxError, protocol::random, record::Claim};

/// A run that is being made.
pub(super) struct Run {
    pub(super) plan: MerchantCheck,
    pub(super) caller: Caller,
    pub(super) findings: Findings,
    /// The first refusal that did not name its cause, and of which check.
    pub(super) causeless: Option<String>,
    pub(super) refusals: usize,
}

impl Run {
    pub(super) fn time(&mut self) {
        let (took, message) = self.caller.slowest().clone();
        let limit = self.plan.answer_limit;
        self.findings.note(
            "answer_time",
            took < limit,
            format!("every answer within {} s", limit.as_secs_f64()),
            format!("the slowest, to {message}, took {} ms", took.as_millis()),
        );
    }

    pub(super) fn causes(&mut self) {
        if self.refusals == 0 {
            return;
        }
        let got = self.causeless.clone();
        self.findings.note(
            "error.cause",
            got.is_none(),
            "error.cause in every refusal, but for HTTP 403 without a body",
            got.unwrap_or_else(|| "a cause each time".to_owned()),
        );
    }

    /// Judges a signature, and names the likely mistake.
    pub(super) fn signature(&mut self, id: &str, claim: &Claim) {
        let received = claim.received.clone().unwrap_or_default();
        let expected = claim.expected(&self.plan.key_text);
        if received.eq_ignore_ascii_case(&expected) {
            return self.findings.note(id, true, expected, received);
        }
        let likely = claim.likely_mistake(&self.plan.key_text, &received);
        let parts: Vec<String> = claim
            .parts
            .iter()
            .map(|part| format!("{}={}", part.name, part.value))
            .collect();
        let expected = format!("{expected}, over {}", parts.join(" · "));
        self.findings.note_mistake(id, expected, received, likely);
    }

    /// The request must have been refused.
    pub(super) fn refused(&mut self, id: &str, got: &Got) {
        if got.is_refusal() {
            self.refusals += 1;
            if !got.names_its_cause() {
                self.causeless
                    .get_or_insert_with(|| format!("at {id}: {}", got.describe()));
            }
        }
        self.findings.note(
            id,
            got.is_refusal(),
            "a refusal: HTTP 400 to 499, or an error object",
            got.describe(),
        );
    }

    /// Another value of the same form.
    pub(super) fn another(of: &str) -> Result<String, SandboxError> {
        let fresh = random::token()?.replace(['^', '$'], "0");
        Ok(match of.len() {
            0 => fresh,
            length => fresh.chars().cycle().take(length).collect(),
        })
    }

    pub(super) fn sale_url(&self, path: &str, sale: &Sale) -> Url {
        self.plan.server.at(path, &sale.invoice_id)
    }
}
