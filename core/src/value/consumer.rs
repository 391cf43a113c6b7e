//! The consumer as the protocol describes it: the device and, optionally, the e-mail address.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use serde::{Deserialize, Serialize};

use super::{
    error::{InputError, Rule},
    text, typed,
};

const SERIAL_NUMBER: &str = "consumer.device.serialNumber";
const IMEI: &str = "consumer.device.imei";
const IP_ADDRESSES: &str = "consumer.ipAddresses";
pub(crate) const EMAIL: &str = "consumer.email";

/// The longest serial number, in characters (`consumer.device.serialNumber`, 1 to 50).
const LONGEST_SERIAL_NUMBER: usize = 50;
/// The most IP addresses (`consumer.ipAddresses`; the gateway's own classes stop at 10).
const MOST_IP_ADDRESSES: usize = 10;

/// The consumer (`consumer`). `Debug` shows nothing personal.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Written")]
pub struct Consumer {
    serial_number: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    imei: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ip_addresses: Vec<Ipv4Addr>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
}

impl Consumer {
    /// A consumer with the device `serial_number`: 1 to 50 characters, always the same on the same device.
    ///
    /// # Errors
    /// [`InputError`] for `consumer.device.serialNumber`. The serial number is part of both signatures, so it is not
    /// trimmed: white space around it is refused ([`Rule::Characters`]).
    pub fn new(serial_number: impl Into<String>) -> Result<Self, InputError> {
        let serial_number = serial_number.into();
        text::check_line(&serial_number, LONGEST_SERIAL_NUMBER).map_err(|rule| InputError::new(SERIAL_NUMBER, rule))?;
        if serial_number.trim() != serial_number {
            let rule = Rule::Characters {
                allowed: "printable characters without white space around them",
            };
            return Err(InputError::new(SERIAL_NUMBER, rule));
        }
        Ok(Self {
            serial_number,
            imei: None,
            ip_addresses: Vec::new(),
            email: None,
        })
    }

    /// The same consumer with an IMEI: 14 to 16 digits.
    ///
    /// # Errors
    /// [`InputError`] for `consumer.device.imei`.
    pub fn with_imei(mut self, imei: impl Into<String>) -> Result<Self, InputError> {
        let imei = imei.into();
        if !imei.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(InputError::new(IMEI, Rule::Characters { allowed: "digits" }));
        }
        if !(14..=16).contains(&imei.len()) {
            return Err(InputError::new(IMEI, Rule::Length { min: 14, max: 16 }));
        }
        self.imei = Some(imei);
        Ok(self)
    }

    /// The same consumer with one more IP address of the device, at most 10. An address that is already there is not
    /// added again.
    ///
    /// The protocol allows only IPv4 addresses (7 to 15 characters). An IPv6 address is ignored, because the field is
    /// optional and a device cannot choose its network. An IPv4-mapped address (`::ffff:192.0.2.1`) counts as the IPv4
    /// address.
    ///
    /// # Errors
    /// [`InputError`] for `consumer.ipAddresses` if it is not an address, or if it is the eleventh one.
    pub fn with_ip_address(mut self, address: &str) -> Result<Self, InputError> {
        let address = typed::trim(address);
        // In `fe80::1%wlan0`, the interface after `%` is not part of the address.
        let without_scope = address.split_once('%').map_or(address, |(address, _)| address);
        let address = match (address.parse(), without_scope.parse()) {
            (Ok(IpAddr::V4(address)), _) => address,
            (_, Ok(IpAddr::V6(address))) => match address.to_ipv4_mapped() {
                Some(address) => address,
                None => return Ok(self),
            },
            _ => return Err(InputError::new(IP_ADDRESSES, Rule::Format { example: "192.0.2.1" })),
        };
        if !self.ip_addresses.contains(&address) {
            if self.ip_addresses.len() == MOST_IP_ADDRESSES {
                return Err(InputError::new(IP_ADDRESSES, Rule::Range { min: 0, max: 10 }));
            }
            self.ip_addresses.push(address);
        }
        Ok(self)
    }

    /// The same consumer with an e-mail address: 3 to 128 characters with an `@` between them. White space around it
    /// and invisible characters in it are removed.
    ///
    /// This is only a sanity check; it cannot tell whether the address exists.
    ///
    /// # Errors
    /// [`InputError`] for `consumer.email`.
    pub fn with_email(mut self, email: impl Into<String>) -> Result<Self, InputError> {
        let email = typed::address(&email.into());
        check_email(&email).map_err(|rule| InputError::new(EMAIL, rule))?;
        self.email = Some(email);
        Ok(self)
    }

    /// All members at once, to be taken apart by name: code that carries a consumer elsewhere does so, and does not
    /// compile until it carries a new member, too.
    pub fn parts(&self) -> ConsumerParts<'_> {
        let Self {
            serial_number,
            imei,
            ip_addresses,
            email,
        } = self;
        ConsumerParts {
            serial_number,
            imei: imei.as_deref(),
            ip_addresses,
            email: email.as_deref(),
        }
    }

    /// `consumer.device.serialNumber`.
    pub fn serial_number(&self) -> &str {
        &self.serial_number
    }

    /// `consumer.device.imei`.
    pub fn imei(&self) -> Option<&str> {
        self.imei.as_deref()
    }

    /// `consumer.ipAddresses`.
    pub fn ip_addresses(&self) -> &[Ipv4Addr] {
        &self.ip_addresses
    }

    /// `consumer.email`.
    pub fn email(&self) -> Option<&str> {
        self.email.as_deref()
    }
}

