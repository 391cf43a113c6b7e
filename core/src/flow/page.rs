//! The pages that were shown to the cardholder.

use serde::Serialize;

use crate::stored::stored_struct;

use super::{Effect, context::Context};

/// Most pages that are opened in one sale. A page chain has two or three; without a bound a gateway gone mad could
/// keep the cardholder's browser busy.
const MOST_PAGES: u8 = 10;

/// What is known of a sale's pages.
#[derive(Clone, PartialEq, Eq, Hash, Default, Serialize)]
pub(super) struct Pages {
    /// Whether a page must be taken away in the end. Only taking it away ends that: a word that it is closed may be
    /// about the page before it, and a page may outlive the process that knew of it.
    may_be_open: bool,
    /// The last address that was opened. The same one is not opened twice in a row.
    last_url: Option<String>,
    /// How many addresses were opened.
    opened: u8,
}

stored_struct!(Pages {
    may_be_open,
    last_url,
    opened
});

impl Pages {
    /// After a restart the page of before may be anywhere, whatever the snapshot says: it may have been opened after
    /// the last one that could be saved. So it may be opened once more, and is taken away in the end.
    #[must_use]
    pub(super) fn after_restart(self) -> Self {
        Self {
            may_be_open: true,
            last_url: None,
            opened: self.opened,
        }
    }

    /// As an older snapshot tells of them. What was opened last is forgotten with a restart.
    pub(super) const fn restored(may_be_open: bool, opened: u8) -> Self {
        Self {
            may_be_open,
            last_url: None,
            opened,
        }
    }

    /// Opens the page `url`, unless it is the last one or there were too many. Answers whether it did.
    pub(super) fn open(&mut self, url: &str, context: &mut Context) -> bool {
        let opens = self.last_url.as_deref() != Some(url) && self.opened < MOST_PAGES;
        if opens {
            self.may_be_open = true;
            self.opened += 1;
            self.last_url = Some(url.to_owned());
            context.effect(Effect::OpenBrowser { url: url.to_owned() });
        }
        opens
    }

    /// Lets the page that was opened last be opened again: its browser came back, and the gateway still asks for it.
    pub(super) fn forget_last(&mut self) {
        self.last_url = None;
    }

    /// Takes the page away, if there may be one. Should the gateway ask for it again, it may be opened again.
    pub(super) fn close(&mut self, context: &mut Context) {
        self.last_url = None;
        if std::mem::take(&mut self.may_be_open) {
            context.effect(Effect::CloseBrowser);
        }
    }
}

/// Without the address, which is the cardholder's way into the challenge.
impl std::fmt::Debug for Pages {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Pages")
            .field("may_be_open", &self.may_be_open)
            .field("opened", &self.opened)
            .finish_non_exhaustive()
    }
}
