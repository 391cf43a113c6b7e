//! Everything that can happen to a sale.

use crate::{
    Failure, Secret, StoredCardReference,
    message::{Refusal, initiate::InitiateAnswer, perform::PerformAnswer, status::StatusAnswer},
};

/// Names one effect of one sale, so that its answer is not taken for another's.
pub type Request = u32;

/// Something that happened. Late, repeated and unasked-for events are allowed; they change nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Event {
    /// The sale shall begin.
    Start,
    /// The sale was restored from its snapshot and shall go on; or an unknown outcome shall be asked for again.
    Resume,
    /// The app does not want to wait any longer. A request, not a fact.
    Cancel,
    /// The time of the last [`super::Effect::SetTimer`] has come.
    Timer,

    /// The snapshot is safely stored.
    Saved(Request),
    /// The snapshot could not be stored.
    SaveFailed(Request),

    /// The shop's server gave an access token, or not.
    AccessToken(Request, Result<Secret, Unanswered>),
    /// The shop's server answered initiate sale, or not.
    Initiate(Request, Result<InitiateAnswer, Failure>),
    /// The gateway answered perform sale, or not.
    Perform(Request, Result<PerformAnswer, Failure>),
    /// The gateway answered sale status, or not.
    Status(Request, Result<StatusAnswer, Failure>),
    /// The shop's server named the session token, or not.
    SessionToken(Request, Result<Secret, Unanswered>),
    /// The shop's server named the stored card, or not.
    StoredCard(Request, Result<StoredCardReference, Unanswered>),

    /// The browser shows the page.
    BrowserOpened,
    /// The browser could not be opened.
    BrowserFailed,
    /// The browser came back to the app by a link. Only a reason to ask.
    BrowserReturned,
    /// The browser is closed, by whomever. Only a reason to ask.
    BrowserClosed,

    /// The app came to the foreground.
    Foreground,
    /// The app went to the background and may be killed there.
    Background,
    /// The device has a network again.
    NetworkAvailable,
}

/// A question that was not answered.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Unanswered {
    /// No answer came.
    Failed(Failure),
    /// An answer came, and it is not the one that was hoped for.
    Refused(Refusal),
}

impl Unanswered {
    /// Whether asking again may help.
    pub(super) const fn may_pass(&self) -> bool {
        match self {
            Self::Failed(failure) => !failure.kind.is_lasting(),
            Self::Refused(refusal) => {
                matches!(refusal.status, 408 | 425 | 429) || !(refusal.status >= 400 && refusal.status < 500)
            }
        }
    }
}