fn check_email(email: &str) -> Result<(), Rule> {
    if email.is_empty() {
        return Err(Rule::Missing);
    }
    if !(3..=128).contains(&email.chars().count()) {
        return Err(Rule::Length { min: 3, max: 128 });
    }
    let is_blank = |character: char| character.is_whitespace() || character.is_control();
    match email.rsplit_once('@') {
        Some((name, host)) if !name.is_empty() && !host.is_empty() && !email.contains(is_blank) => Ok(()),
        _ => Err(Rule::Format {
            example: "name@example.com",
        }),
    }
}

impl fmt::Debug for Consumer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Consumer")
            .field("has_imei", &self.imei.is_some())
            .field("ip_addresses", &self.ip_addresses.len())
            .field("has_email", &self.email.is_some())
            .finish_non_exhaustive()
    }
}

/// The members of a [`Consumer`]: [`Consumer::parts`]. `Debug` shows nothing personal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ConsumerParts<'a> {
    /// `consumer.device.serialNumber`.
    pub serial_number: &'a str,
    /// `consumer.device.imei`.
    pub imei: Option<&'a str>,
    /// `consumer.ipAddresses`.
    pub ip_addresses: &'a [Ipv4Addr],
    /// `consumer.email`.
    pub email: Option<&'a str>,
}

impl fmt::Debug for ConsumerParts<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ConsumerParts").finish_non_exhaustive()
    }
}

/// [`Consumer`] as it is serialised, before it is checked.
#[derive(Deserialize)]
struct Written {
    serial_number: String,
    imei: Option<String>,
    #[serde(default)]
    ip_addresses: Vec<String>,
    email: Option<String>,
}

impl TryFrom<Written> for Consumer {
    type Error = InputError;

    fn try_from(written: Written) -> Result<Self, InputError> {
        let mut consumer = Self::new(written.serial_number)?;
        if let Some(imei) = written.imei {
            consumer = consumer.with_imei(imei)?;
        }
        if let Some(email) = written.email {
            consumer = consumer.with_email(email)?;
        }
        written
            .ip_addresses
            .iter()
            .try_fold(consumer, |consumer, address| consumer.with_ip_address(address))
    }
}

#[cfg(test)]
mod tests {
    use super::Consumer;
    use crate::value::InputError;

    fn assert_refused(result: Result<Consumer, InputError>, field: &str, code: &str) {
        let error = result.unwrap_err();
        assert_eq!((error.field, error.rule.code()), (field, code));
    }

    fn consumer() -> Consumer {
        Consumer::new("serial-1").unwrap()
    }

    #[test]
    fn everything_that_is_given_is_there() {
        let consumer = consumer()
            .with_email("ada@example.com")
            .and_then(|consumer| consumer.with_imei("490154203237518"))
            .and_then(|consumer| consumer.with_ip_address("192.0.2.1"))
            .and_then(|consumer| consumer.with_ip_address("255.255.255.255"))
            .and_then(|consumer| consumer.with_ip_address("192.0.2.1"))
            .unwrap();
        assert_eq!(consumer.serial_number(), "serial-1");
        assert_eq!(consumer.email(), Some("ada@example.com"));
        assert_eq!(consumer.imei(), Some("490154203237518"));
        assert_eq!(
            consumer
                .ip_addresses()
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>(),
            ["192.0.2.1", "255.255.255.255"]
        );
        let json = serde_json::to_string(&consumer).unwrap();
        assert_eq!(serde_json::from_str::<Consumer>(&json).unwrap(), consumer);
        let shown = format!("{consumer:?}");
        assert!(
            !["serial", "ada", "4901", "192"].iter().any(|part| shown.contains(part)),
            "{shown}"
        );
    }

