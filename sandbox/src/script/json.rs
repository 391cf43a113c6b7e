//! Scripts as JSON, for tests in any language. What they do lives in `script`.

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;

use crate::{
    config::{CheckTiming, RepeatedPerform, TokenExtension},
    error::SandboxError,
    script::{Fault, Message, Outcome, Script},
};

impl Script {
    /// Reads a script from JSON:
    ///
    /// ```json
    /// {
    ///   "outcome": "charged_but_never_final",
    ///   "processing_delay_ms": 0,
    ///   "challenge_timeout_ms": 500,
    ///   "check_timing": { "late_ms": 300 },
    ///   "repeated_perform": { "refuse": { "http_status": 409, "cause": "INVALID_REQUEST" } },
    ///   "token_extension": "tokens_only",
    ///   "sales": 1,
    ///   "faults": [{ "message": "perform", "nth": 1, "kind": "close_after_processing" }]
    /// }
    /// ```
    ///
    /// All members are optional; without `sales` it is in force until another script is set. Check timings without a value: `after_answer`, `before_answer`, `never`; the other
    /// answer to a repeated perform is `replay`; token extensions: `with_void`, `tokens_only`, `off`. Kinds of faults
    /// with values: `http` and `http_after_processing` (`status`, `body`,
    /// `content_type`), `gateway_error` (`cause`, `http_status`), `stall` (`ms`), `retry_after` (`status`, `secs`),
    /// `unknown_state` (`state`), `answer_override` (`answer`).
    ///
    /// # Errors
    /// [`SandboxError::Script`] with what is wrong.
    pub fn from_json(value: &Value) -> Result<Self, SandboxError> {
        let parsed = ScriptJson::deserialize(value).map_err(|error| SandboxError::Script {
            reason: error.to_string(),
        })?;
        let mut script = Self::new();
        if let Some(outcome) = parsed.outcome {
            script = script.outcome(outcome.into());
        }
        if let Some(delay) = parsed.processing_delay_ms {
            script = script.processing_delay(Duration::from_millis(delay));
        }
        if let Some(timeout) = parsed.challenge_timeout_ms {
            script = script.challenge_timeout(Duration::from_millis(timeout));
        }
        if let Some(timing) = parsed.check_timing {
            script = script.check_timing(timing.into());
        }
        if let Some(answer) = parsed.repeated_perform {
            script = script.repeated_perform(answer.into());
        }
        if let Some(extension) = parsed.token_extension {
            script = script.token_extension(extension.into());
        }
        if let Some(sales) = parsed.sales {
            script = script.for_sales(sales);
        }
        for FaultJson { message, nth, fault } in parsed.faults {
            script = match nth {
                Some(nth) => script.fault_nth(message.into(), nth, fault.into()),
                None => script.fault(message.into(), fault.into()),
            };
        }
        Ok(script)
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ScriptJson {
    outcome: Option<OutcomeJson>,
    processing_delay_ms: Option<u64>,
    challenge_timeout_ms: Option<u64>,
    check_timing: Option<CheckTimingJson>,
    repeated_perform: Option<RepeatedPerformJson>,
    token_extension: Option<TokenExtensionJson>,
    sales: Option<u32>,
    #[serde(default)]
    faults: Vec<FaultJson>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum OutcomeJson {
    Approve,
    Decline,
    NeverFinal,
    ChargedButNeverFinal,
    Challenge,
    FingerprintThenChallenge,
    OneTimeCode,
    UnansweredChallenge,
}

impl From<OutcomeJson> for Outcome {
    fn from(outcome: OutcomeJson) -> Self {
        match outcome {
            OutcomeJson::Approve => Self::approve(),
            OutcomeJson::Decline => Self::decline(100, "Do not honour"),
            OutcomeJson::NeverFinal => Self::never_final(),
            OutcomeJson::ChargedButNeverFinal => Self::charged_but_never_final(),
            OutcomeJson::Challenge => Self::challenge(),
            OutcomeJson::FingerprintThenChallenge => Self::fingerprint_then_challenge(),
            OutcomeJson::OneTimeCode => Self::one_time_code(),
            OutcomeJson::UnansweredChallenge => Self::unanswered_challenge(),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum CheckTimingJson {
    AfterAnswer,
    BeforeAnswer,
    LateMs(u64),
    Never,
}

impl From<CheckTimingJson> for CheckTiming {
    fn from(timing: CheckTimingJson) -> Self {
        match timing {
            CheckTimingJson::AfterAnswer => Self::AfterAnswer,
            CheckTimingJson::BeforeAnswer => Self::BeforeAnswer,
            CheckTimingJson::LateMs(delay) => Self::Late(Duration::from_millis(delay)),
            CheckTimingJson::Never => Self::Never,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum RepeatedPerformJson {
    Refuse { http_status: u16, cause: String },
    Replay,
}

impl From<RepeatedPerformJson> for RepeatedPerform {
    fn from(answer: RepeatedPerformJson) -> Self {
        match answer {
            RepeatedPerformJson::Refuse { http_status, cause } => Self::Refuse { http_status, cause },
            RepeatedPerformJson::Replay => Self::Replay,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum TokenExtensionJson {
    WithVoid,
    TokensOnly,
    Off,
}

impl From<TokenExtensionJson> for TokenExtension {
    fn from(extension: TokenExtensionJson) -> Self {
        match extension {
            TokenExtensionJson::WithVoid => Self::WithVoid,
            TokenExtensionJson::TokensOnly => Self::TokensOnly,
            TokenExtensionJson::Off => Self::Off,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum MessageJson {
    Initiate,
    Perform,
    Status,
    SessionToken,
    StoredCard,
    Check,
    Mapping,
    Callback,
}

impl From<MessageJson> for Message {
    fn from(message: MessageJson) -> Self {
        match message {
            MessageJson::Initiate => Self::Initiate,
            MessageJson::Perform => Self::Perform,
            MessageJson::Status => Self::Status,
            MessageJson::SessionToken => Self::SessionToken,
            MessageJson::StoredCard => Self::StoredCard,
            MessageJson::Check => Self::Check,
            MessageJson::Mapping => Self::Mapping,
            MessageJson::Callback => Self::Callback,
        }
    }
}

#[derive(Deserialize)]
struct FaultJson {
    message: MessageJson,
    nth: Option<u32>,
    #[serde(flatten)]
    fault: FaultKindJson,
}

#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum FaultKindJson {
    CloseBeforeProcessing,
    CloseAfterProcessing,
    Http(HttpJson),
    HttpAfterProcessing(HttpJson),
    GatewayError { cause: String, http_status: u16 },
    Garbage,
    Truncate,
    Stall { ms: u64 },
    RetryAfter { status: Option<u16>, secs: u64 },
    UnknownState { state: String },
    AnswerOverride { answer: Value },
}

#[derive(Deserialize)]
struct HttpJson {
    status: u16,
    #[serde(default)]
    body: String,
    #[serde(default = "plain_text")]
    content_type: String,
}

fn plain_text() -> String {
    "text/plain".to_owned()
}

impl From<FaultKindJson> for Fault {
    fn from(kind: FaultKindJson) -> Self {
        match kind {
            FaultKindJson::CloseBeforeProcessing => Self::CloseBeforeProcessing,
            FaultKindJson::CloseAfterProcessing => Self::CloseAfterProcessing,
            FaultKindJson::Http(HttpJson {
                status,
                body,
                content_type,
            }) => Self::Http {
                status,
                body,
                content_type,
            },
            FaultKindJson::HttpAfterProcessing(HttpJson {
                status,
                body,
                content_type,
            }) => Self::HttpAfterProcessing {
                status,
                body,
                content_type,
            },
            FaultKindJson::GatewayError { cause, http_status } => Self::GatewayError { cause, http_status },
            FaultKindJson::Garbage => Self::Garbage,
            FaultKindJson::Truncate => Self::Truncate,
            FaultKindJson::Stall { ms } => Self::Stall(Duration::from_millis(ms)),
            FaultKindJson::RetryAfter { status, secs } => Self::RetryAfter { status, secs },
            FaultKindJson::UnknownState { state } => Self::UnknownState(state),
            FaultKindJson::AnswerOverride { answer } => Self::AnswerOverride(answer),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_habits_of_the_parties_can_be_scripted() {
        let read = |value| Script::from_json(&value).unwrap();
        let script = read(json!({
            "check_timing": {"late_ms": 300},
            "repeated_perform": {"refuse": {"http_status": 409, "cause": "FILTERED"}},
            "token_extension": "tokens_only",
        }));
        assert_eq!(script.check_timing, Some(CheckTiming::Late(Duration::from_millis(300))));
        assert_eq!(script.repeated_perform, Some(RepeatedPerform::refuse(409, "FILTERED")));
        assert_eq!(script.token_extension, Some(TokenExtension::TokensOnly));
        let script = read(json!({"check_timing": "never", "repeated_perform": "replay", "token_extension": "off"}));
        assert_eq!(script.check_timing, Some(CheckTiming::Never));
        assert_eq!(script.repeated_perform, Some(RepeatedPerform::Replay));
        assert_eq!(script.token_extension, Some(TokenExtension::Off));
        assert!(Script::from_json(&json!({"token_extension": "on"})).is_err());
    }
}
