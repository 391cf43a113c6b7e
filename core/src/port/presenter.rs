//! The browser, from outside.

use crate::{Challenge, SaleId};

/// Shows the challenge's page to the cardholder: a Custom Tab or Auth Tab, an `ASWebAuthenticationSession`, the
/// system's browser; never a web view of the app's own, which could read what the cardholder types.
///
/// Calls must return at once. They are made beside the sale, one after the other, on a thread that may block; a call
/// that does not return in time or panics is given up, and the sale goes on. What happens to the page is reported to its
/// [`Challenge`].
pub trait RedirectPresenter: Send + Sync {
    /// Show the page of `challenge`, instead of the one that is shown for this sale, if any. Later call
    /// [`Challenge::returned`], [`Challenge::closed`] or [`Challenge::failed`]. A panic counts as the last of them.
    fn show(&self, challenge: &Challenge);

    /// Take away the page of `challenge`, if it is still there. It is the one that was shown last for its sale.
    fn dismiss(&self, challenge: &Challenge);

    /// Take away the page that an earlier process of the app may have shown for `sale`, if it is still there. Called when
    /// a resumed sale needs no page any more and this process has shown none. Only a browser that outlives the app has
    /// such pages; the default does nothing.
    fn dismiss_leftover(&self, sale: &SaleId) {
        let _ = sale;
    }
}
