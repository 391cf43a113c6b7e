//! What is kept of a sale and of an exchange, in the form that the inspector's API gives. Everything in here is redacted
//! already; how is `redact`.

use serde::{Deserialize, Serialize};

use crate::protocol::diagram::Party;

/// One of the four lifelines of the sequence diagram.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Role {
    Consumer,
    App,
    Merchant,
    Gateway,
}

impl From<Party> for Role {
    fn from(party: Party) -> Self {
        match party {
            Party::Consumer => Self::Consumer,
            Party::App => Self::App,
            Party::Merchant => Self::Merchant,
            Party::Gateway => Self::Gateway,
        }
    }
}

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// A request, and its answer if there was one.
    Exchange,
    /// Something one party did by itself: the diagram's steps 10 and 18, a final status.
    Event,
    /// A connection that brought no request: a refused TLS handshake, plain HTTP where TLS is spoken.
    Connection,
}

/// How far an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Progress {
    /// The answer is awaited.
    Open,
    Done,
}

/// One entry of the record without headers, bodies and checks: a line of the list, an arrow of the diagram.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Summary {
    /// Counts up from 1 in a run.
    pub(crate) number: u64,
    pub(crate) kind: Kind,
    pub(crate) progress: Progress,
    /// Milliseconds since 1970, UTC.
    pub(crate) at_ms: u64,
    /// Milliseconds until the answer had been read or written, or was given up.
    pub(crate) duration_ms: Option<u64>,
    pub(crate) invoice_id: Option<String>,
    /// Serial number of the device, where a message told it.
    pub(crate) device: Option<String>,
    /// Of the request, in the documents' diagram of 24 steps; the answer's is the next.
    pub(crate) step: Option<u8>,
    pub(crate) from: Role,
    pub(crate) to: Role,
    /// As the protocol calls it: `perform sale`, `check sale`, …
    pub(crate) message: String,
    pub(crate) method: Option<String>,
    /// With the query.
    pub(crate) path: Option<String>,
    pub(crate) status: Option<u16>,
    /// What the answer says, in a few words: a sale's state, an error's cause.
    pub(crate) says: Option<String>,
    /// The fault that was injected.
    pub(crate) fault: Option<String>,
    /// What is wrong, if anything is.
    pub(crate) problem: Option<String>,
    /// It was read from an exported file.
    pub(crate) imported: bool,
}

/// One entry of the record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Exchange {
    #[serde(flatten)]
    pub(crate) summary: Summary,
    pub(crate) verdict: Verdict,
    pub(crate) request: Option<Half>,
    pub(crate) response: Option<Half>,
    pub(crate) checks: Vec<Check>,
    pub(crate) signature: Option<Signature>,
    /// The request as a command for a shell, with variables for what is not kept.
    pub(crate) curl: Option<String>,
}

/// What the receiver made of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Verdict {
    /// Nothing while the answer is awaited.
    pub(crate) accepted: Option<bool>,
    /// The rule that was broken.
    pub(crate) rule: Option<String>,
    pub(crate) expected: Option<String>,
    pub(crate) got: Option<String>,
}

/// A rule, and whether it was kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Check {
    /// The member and what is asked of it.
    pub(crate) rule: String,
    pub(crate) expected: String,
    pub(crate) got: String,
    pub(crate) kept: bool,
}

/// A signature explained, as the API gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Signature {
    pub(crate) member: String,
    /// `hmac-sha1` or `sha1`.
    pub(crate) algorithm: String,
    pub(crate) parts: Vec<ShownPart>,
    /// The parts without separators. Tokens are shortened here, and were not for the calculation.
    pub(crate) joined: String,
    pub(crate) is_shortened: bool,
    /// The control key as configured.
    pub(crate) key_text: String,
    /// Its bytes in hex: dashes removed, hex decoded.
    pub(crate) key_bytes: String,
    pub(crate) expected: String,
    pub(crate) received: Option<String>,
    pub(crate) matches: bool,
    /// What was likely done wrong, if they differ.
    pub(crate) mistake: Option<Mistake>,
}

/// A part as it may be shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ShownPart {
    pub(crate) name: String,
    pub(crate) value: String,
}

/// A mistake, by a word for programs and a sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mistake {
    /// `key_as_text`, `key_with_dashes`, `amount_in_major_units`, `wrong_order`, `server_card_id_missing`, `other_case`,
    /// `other_encoding`, `separators`, `cut_off`, `other_algorithm`, `empty` or `unknown`.
    pub(crate) code: String,
    pub(crate) text: String,
}

/// A request or an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Half {
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: String,
    /// Length of the body as it was, in bytes.
    pub(crate) length: usize,
    /// What the body is: `json`, `form`, `text`, `not_kept` or `none`.
    pub(crate) form: String,
}

/// How a sale stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SaleState {
    /// The merchant's server began it, and no perform request was seen.
    Initiated,
    /// A perform request came, or the processor is at work.
    Processing,
    /// The cardholder is asked to authenticate.
    Challenge,
    Approved,
    Declined,
    /// The merchant's server gave its word that it will not be charged.
    Void,
}

/// A sale as far as the record knows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Sale {
    pub(crate) invoice_id: String,
    pub(crate) device: Option<String>,
    pub(crate) amount_minor: Option<u64>,
    pub(crate) currency: Option<String>,
    /// The amount for people: `10.50 EUR`.
    pub(crate) amount: Option<String>,
    pub(crate) state: SaleState,
    /// Code and text of a decline.
    pub(crate) reason: Option<String>,
    pub(crate) started_at_millis: u64,
    /// When it last changed.
    pub(crate) changed_ms: u64,
    pub(crate) exchanges: u64,
    pub(crate) problems: u64,
    /// Nonce of the sale, which the card mapping's signature covers.
    pub(crate) nonce: Option<String>,
    pub(crate) imported: bool,
}

impl Exchange {
    /// An entry that begins now.
    pub(crate) fn new(kind: Kind, (from, to): (Role, Role), message: &str, at_ms: u64) -> Self {
        let progress = match kind {
            Kind::Exchange => Progress::Open,
            Kind::Event | Kind::Connection => Progress::Done,
        };
        Self {
            summary: Summary {
                number: 0,
                kind,
                progress,
                at_ms,
                duration_ms: None,
                invoice_id: None,
                device: None,
                step: None,
                from,
                to,
                message: message.to_owned(),
                method: None,
                path: None,
                status: None,
                says: None,
                fault: None,
                problem: None,
                imported: false,
            },
            verdict: Verdict::default(),
            request: None,
            response: None,
            checks: Vec::new(),
            signature: None,
            curl: None,
        }
    }
}

impl Sale {
    pub(crate) fn new(invoice_id: &str, at_ms: u64) -> Self {
        Self {
            invoice_id: invoice_id.to_owned(),
            device: None,
            amount_minor: None,
            currency: None,
            amount: None,
            state: SaleState::Initiated,
            reason: None,
            started_at_millis: at_ms,
            changed_ms: at_ms,
            exchanges: 0,
            problems: 0,
            nonce: None,
            imported: false,
        }
    }
}
