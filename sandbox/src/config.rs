//! Every switch of the sandbox, with its default. What the switches do lives with the code that reads them.

use std::{fmt, net::IpAddr, path::PathBuf, time::Duration};

use crate::protocol::{answer::INVALID_REQUEST, signature::HexCase};

/// The control key the sandbox uses when none is given: a test key, worth nothing anywhere else.
pub const TEST_CONTROL_KEY: &str = "7C1D2E3F-0A4B-4C5D-8E6F-102132435465";

/// When the gateway asks the merchant's server about a sale (check sale). The documents only draw it, after the perform
/// answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckTiming {
    /// Perform is answered first, as in the sequence diagram.
    AfterAnswer,
    /// The perform answer waits for the check. A failed check still shows in the status, never in this answer.
    BeforeAnswer,
    /// This long after the perform answer.
    Late(Duration),
    /// Not at all: the sale stays in processing for ever and is never charged, because nothing is charged without the
    /// merchant's word.
    Never,
}

/// What a second perform request for the same invoice gets. Neither charges twice. The documents do not say which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RepeatedPerform {
    /// An error object.
    Refuse {
        /// The HTTP status it comes with: 400, 409, or 200 as some of the family do.
        http_status: u16,
        /// `error.cause`.
        cause: String,
    },
    /// The first answer again, with the same session token, if the session of the request is that of the first one;
    /// otherwise the default refusal.
    Replay,
}

impl RepeatedPerform {
    /// A refusal with this HTTP status and `error.cause`.
    #[must_use]
    pub fn refuse(http_status: u16, cause: impl Into<String>) -> Self {
        Self::Refuse {
            http_status,
            cause: cause.into(),
        }
    }
}

/// HTTP 400, `INVALID_REQUEST`.
impl Default for RepeatedPerform {
    fn default() -> Self {
        Self::refuse(400, INVALID_REQUEST)
    }
}

/// What the merchant's server offers of the session-token extension. Its messages are in `merchant::session_token`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenExtension {
    /// Session tokens, and voiding an invoice that no check sale was accepted for.
    WithVoid,
    /// Session tokens only: a request to void is read as a question for the token.
    TokensOnly,
    /// Nothing: the path does not exist.
    Off,
}

/// Where the inspector answers, on 127.0.0.1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InspectorPort {
    /// Nowhere, and nothing is recorded.
    Off,
    /// On this port; 0 takes a free one.
    Exactly(u16),
    /// On this port, or on a free one if it is taken.
    Preferably(u16),
}

/// Which URL the card mapping notification goes to; both are in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotificationUrl {
    /// `/sale/notification`: the sale is found by its session token.
    Plain,
    /// `/sale/{invoiceId}/notification`.
    WithInvoice,
}

