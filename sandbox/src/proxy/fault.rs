//! What the proxy can do to a connection and to an exchange on it. How it is done is `connection`, how often `plan`.

use std::time::Duration;

use crate::{net::tls::Flaw, script::Dice};

/// What goes wrong before the first byte of a request can be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ConnectionFault {
    /// Reset as soon as it is accepted.
    Reset,
    /// Accepted, and then not a word.
    Silence,
    /// Something that is not TLS answers.
    NoTls,
    /// The certificate is not to be accepted.
    Certificate(Flaw),
}

impl ConnectionFault {
    /// The fault's name, for a table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Reset => "connection reset",
            Self::Silence => "connection silent",
            Self::NoTls => "connection without TLS",
            Self::Certificate(Flaw::Expired) => "certificate expired",
            Self::Certificate(Flaw::NotYetValid) => "certificate not yet valid",
            Self::Certificate(Flaw::WrongHost) => "certificate of another host",
            Self::Certificate(Flaw::Untrusted) => "certificate untrusted",
        }
    }

    pub(super) fn any(dice: &mut Dice) -> Self {
        match dice.below(10) {
            0..=4 => Self::Reset,
            5 => Self::Silence,
            6 => Self::NoTls,
            _ => {
                let flaws = [Flaw::Expired, Flaw::NotYetValid, Flaw::WrongHost, Flaw::Untrusted];
                Self::Certificate(dice.pick(&flaws).copied().unwrap_or(Flaw::Expired))
            }
        }
    }
}

/// What goes wrong with a request and its answer. *Passed on* means that the server has processed the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExchangeFault {
    /// The connection is reset when the first bytes of the request have come. Not passed on.
    ResetUnread,
    /// The connection is reset when all of the request has come. Not passed on.
    ResetUnforwarded,
    /// The connection is closed in order, without an answer. Not passed on.
    CloseUnforwarded,
    /// Passed on; the connection is reset instead of an answer.
    ResetUnanswered,
    /// Not passed on, and not a word until the client goes.
    StallUnforwarded,
    /// Passed on, and not a word until the client goes.
    StallUnanswered,
    /// Passed on; the answer ends after `at` (modulo its length) bytes, by a reset or by an orderly close.
    Cut {
        /// Where, modulo the answer's length.
        at: u16,
        /// Whether by a reset.
        reset: bool,
    },
    /// Passed on; the answer comes in `pieces` pieces with this pause between them.
    Drip {
        /// How many.
        pieces: u8,
        /// Between two of them.
        pause: Duration,
    },
    /// Passed on; what comes back is not HTTP.
    Garbage,
    /// Passed on; HTTP 200 of the right type, but the body is no JSON.
    GarbageBody,
    /// Passed on; the right answer under `text/html`.
    WrongContentType,
    /// Passed on; a small compressed body that is large once it is unpacked.
    GzipBomb,
    /// Passed on; a body that never ends.
    EndlessBody,
    /// An HTTP error instead of passing the request on.
    Refused {
        /// The HTTP status.
        status: u16,
        /// With an error object of the protocol, or with a page of HTML.
        with_error_object: bool,
    },
    /// Passed on; an HTTP error in place of the answer.
    Failed {
        /// The HTTP status, of those that say nothing about the processing.
        status: u16,
        /// With an error object of the protocol, or with a page of HTML.
        with_error_object: bool,
    },
    /// A redirect to the same server instead of an answer.
    Redirect {
        /// The HTTP status.
        status: u16,
        /// Whether the request was passed on.
        forwarded: bool,
    },
    /// Passed on; the answer comes twice, the second time after this pause.
    Twice {
        /// Before the second.
        pause: Duration,
    },
    /// Passed on twice, one after the other, as an appliance does that repeats a POST. The client gets one of the two
    /// answers, whole.
    PassedOnTwice {
        /// Whose answer.
        answer: Pass,
    },
    /// The connection is reset at once, and the request is passed on all the same after this time.
    PassedOnLate {
        /// After the reset.
        after: Duration,
    },
}

