//! Headers that the app adds to its requests to the merchant's server, and the port that provides them. None of them
//! ever goes to the gateway.

use super::future::PortFuture;
use crate::{
    outcome::FailureKind,
    value::{InputError, Rule, Secret},
};

/// The most headers in a request.
const MOST: usize = 32;
/// The longest name, in characters.
const LONGEST_NAME: usize = 64;
/// The longest value, in characters. Servers refuse requests whose headers have more than a few kilobytes in total.
const LONGEST_VALUE: usize = 8_192;

/// Refused names, besides all that begin with `proxy-`: headers that frame a message or name its server, headers that
/// SaleKit sets itself, and headers that ask for a partial answer or none.
const RESERVED: [&str; 20] = [
    "accept",
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "http2-settings",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "keep-alive",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Headers for one request. Each name is an HTTP token (RFC 9110) that occurs once and that the app may set; each value
/// is one line of visible ASCII characters. `Debug` shows only the names, and values are wiped when dropped.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Headers(Vec<(String, Secret)>);

impl Headers {
    /// No headers.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// `headers` as names (case does not matter) and values; their order is kept.
    ///
    /// # Errors
    /// [`InputError`] for `merchantHeaders` (at most 32), `merchantHeaders.name` (1 to 64 characters of an HTTP token,
    /// not reserved, not twice) or `merchantHeaders.value` (1 to 8192 visible ASCII characters, spaces and tabs
    /// within).
    pub fn new(headers: impl IntoIterator<Item = (String, Secret)>) -> Result<Self, InputError> {
        let headers: Vec<(String, Secret)> = headers.into_iter().collect();
        if headers.len() > MOST {
            return Err(InputError::new("merchantHeaders", Rule::Length { min: 0, max: MOST }));
        }
        for (index, (name, value)) in headers.iter().enumerate() {
            check_name(name).map_err(|rule| InputError::new("merchantHeaders.name", rule))?;
            check_value(value.expose()).map_err(|rule| InputError::new("merchantHeaders.value", rule))?;
            if headers
                .iter()
                .take(index)
                .any(|(other, _)| other.eq_ignore_ascii_case(name))
            {
                return Err(InputError::new("merchantHeaders.name", Rule::Repeated));
            }
        }
        Ok(Self(headers))
    }

    /// Takes the names and values, in order.
    #[cfg(feature = "https")]
    pub(crate) fn into_pairs(self) -> Vec<(String, Secret)> {
        self.0
    }

    /// Names and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Secret)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }
}

fn check_name(name: &str) -> Result<(), Rule> {
    if !(1..=LONGEST_NAME).contains(&name.len()) {
        return Err(Rule::Length {
            min: 1,
            max: LONGEST_NAME,
        });
    }
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    if !name.bytes().all(is_token) {
        return Err(Rule::Characters {
            allowed: "letters, digits and the marks !#$%&'*+-.^_`|~",
        });
    }
    let name = name.to_ascii_lowercase();
    if RESERVED.contains(&name.as_str()) || name.starts_with("proxy-") {
        return Err(Rule::Reserved);
    }
    Ok(())
}

fn check_value(value: &str) -> Result<(), Rule> {
    if !(1..=LONGEST_VALUE).contains(&value.len()) {
        return Err(Rule::Length {
            min: 1,
            max: LONGEST_VALUE,
        });
    }
    let is_visible = value.bytes().all(|byte| matches!(byte, b'\t' | b' '..=b'~'));
    if is_visible && value.trim_matches([' ', '\t']) == value {
        return Ok(());
    }
    Err(Rule::Characters {
        allowed: "visible ASCII characters, with spaces and tabs between them,",
    })
}

impl std::fmt::Debug for Headers {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_set()
            .entries(self.iter().map(|(name, _)| name))
            .finish()
    }
}

/// Provides the headers that the app adds to its requests to the merchant's server, for example `Authorization`.
///
/// SaleKit calls it for each request, so that an expired token can be renewed, and the request waits for it. If the
/// provider fails or panics, the request fails; if it does not return, the request times out.
pub trait MerchantHeaders: Send + Sync {
    /// The headers of the next request.
    fn headers(&self) -> PortFuture<'_, Result<Headers, FailureKind>>;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str, value: &str) -> Result<Headers, InputError> {
        Headers::new([(name.to_owned(), Secret::new(value))])
    }

    #[test]
    fn what_an_app_sends_is_taken() {
        for (name, value) in [
            ("Authorization", "Bearer abc.def-ghi_jkl=="),
            ("X-Request-Id", "7"),
            ("cookie", "session=\"a b\"; lang=en"),
            ("x", "a\tb"),
        ] {
            assert_eq!(of(name, value).unwrap().iter().count(), 1, "{name}");
        }
        assert_eq!(Headers::new([]).unwrap(), Headers::none());
    }

    #[test]
    fn what_frames_a_message_or_breaks_out_of_a_header_is_refused() {
        let refused = |name: &str, value: &str| {
            let error = of(name, value).unwrap_err();
            (error.field, error.rule.code())
        };
        for name in RESERVED
            .into_iter()
            .chain(["Host", "CONTENT-LENGTH", "Proxy-Authorization"])
        {
            assert_eq!(refused(name, "1"), ("merchantHeaders.name", "reserved"), "{name}");
        }
        for name in ["a b", "a:b", "a\r\nb", "ä", "a\0"] {
            assert_eq!(refused(name, "1"), ("merchantHeaders.name", "characters"), "{name}");
        }
        assert_eq!(refused("", "1"), ("merchantHeaders.name", "length"));
        assert_eq!(refused(&"a".repeat(65), "1"), ("merchantHeaders.name", "length"));
        for value in ["a\r\nHost: evil.example", "a\n", " a", "a ", "ключ", "a\0b", "a\u{7f}"] {
            assert_eq!(refused("a", value), ("merchantHeaders.value", "characters"), "{value}");
        }
        assert_eq!(refused("a", ""), ("merchantHeaders.value", "length"));
        assert_eq!(refused("a", &"a".repeat(8_193)), ("merchantHeaders.value", "length"));
    }

    #[test]
    fn a_name_is_there_once_and_there_are_not_too_many() {
        let many = |names: Vec<String>| Headers::new(names.into_iter().map(|name| (name, Secret::new("1"))));
        let twice = many(vec!["Authorization".to_owned(), "authorization".to_owned()]).unwrap_err();
        assert_eq!((twice.field, twice.rule.code()), ("merchantHeaders.name", "repeated"));
        assert!(many((0..32).map(|index| format!("x-{index}")).collect()).is_ok());
        let error = many((0..33).map(|index| format!("x-{index}")).collect()).unwrap_err();
        assert_eq!((error.field, error.rule.code()), ("merchantHeaders", "length"));
    }

    #[test]
    fn values_are_not_shown() {
        let shown = format!(
            "{:?} {:?}",
            of("Authorization", "Bearer secret").unwrap(),
            of("a", "secret\n")
        );
        assert!(shown.contains("Authorization") && !shown.contains("secret"), "{shown}");
    }
}
