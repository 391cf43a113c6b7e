//! How a sale ends, and which security code asks for which ending. How it gets there is the gateway's processing.

/// A decline: `errorCode` and `errorMessage` of the status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decline {
    /// `errorCode`: a processor's action code, or one of the gateway's internal errors.
    pub code: i64,
    /// `errorMessage`, at most 128 characters.
    pub message: String,
}

impl Decline {
    /// A decline with this code and text.
    #[must_use]
    pub fn new(code: i64, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

/// Whether and how the cardholder is asked to authenticate (3-D Secure).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Authentication {
    /// The entry point does not use 3-D Secure; the status says nothing about it.
    NotUsed,
    /// The card takes no part in it: `UNSUPPORTED`.
    NotEnrolled,
    /// A challenge page asks for a password.
    Challenge {
        /// A page that collects browser data comes first, with a redirect URL of its own.
        fingerprint_first: bool,
        /// A code from a message of the bank is asked for, not a password.
        one_time_code: bool,
        /// Whether the issuer ever reacts to the page; if not, the challenge times out.
        answered: bool,
    },
}

/// What the processor says in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Charged.
    Approve,
    /// Not charged.
    Decline(Decline),
    /// Stays in processing for ever.
    NeverFinal {
        /// Whether the card was charged all the same; nobody but the ledger tells.
        charged: bool,
    },
}

/// How a sale ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// Before the processor decides.
    pub authentication: Authentication,
    /// What it decides.
    pub verdict: Verdict,
    /// Whether it takes its time over it.
    pub slow: bool,
}

/// Codes of the sandbox's own and of the real one, for people.
pub const SECURITY_CODES: &[(&str, &str)] = &[
    ("123, 1234", "approved"),
    ("321", "3-D Secure page; the password `hint` gives approved"),
    ("111", "approved without 3-D Secure (card not enrolled)"),
    ("217", "unknown: stays in processing for ever"),
    ("101", "declined: expired card"),
    ("116", "declined: insufficient funds"),
    ("119", "declined: not permitted to cardholder"),
    ("209", "declined: pick up, stolen card"),
    (
        "322",
        "3-D Secure with two redirects: a fingerprint page, then the password",
    ),
    ("323", "3-D Secure, and the issuer declines after a good password"),
    ("324", "3-D Secure that times out, whatever the cardholder does"),
    ("325", "3-D Secure with a one-time code; `123456` gives approved"),
    ("555", "slow processor, then approved"),
    ("any other", "declined: do not honour"),
];

const PASSWORD: Authentication = Authentication::Challenge {
    fingerprint_first: false,
    one_time_code: false,
    answered: true,
};

impl Outcome {
    /// Approved, no 3-D Secure.
    #[must_use]
    pub fn approve() -> Self {
        Self {
            authentication: Authentication::NotUsed,
            verdict: Verdict::Approve,
            slow: false,
        }
    }

    /// Declined with this code and text.
    #[must_use]
    pub fn decline(code: i64, message: impl Into<String>) -> Self {
        Self {
            verdict: Verdict::Decline(Decline::new(code, message)),
            ..Self::approve()
        }
    }

    /// In processing for ever, and not charged.
    #[must_use]
    pub fn never_final() -> Self {
        Self {
            verdict: Verdict::NeverFinal { charged: false },
            ..Self::approve()
        }
    }

    /// In processing for ever, although the card was charged.
    #[must_use]
    pub fn charged_but_never_final() -> Self {
        Self {
            verdict: Verdict::NeverFinal { charged: true },
            ..Self::approve()
        }
    }

    /// A challenge; the right password gives approved.
    #[must_use]
    pub fn challenge() -> Self {
        Self {
            authentication: PASSWORD,
            ..Self::approve()
        }
    }

    /// A fingerprint page, then a challenge with a redirect URL of its own.
    #[must_use]
    pub fn fingerprint_then_challenge() -> Self {
        let authentication = Authentication::Challenge {
            fingerprint_first: true,
            one_time_code: false,
            answered: true,
        };
        Self {
            authentication,
            ..Self::approve()
        }
    }

    /// A challenge that asks for a code from a message of the bank; `123456` gives approved.
    #[must_use]
    pub fn one_time_code() -> Self {
        let authentication = Authentication::Challenge {
            fingerprint_first: false,
            one_time_code: true,
            answered: true,
        };
        Self {
            authentication,
            ..Self::approve()
        }
    }

    /// A challenge nobody answers: declined with `1015` when its time is over.
    #[must_use]
    pub fn unanswered_challenge() -> Self {
        let authentication = Authentication::Challenge {
            fingerprint_first: false,
            one_time_code: false,
            answered: false,
        };
        Self {
            authentication,
            ..Self::approve()
        }
    }

    /// What the security code asks for. The declines carry the ISO 8583 action codes the codes are named after.
    #[must_use]
    pub fn of_security_code(code: &str) -> Self {
        match code {
            "123" | "1234" => Self::approve(),
            "111" => Self {
                authentication: Authentication::NotEnrolled,
                ..Self::approve()
            },
            "321" => Self::challenge(),
            "322" => Self::fingerprint_then_challenge(),
            "323" => Self {
                authentication: PASSWORD,
                ..Self::decline(100, "Do not honour")
            },
            "324" => Self::unanswered_challenge(),
            "325" => Self::one_time_code(),
            "555" => Self {
                slow: true,
                ..Self::approve()
            },
            "217" => Self::never_final(),
            "101" => Self::decline(101, "Expired card"),
            "116" => Self::decline(116, "Insufficient funds"),
            "119" => Self::decline(119, "Transaction not permitted to cardholder"),
            "209" => Self::decline(209, "Pick up, stolen card"),
            _ => Self::decline(100, "Do not honour"),
        }
    }
}