/// One of two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pass {
    /// The one that the server got first.
    First,
    /// The repetition.
    Second,
}

impl ExchangeFault {
    /// The fault's name, for a table.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ResetUnread => "reset, request half read",
            Self::ResetUnforwarded => "reset, request read",
            Self::CloseUnforwarded => "closed, request read",
            Self::ResetUnanswered => "reset, request processed",
            Self::StallUnforwarded => "stall, request read",
            Self::StallUnanswered => "stall, request processed",
            Self::Cut { .. } => "answer cut",
            Self::Drip { .. } => "answer dripped",
            Self::Garbage => "answer not HTTP",
            Self::GarbageBody => "answer not JSON",
            Self::WrongContentType => "answer of a wrong type",
            Self::GzipBomb => "gzip bomb",
            Self::EndlessBody => "endless body",
            Self::Refused {
                with_error_object: true,
                ..
            } => "HTTP error object, not processed",
            Self::Refused { .. } => "HTTP error page, not processed",
            Self::Failed {
                with_error_object: true,
                ..
            } => "HTTP error object, processed",
            Self::Failed { .. } => "HTTP error page, processed",
            Self::Redirect { .. } => "redirect",
            Self::Twice { .. } => "answer twice",
            Self::PassedOnTwice { answer: Pass::First } => "passed on twice, first answer",
            Self::PassedOnTwice { answer: Pass::Second } => "passed on twice, second answer",
            Self::PassedOnLate { .. } => "reset, passed on late",
        }
    }

    /// Whether the request reaches the server before the client gets anything.
    pub(super) const fn is_forwarded(self) -> bool {
        !matches!(
            self,
            Self::ResetUnread
                | Self::ResetUnforwarded
                | Self::CloseUnforwarded
                | Self::StallUnforwarded
                | Self::Refused { .. }
                | Self::Redirect { forwarded: false, .. }
                | Self::PassedOnLate { .. }
        )
    }

    pub(super) fn any(dice: &mut Dice) -> Self {
        let even = dice.chance(500);
        let milliseconds = |dice: &mut Dice, end| Duration::from_millis(dice.below(end));
        match dice.below(21) {
            0 => Self::ResetUnread,
            1 => Self::ResetUnforwarded,
            2 => Self::CloseUnforwarded,
            3 | 4 => Self::ResetUnanswered,
            5 if even => Self::StallUnforwarded,
            5 => Self::StallUnanswered,
            6..=8 => Self::Cut {
                at: u16::try_from(dice.below(1 << 16)).unwrap_or_default(),
                reset: even,
            },
            9 => Self::Drip {
                pieces: 8,
                pause: milliseconds(dice, 60),
            },
            10 => Self::Garbage,
            11 => Self::GarbageBody,
            12 => Self::WrongContentType,
            13 => Self::GzipBomb,
            14 => Self::EndlessBody,
            15 => Self::Refused {
                status: dice.pick(&[400, 403, 404, 429, 500, 502, 503]).copied().unwrap_or(503),
                with_error_object: even,
            },
            16 | 17 => Self::Failed {
                status: dice.pick(&[408, 409, 500, 502, 503, 504]).copied().unwrap_or(502),
                with_error_object: even,
            },
            18 => Self::Redirect {
                status: dice.pick(&[301, 302, 303, 307, 308]).copied().unwrap_or(307),
                forwarded: even,
            },
            19 => Self::Twice {
                pause: milliseconds(dice, 20),
            },
            _ => Self::PassedOnLate {
                after: milliseconds(dice, 2_000),
            },
        }
    }

    pub(super) fn any_repetition(dice: &mut Dice) -> Self {
        let answer = if dice.chance(500) { Pass::First } else { Pass::Second };
        Self::PassedOnTwice { answer }
    }
}
