//! Why perform sale did not give a session token, and what may be concluded from that.

use serde::Serialize;

use crate::{
    json::{Parts, Stored, Value, variant},
    wire::ErrorResponse,
};

/// The result of perform sale.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Doubt {
    /// No answer came, or the app was restarted.
    AnswerLost,
    /// The answer is neither a session token nor a refusal.
    Unclear {
        /// Its HTTP status. Its text is not kept, because a server that is not the gateway may repeat the request, and
        /// with it the card.
        status: u16,
    },
    /// The gateway refused the request. That counts unless the merchant's server knows better.
    Refused {
        /// The gateway's text, for developers.
        detail: String,
        /// `error.code`.
        support_reference: Option<String>,
    },
}

impl Stored for Doubt {
    fn read(value: Value<'_>) -> Option<Self> {
        let (name, held) = variant(value)?;
        if *name == "answer_lost" {
            return Some(Self::AnswerLost);
        }
        let held = Parts::of(held)?;
        Some(match name.as_str() {
            "unclear" => Self::Unclear {
                status: held.part("status")?,
            },
            "refused" => Self::Refused {
                detail: held.part("detail")?,
                support_reference: held.part("support_reference")?,
            },
            _ => return None,
        })
    }
}

impl Doubt {
    pub(super) const fn unclear(refusal: &ErrorResponse) -> Self {
        Self::Unclear { status: refusal.status }
    }

    pub(super) fn refused(refusal: &ErrorResponse) -> Self {
        Self::Refused {
            detail: format!("the gateway refused the sale: {}", refusal.describe()),
            support_reference: refusal.support_reference(),
        }
    }

    pub(super) const fn is_refusal(&self) -> bool {
        matches!(self, Self::Refused { .. })
    }

    /// What happened, for developers.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::AnswerLost => "the answer to perform sale was lost".to_owned(),
            Self::Unclear { status } => format!(
                "the answer to perform sale was unclear (HTTP status {status}; if this happens with every sale, check \
                 the configured gateway base URL and its path)"
            ),
            Self::Refused { detail, .. } => detail.clone(),
        }
    }
}
