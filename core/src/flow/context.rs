//! What every phase needs: the terms of the sale, the present time, request numbers, and the list of effects.
//!
//! Data that only some phases have is in the phases.

use super::{Effect, Jitter, Plan, event::Request, terms::Terms};
use crate::value::Timestamp;

/// The context of one step.
pub(super) struct Context<'a> {
    pub(super) terms: &'a Terms,
    pub(super) now: Timestamp,
    pub(super) last_request: &'a mut Request,
    pub(super) jitter: &'a mut Jitter,
    pub(super) effects: Vec<Effect>,
}

impl Context<'_> {
    pub(super) const fn plan(&self) -> &Plan {
        &self.terms.plan
    }

    pub(super) fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// A new number for an effect that will be answered.
    pub(super) const fn request(&mut self) -> Request {
        *self.last_request = self.last_request.wrapping_add(1);
        *self.last_request
    }

    /// Saves the snapshot of the state at the end of this step.
    pub(super) fn save(&mut self) {
        self.effect(Effect::Save);
    }

    pub(super) fn set_timer(&mut self, at: Timestamp) {
        self.effect(Effect::SetTimer { at });
    }

    /// Whether the time `at` has come. If the timer was early, it is set again.
    pub(super) fn is_time(&mut self, at: Timestamp) -> bool {
        let has_come = self.now >= at;
        if !has_come {
            self.set_timer(at);
        }
        has_come
    }
}
