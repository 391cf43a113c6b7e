//! The port for the browser.

use super::challenge::Challenge;
use crate::value::SaleId;

/// Shows the challenge's page to the cardholder: in a Custom Tab or Auth Tab, an `ASWebAuthenticationSession` or the
/// system's browser. Never use a web view of the app, which could read what the cardholder types.
///
/// Calls must return at once. SaleKit makes them one after the other, on a thread that may block, while the sale goes
/// on. It stops waiting for a call that does not return in time or panics. Report to the page's [`Challenge`] what
/// happens to the page.
pub trait RedirectPresenter: Send + Sync {
    /// Show the page of `challenge` in place of the page that is shown for this sale, if there is one. Later call
    /// [`Challenge::returned`], [`Challenge::closed`] or [`Challenge::failed`]. A panic counts as `failed`.
    fn show(&self, challenge: &Challenge);

    /// Close the page of `challenge`, if it is still open. It is the page that was shown last for its sale.
    fn dismiss(&self, challenge: &Challenge);

    /// Close the page that an earlier process of the app may have shown for `sale`, if it is still open. SaleKit calls
    /// this when a resumed sale needs no page any more and this process has shown none. Implement it only if your
    /// browser outlives the app; the default does nothing.
    fn dismiss_leftover(&self, sale: &SaleId) {
        let _ = sale;
    }
}
