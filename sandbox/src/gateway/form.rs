//! The form of a challenge: what may be sent, and the issuer's reaction to it. Where it arrives is `page`, how it looks `html`.

use serde::Deserialize;

use super::{
    html::Notice,
    page::{Answered, PageKind},
};
use crate::{
    cardholder::{ONE_TIME_CODE, PASSWORD},
    signature::same,
};

/// Wrong answers that end a challenge.
const TRIES: u8 = 3;

/// What the issuer asks the cardholder for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    Password,
    /// A code that the bank sent in a message.
    OneTimeCode,
}

impl Ask {
    /// What the right cardholder knows.
    pub(super) fn answer(self) -> &'static str {
        match self {
            Self::Password => PASSWORD,
            Self::OneTimeCode => ONE_TIME_CODE,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Submitted {
    pub(super) password: Option<String>,
    cancel: Option<String>,
    /// A tester's word: how the challenge is to end.
    pub(super) end: Option<Wanted>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Wanted {
    Approve,
    Fail,
    Cancel,
    Expire,
}

impl Wanted {
    const fn answered(self) -> Answered {
        match self {
            Self::Approve => Answered::Passed,
            Self::Fail => Answered::Failed,
            Self::Cancel => Answered::Cancelled,
            Self::Expire => Answered::Late,
        }
    }
}

/// What comes of a form that was sent.
pub(super) enum Reply {
    End(Answered),
    AskAgain(Notice),
}

impl Submitted {
    /// The issuer's reaction; none on a page without a form. Counts wrong answers in `kind`.
    pub(super) fn reply(&self, kind: &mut PageKind, password: Option<&str>) -> Option<Reply> {
        let PageKind::Challenge { ask, answered, wrong } = kind else {
            return None;
        };
        if let Some(end) = self.end {
            return Some(Reply::End(end.answered()));
        }
        Some(match (*answered, self.cancel.is_some(), password.map(str::trim)) {
            (false, _, _) => Reply::AskAgain(Notice::Silent),
            (true, true, _) => Reply::End(Answered::Cancelled),
            (true, false, None | Some("")) => Reply::AskAgain(Notice::Empty),
            (true, false, Some(password)) if same(password, ask.answer()) => Reply::End(Answered::Passed),
            (true, false, Some(_)) => {
                *wrong += 1;
                match TRIES.saturating_sub(*wrong) {
                    0 => Reply::End(Answered::Failed),
                    left => Reply::AskAgain(Notice::Wrong(left)),
                }
            }
        })
    }
}
