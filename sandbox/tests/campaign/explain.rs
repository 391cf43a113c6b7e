//! Whether an unknown outcome had to be unknown.
//!
//! It is *explained* if the app waited as long as it was asked to (or was stopped), if no answer that reached its
//! engine in that time would have settled it, and if its transport failed for no answer that a proxy had delivered
//! whole and in time.

use std::time::Duration;

use salekit_core::{UnknownOutcome, UnknownReason};
use salekit_sandbox::{ExchangeFault, Passage, Passing, TokenExtension};

use super::{
    apps::{Apps, Ended, shortest_wait},
    listener::Asked,
};
use crate::support::ANSWER_LIMIT;

/// A request that hangs this long leaves no time for another one in the window, whether it is answered then or given up.
const LONG: Duration = Duration::from_millis(1_500);
/// An answer that comes twice is taken for the next request's, which the proxy then sees a moment after it was answered.
const SKEW: Duration = Duration::from_millis(50);
/// An answer that is delivered this short a time before the limit may come too late on a busy machine, although the
/// transport waits a second more than [`ANSWER_LIMIT`]: a slow connection leaves so much time for the answer.
const MARGIN: Duration = Duration::from_millis(1_200);

/// A perform that may come when its sale has long ended.
const LATE: &str = ExchangeFault::PassedOnLate { after: Duration::ZERO }.name();

/// Why `end` is unknown, or a complaint if it need not be.
pub(crate) fn unknown(ended: &Ended, end: &UnknownOutcome, apps: &Apps) -> Result<&'static str, String> {
    let parties = apps.parties(ended);
    let mut asked = apps.told.about(&end.invoice_id);
    // What came after the end (an answer to a request that was replaced, or to a later question) could not count.
    asked.retain(|asked| asked.ended < ended.ended);
    // A question that was still open then was asked all the same.
    let mut given_up = apps.told.given_up(&end.invoice_id);
    given_up.retain(|given_up| given_up.began < ended.ended);
    let passages = [
        apps.gateway.passages(&end.invoice_id),
        apps.merchant.passages(&end.invoice_id),
    ]
    .concat();
    let complain = |what: &str| {
        let waited = ended.ended - ended.began;
        Err(format!(
            "{what}: {end:?} after {waited:?}; asked {asked:?}; given up {given_up:?}; passed {passages:?}"
        ))
    };
    let was_told = |of: Passing, word: &str| asked.iter().any(|asked| asked.is(of, word));
    let is_asked_once = |of: Passing| {
        let answered = asked.iter().map(|asked| (asked.passing, asked.ended - asked.began));
        let open = given_up.iter().map(|open| (open.passing, open.ended - open.began));
        let mut tries = answered.chain(open).filter(|(passing, _)| *passing == of);
        let has_hung = tries.clone().any(|(_, length)| length >= LONG);
        tries.nth(1).is_none() && !has_hung
    };
    if was_told(Passing::Status, "APPROVED") || was_told(Passing::Status, "DECLINED") {
        return complain("the end was answered");
    }
    if asked.iter().any(|one| is_lost_by_the_transport(one, &asked, &passages)) {
        return complain("a whole answer was lost on this side");
    }
    // Where nobody can be asked, waiting brings nothing; and who has cancelled is not kept waiting.
    let is_hopeless = match end.reason {
        UnknownReason::PerformAnswerLost => !parties.is_asked,
        UnknownReason::RefusalUnconfirmed => ended.cancelled,
        _ => false,
    };
    if !is_hopeless && ended.ended - ended.began < shortest_wait(end.reason) {
        return complain("given up too early");
    }
    let last_status = asked.iter().rfind(|asked| asked.passing == Passing::Status);
    let last_said = last_status.and_then(|asked| asked.told.as_deref().ok());
    let last_state = asked
        .iter()
        .filter(|asked| asked.passing == Passing::Status)
        .filter_map(|asked| asked.told.as_deref().ok())
        .rfind(|word| is_a_state(word));
    match end.reason {
        UnknownReason::StoppedWaiting if ended.cancelled => Ok("the app stopped waiting"),
        UnknownReason::StoppedWaiting => complain("nobody had cancelled"),
        UnknownReason::PerformAnswerLost => {
            if was_told(Passing::Perform, "token") || was_told(Passing::SessionToken, "token") {
                return complain("the session token was answered");
            }
            if was_told(Passing::SessionToken, "void") {
                return complain("the merchant had voided the invoice");
            }
            if !parties.is_asked {
                return Ok("perform's answer was lost, and the app has nobody to ask");
            }
            if is_asked_once(Passing::SessionToken) {
                return complain("the merchant was asked once only");
            }
            let performs = passages.iter().filter(|passage| passage.passing == Passing::Perform);
            let passes = performs.clone().map(|passage| passage.passes).sum();
            let is_late = performs.clone().any(|passage| passage.fault == Some(LATE));
            Ok(match (passes, parties.merchant) {
                (1.., TokenExtension::Off) => "perform arrived, the merchant cannot be asked",
                (2.., _) => "perform was passed on twice, every answer was lost or unclear",
                (_, _) if is_late => "perform was passed on late or too late",
                (1, _) => "perform arrived, every answer was lost",
                (0, _) => "perform was lost on the way",
            })
        }
        UnknownReason::RefusalUnconfirmed => {
            if was_told(Passing::SessionToken, "token") || was_told(Passing::SessionToken, "void") {
                return complain("the merchant had said what became of the refused sale");
            }
            if !ended.cancelled && is_asked_once(Passing::SessionToken) {
                return complain("the merchant was asked once only");
            }
            Ok("perform was refused, and every answer of the merchant was lost")
        }
        UnknownReason::StatusUnavailable if last_said.is_some_and(is_a_state) => complain("the last answer was good"),
        UnknownReason::StatusUnavailable if is_asked_once(Passing::Status) => {
            complain("the gateway was asked once only")
        }
        UnknownReason::StatusUnavailable => Ok("status answers were lost"),
        UnknownReason::StillProcessing if last_state == Some("PROCESSING") => {
            Ok("the gateway was processing all the time")
        }
        UnknownReason::ChallengeUnfinished if last_state == Some("REDIRECT_REQUEST") => {
            Ok("the challenge was not finished")
        }
        _ => complain("not what the gateway said last"),
    }
}

impl Asked {
    fn is(&self, of: Passing, word: &str) -> bool {
        self.passing == of && self.told.as_deref() == Ok(word)
    }
}

fn is_a_state(word: &str) -> bool {
    ["PROCESSING", "REDIRECT_REQUEST", "APPROVED", "DECLINED"].contains(&word)
}

/// Whether the request `one` of all `asked` failed although its answer had been written to it whole, and early enough.
fn is_lost_by_the_transport(one: &Asked, asked: &[Asked], passages: &[Passage]) -> bool {
    let could_be = |of: &Asked, passage: &Passage| {
        passage.passing == of.passing && (of.began..of.ended + SKEW).contains(&passage.arrived)
    };
    let delivered = |passage: &Passage| {
        let in_time = |answered| answered < one.ended && answered - one.began + MARGIN < ANSWER_LIMIT;
        // Two status requests may be under way at once; the answer may be the other one's.
        let is_anothers = || asked.iter().any(|other| other.told.is_ok() && could_be(other, passage));
        could_be(one, passage) && passage.answered.is_some_and(in_time) && !is_anothers()
    };
    one.told.is_err() && passages.iter().any(delivered)
}
