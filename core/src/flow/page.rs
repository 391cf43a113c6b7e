//! The pages that were shown to the cardholder.

use serde::Serialize;

use super::{Effect, context::Context};
use crate::json::stored_struct;

/// The most pages that are opened in one sale. Two or three are usual; the limit keeps a faulty gateway from opening
/// pages endlessly.
const MOST_PAGES: u8 = 10;

/// What is known of a sale's pages.
#[derive(Clone, PartialEq, Eq, Hash, Default, Serialize)]
pub(super) struct Pages {
    /// Whether a page must be dismissed at the end. Only dismissing it resets this: a report that a page was closed may
    /// be about an earlier page, and a page may outlive the process that opened it.
    may_be_open: bool,
    /// The address that was opened last. The same one is not opened twice in a row.
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
    /// After a restart, an earlier page may be open, whatever the snapshot says, because it may have been opened after
    /// the last save. So the same address may be opened once more, and a page is dismissed at the end.
    #[must_use]
    pub(super) fn after_restart(self) -> Self {
        Self {
            may_be_open: true,
            last_url: None,
            opened: self.opened,
        }
    }

    /// Restored from an older snapshot. The address that was opened last is not kept across a restart.
    pub(super) const fn restored(may_be_open: bool, opened: u8) -> Self {
        Self {
            may_be_open,
            last_url: None,
            opened,
        }
    }

    /// Opens the page `url`, unless it was opened last or there were too many. Returns whether it did.
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

    /// Allows the last page to be opened again: the browser returned from it, and the gateway still asks for it.
    pub(super) fn forget_last(&mut self) {
        self.last_url = None;
    }

    /// Dismisses the page if one may be open. If the gateway asks for it again, it may be opened again.
    pub(super) fn close(&mut self, context: &mut Context) {
        self.last_url = None;
        if std::mem::take(&mut self.may_be_open) {
            context.effect(Effect::CloseBrowser);
        }
    }
}

/// Hides the address, which gives access to the challenge.
impl std::fmt::Debug for Pages {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Pages")
            .field("may_be_open", &self.may_be_open)
            .field("opened", &self.opened)
            .finish_non_exhaustive()
    }
}
