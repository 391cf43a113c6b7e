//! Nothing has happened yet.

use serde::Serialize;

use super::{Authorising, Finished, Initiating, Phase};
use crate::{
    flow::{context::Context, event::Event},
    json::stored_struct,
    outcome::NotChargedReason,
    value::Secret,
};

#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub(in crate::flow) struct New {
    /// The app's access token; without it, SaleKit asks the merchant's server for one.
    pub(in crate::flow) access_token: Option<Secret>,
}

stored_struct!(New { access_token });

impl New {
    pub(super) fn on(self, event: &Event, context: &mut Context) -> Phase {
        match event {
            Event::Start => self.start(context),
            Event::Cancel => Finished::cancelled(None, context),
            Event::Resume => Finished::interrupted(None, context),
            Event::Background => {
                context.save();
                Phase::New(self)
            }
            // No request was sent, no page is open, nothing is awaited.
            Event::Timer
            | Event::Committed(..)
            | Event::AccessToken(..)
            | Event::Initiate(..)
            | Event::Perform(..)
            | Event::Status(..)
            | Event::SessionToken(..)
            | Event::BrowserFailed
            | Event::BrowserReturned
            | Event::BrowserClosed
            | Event::Foreground
            | Event::NetworkAvailable => Phase::New(self),
        }
    }

    fn start(self, context: &mut Context) -> Phase {
        let next = match self.access_token {
            Some(token) => Initiating::begin(token, context.plan().can_request_access_token, context),
            None if context.plan().can_request_access_token => Authorising::begin(false, context),
            None => {
                return Finished::not_charged(
                    NotChargedReason::AccessTokenRefused,
                    "no access token was given and the merchant's server cannot be asked for one",
                    None,
                    context,
                );
            }
        };
        context.save();
        next
    }
}
