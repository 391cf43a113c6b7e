//! The 3-D Secure pages that there are. Who opens them, and what their forms do, is `page`.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

use super::{
    challenge::{Answered, End, PageKind},
    sale::Sale,
};
use crate::{error::SandboxError, protocol::random};

/// The pages of every sale, by an id nobody can guess.
#[derive(Default)]
pub(super) struct Pages {
    by_id: Mutex<HashMap<String, Page>>,
}

/// One of them.
pub(super) struct Page {
    pub(super) sale: Arc<Sale>,
    pub(super) kind: PageKind,
    answer: Option<oneshot::Sender<Answered>>,
    pub(super) end: Option<End>,
}

/// A page just opened.
pub(super) struct Opened {
    pub(super) id: String,
    pub(super) answer: oneshot::Receiver<Answered>,
}

impl Pages {
    pub(super) fn open(&self, sale: &Arc<Sale>, kind: PageKind) -> Result<Opened, SandboxError> {
        let id = random::hex_id()?;
        let (sender, answer) = oneshot::channel();
        let page = Page {
            sale: Arc::clone(sale),
            kind,
            answer: Some(sender),
            end: None,
        };
        self.lock().insert(id.clone(), page);
        Ok(Opened { id, answer })
    }

    /// Ends a page nobody answered; one that was answered stays as it is.
    pub(super) fn expire(&self, id: &str) {
        if let Some(page) = self.lock().get_mut(id) {
            page.end.get_or_insert(End::Expired);
            page.answer = None;
        }
    }

    /// Answers a page in the cardholder's place, and whether it was still to be answered.
    pub(super) fn answer(&self, id: &str, answered: Answered) -> bool {
        let mut pages = self.lock();
        let Some(page) = pages.get_mut(id).filter(|page| page.end.is_none()) else {
            return false;
        };
        page.end_with(answered);
        true
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, HashMap<String, Page>> {
        self.by_id.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Page {
    pub(super) fn end_with(&mut self, answered: Answered) {
        self.end.get_or_insert(End::Answered(answered));
        if let Some(sender) = self.answer.take() {
            let _sale_gave_up = sender.send(answered);
        }
    }
}
