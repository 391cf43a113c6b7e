//! The form of a challenge: what may be sent, and the issuer's reaction to it. Where it arrives is `page`, how it looks `html`.

use serde::Deserialize;

use super::challenge::{Answered, Notice, PageKind};
use crate::protocol::signature::same;

/// Wrong answers that end a challenge.
const TRIES: u8 = 3;

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