    #[test]
    fn a_serial_number_has_1_to_50_characters() {
        let field = "consumer.device.serialNumber";
        assert!(Consumer::new("x").is_ok());
        assert!(Consumer::new("ü".repeat(50)).is_ok());
        assert_refused(Consumer::new("x".repeat(51)), field, "length");
        assert_refused(Consumer::new(""), field, "missing");
        assert_refused(Consumer::new("  "), field, "missing");
        assert_refused(Consumer::new("a\nb"), field, "characters");
        assert_refused(Consumer::new(" a"), field, "characters");
    }

    #[test]
    fn an_imei_has_14_to_16_digits() {
        let field = "consumer.device.imei";
        for (imei, code) in [
            ("1234567890123", "length"),
            ("12345678901234567", "length"),
            ("1234567890123x", "characters"),
            ("", "length"),
        ] {
            assert_refused(consumer().with_imei(imei), field, code);
        }
        for imei in ["12345678901234", "1234567890123456"] {
            assert!(consumer().with_imei(imei).is_ok());
        }
    }

    #[test]
    fn addresses_are_of_version_4_and_at_most_ten() {
        let field = "consumer.ipAddresses";
        for address in [
            "",
            "2001:db8::1::",
            "192.0.2.1%wlan0",
            "1.2.3",
            "1.2.3.4.5",
            "256.1.1.1",
            "01.2.3.4",
            "example.com",
        ] {
            assert_refused(consumer().with_ip_address(address), field, "format");
        }
        let ten = (0..10).try_fold(consumer(), |consumer, last| {
            consumer.with_ip_address(&format!("192.0.2.{last}"))
        });
        assert_eq!(ten.as_ref().unwrap().ip_addresses().len(), 10);
        assert!(
            ten.clone().unwrap().with_ip_address("192.0.2.9").is_ok(),
            "one that is there already"
        );
        assert_refused(ten.unwrap().with_ip_address("192.0.2.10"), field, "range");
    }

    #[test]
    fn an_address_of_version_6_is_left_out() {
        for address in ["2001:db8::1", "::1", "fe80::1%wlan0", "fe80::a00:27ff:fe4e:66a1%2"] {
            assert_eq!(consumer().with_ip_address(address).unwrap(), consumer(), "{address}");
        }
        for address in ["192.0.2.1", " 192.0.2.1\n", "::ffff:192.0.2.1"] {
            let with = consumer().with_ip_address(address).unwrap();
            assert_eq!(
                with.ip_addresses(),
                [std::net::Ipv4Addr::new(192, 0, 2, 1)],
                "{address}"
            );
        }
        let json = r#"{"serial_number":"serial-1","ip_addresses":["::1","192.0.2.1"]}"#;
        assert_eq!(serde_json::from_str::<Consumer>(json).unwrap().ip_addresses().len(), 1);
    }

    #[test]
    fn an_email_is_read_without_what_cannot_be_seen() {
        for email in [
            " ada@example.com\n",
            "\u{202a}ada@\u{200b}example.com\u{202c}",
            "ada@exam\u{ad}ple.com",
        ] {
            assert_eq!(consumer().with_email(email).unwrap().email(), Some("ada@example.com"));
        }
    }

    #[test]
    fn an_email_has_something_on_both_sides() {
        for (email, code) in [
            ("", "missing"),
            (" \u{200b}\n", "missing"),
            ("a@", "length"),
            ("a@@", "format"),
            ("@bc", "format"),
            ("abc", "format"),
            ("a b@c", "format"),
            ("a@\nb", "format"),
            ("abc@", "format"),
        ] {
            // `a@@` ends in `@`: the last one separates.
            assert_refused(consumer().with_email(email), "consumer.email", code);
        }
        assert_refused(
            consumer().with_email(format!("{}@example.com", "x".repeat(117))),
            "consumer.email",
            "length",
        );
        assert!(
            consumer()
                .with_email(format!("{}@example.com", "x".repeat(116)))
                .is_ok()
        );
        assert!(consumer().with_email("a@b").is_ok());
    }

    #[test]
    fn what_is_read_is_checked() {
        for json in [
            r#"{"serial_number":""}"#,
            r#"{"serial_number":"a","imei":"1"}"#,
            r#"{"serial_number":"a","email":"x"}"#,
            r#"{"serial_number":"a","ip_addresses":["::x"]}"#,
        ] {
            assert!(serde_json::from_str::<Consumer>(json).is_err(), "{json}");
        }
        assert_eq!(
            serde_json::from_str::<Consumer>(r#"{"serial_number":"serial-1"}"#).unwrap(),
            consumer()
        );
    }
}
