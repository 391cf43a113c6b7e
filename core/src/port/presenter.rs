//! The browser, from outside.

use crate::SaleId;

/// Shows the challenge's page to the cardholder: a Custom Tab or Auth Tab, an `ASWebAuthenticationSession`, the
/// system's browser; never a web view of the app's own, which could read what the cardholder types.
///
/// Both calls must return at once. They are made beside the sale, one after the other, on a thread that may block; a call
/// that does not return in time or panics is given up, and the sale goes on. What happens to the page is told by
/// [`crate::Sale::browser_opened`], [`crate::Sale::browser_failed`], [`crate::Sale::browser_returned`] and [`crate::Sale::browser_closed`].
pub trait RedirectPresenter: Send + Sync {
    /// Show `url`, instead of the page that is open for this sale, if any. The address is checked: it is `https`
    /// (or `http` on a loopback address, where that was allowed).
    fn open(&self, sale: &SaleId, url: &str);

    /// Take the page of this sale away, if it is still there.
    fn close(&self, sale: &SaleId);
}