/// Declares the configuration once: the field, its default, and the setter of the same name.
macro_rules! settings {
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident : $kind:ty = $default:expr;)* }) => {
        $(#[$doc])*
        #[derive(Clone)]
        pub struct $name { $(pub(crate) $field: $kind,)* }

        impl Default for $name {
            fn default() -> Self {
                Self { $($field: $default,)* }
            }
        }

        impl $name {
            $($(#[$field_doc])*
            #[must_use]
            pub fn $field(mut self, value: impl Into<$kind>) -> Self {
                self.$field = value.into();
                self
            }
)*
        }
    };
}

settings! {
    /// How the sandbox behaves. Built by chaining setters onto [`SandboxConfig::default`].
    SandboxConfig {
        /// Address both servers listen on; loopback unless a phone on the same network has to reach them.
        listen: IpAddr = IpAddr::from([127, 0, 0, 1]);
        /// Further host names or addresses the certificate is valid for and redirect URLs may use (an emulator
        /// reaches its host as `10.0.2.2`).
        host_names: Vec<String> = Vec::new();
        /// The gateway's TCP port; 0 takes a free one.
        gateway_port: u16 = 0;
        /// The merchant's TCP port; 0 takes a free one.
        merchant_port: u16 = 0;
        /// Path in front of the gateway's `/dapi/v1/…`; it differs by brand.
        base_path: String = "/paynet".to_owned();
        /// The key of every signature, as its UUID-like text.
        control_key: String = TEST_CONTROL_KEY.to_owned();
        /// The entry point id, of a fixed number of digits: signatures have no separators.
        endpoint_id: String = "1144".to_owned();
        /// The merchant's name, shown on the 3-D Secure page.
        merchant_name: String = "Sandbox Coffee".to_owned();
        /// Hex case of emitted signatures.
        hex_case: HexCase = HexCase::Upper;
        /// When check sale happens.
        check_timing: CheckTiming = CheckTiming::AfterAnswer;
        /// What a repeated perform gets.
        repeated_perform: RepeatedPerform = RepeatedPerform::default();
        /// What the merchant's server offers of the session-token extension.
        token_extension: TokenExtension = TokenExtension::WithVoid;
        /// Where card mapping notifications go.
        notification_url: NotificationUrl = NotificationUrl::Plain;
        /// Whether a URL for callbacks is set on the endpoint; without one no callback is sent.
        callbacks: bool = true;
        /// Waits between the attempts to deliver a callback; one attempt more than there are gaps.
        callback_gaps: Vec<Duration> = [1, 2, 4, 8].map(Duration::from_secs).to_vec();
        /// Time the processor takes, before and again after a challenge.
        processing_delay: Duration = Duration::from_millis(400);
        /// Time the slow processor takes (security code 555).
        slow_processing_delay: Duration = Duration::from_secs(8);
        /// How long a cardholder may stay on the 3-D Secure pages.
        challenge_timeout: Duration = Duration::from_secs(300);
        /// How long the issuer that never answers is waited for (security code 324).
        short_challenge_timeout: Duration = Duration::from_secs(15);
        /// Life of an access token.
        access_token_life: Duration = Duration::from_secs(30 * 60);
        /// How long the gateway waits for the merchant.
        call_timeout: Duration = Duration::from_secs(10);
        /// Whether the gateway puts its errors inside HTTP 200, as some of the family do.
        errors_in_ok: bool = false;
        /// Whether a status request must carry the access token of its perform request.
        strict_status_access_token: bool = true;
        /// Whether the status answer names the currency of its amount. The documents' table does not.
        status_currency: bool = false;
        /// The only currency of the entry point (ISO 4217); any without one. A real entry point has one.
        endpoint_currency: Option<String> = None;
        /// Whether the merchant also answers the paths of the remote control, for tests from another process.
        control: bool = false;
        /// Whether an inspector runs beside the servers, and where; on 127.0.0.1, whatever `listen` says.
        inspector: InspectorPort = InspectorPort::Off;
        /// URL schemes a 3-D Secure page may link back to (`?return=`).
        return_schemes: Vec<String> = vec!["salekit".to_owned()];
        /// File to write the throw-away authority's certificate to (PEM), for a client in another process.
        ca_file: Option<PathBuf> = None;
        /// Folder that the authority and its key are kept in, so that a device trusts once; made at start without one.
        authority_folder: Option<PathBuf> = None;
        /// SQLite file of both parties; in memory without one.
        database: Option<PathBuf> = None;
    }
}

impl fmt::Debug for SandboxConfig {
    /// Without the control key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxConfig")
            .field("listen", &self.listen)
            .field("gateway_port", &self.gateway_port)
            .field("merchant_port", &self.merchant_port)
            .field("base_path", &self.base_path)
            .field("endpoint_id", &self.endpoint_id)
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}

impl SandboxConfig {
    /// Every wait of the sandbox taken out, for tests: no processing time, callbacks repeated at once.
    #[must_use]
    pub fn immediate(self) -> Self {
        self.processing_delay(Duration::ZERO)
            .slow_processing_delay(Duration::ZERO)
            .callback_gaps([1, 2, 4].map(Duration::from_millis).to_vec())
    }
}
