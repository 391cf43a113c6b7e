//! Reads the contents of a snapshot with one small function for each type, which stands beside its type. Serde's derived readers added a hundred
//! kilobytes to every app, for a file that is read once after a restart.
//!
//! Serde writes snapshots. The fixtures in `core/tests/snapshots` check that both sides agree on the format.

use serde::Serialize;
use zeroize::Zeroizing;

use super::{
    former_names,
    reader::{Members, Value},
};

/// A type that can be part of a snapshot.
pub(crate) trait Stored: Sized {
    /// Reads the value; `None` if it is not of this type.
    fn read(value: Value<'_>) -> Option<Self>;

    /// The value of a missing member; `None` if the member is required.
    fn missing() -> Option<Self> {
        None
    }
}

/// The members of a stored object.
pub(crate) struct Parts<'a>(Members<'a>);

impl<'a> From<Members<'a>> for Parts<'a> {
    fn from(members: Members<'a>) -> Self {
        Self(members)
    }
}

impl<'a> Parts<'a> {
    pub(crate) fn of(value: Value<'a>) -> Option<Self> {
        value.members().map(Self)
    }

    /// The member `name`.
    pub(crate) fn part<T: Stored>(&self, name: &str) -> Option<T> {
        match self.value(name) {
            Some(value) => T::read(value),
            None => T::missing(),
        }
    }

    /// The member `name`, or the member that had another name in version 1.
    pub(crate) fn value(&self, name: &str) -> Option<Value<'a>> {
        let former = || self.0.last(&[former_names::of_member(name)?]);
        self.0.last(&[name]).or_else(former)
    }
}

/// The variant of a stored enumeration, and its content. A variant without content is stored as its name alone.
pub(crate) fn variant(value: Value<'_>) -> Option<(Zeroizing<String>, Value<'_>)> {
    match text(value) {
        Some(name) => Some((name, value)),
        None => value.members()?.single(),
    }
}

/// The text that is stored as `value`.
pub(crate) fn text(value: Value<'_>) -> Option<Zeroizing<String>> {
    value.raw().starts_with(b"\"").then(|| value.exact())?
}

/// Finds the one of `all` that is stored as `value`, or was stored so in version 1.
pub(crate) fn word<T: Serialize + Copy>(value: Value<'_>, all: &[T]) -> Option<T> {
    let raw = former_names::present_word(value.raw());
    let is_it = |one: &T| serde_json::to_vec(one).is_ok_and(|written| written == raw);
    all.iter().copied().find(is_it)
}

/// A struct whose members are stored under their own names.
macro_rules! stored_struct {
    ($name:ident { $($member:ident),+ $(,)? }) => {
        impl $crate::json::Stored for $name {
            fn read(value: $crate::json::Value<'_>) -> Option<Self> {
                let parts = $crate::json::Parts::of(value)?;
                Some(Self { $($member: parts.part(stringify!($member))?),+ })
            }
        }
    };
}

/// An enumeration of plain names. Leaving one out does not compile.
macro_rules! stored_words {
    ($name:ident { $($word:ident),+ $(,)? }) => {
        impl $crate::json::Stored for $name {
            fn read(value: $crate::json::Value<'_>) -> Option<Self> {
                const fn is_known(word: $name) -> $name {
                    match word {
                        $($name::$word)|+ => word,
                    }
                }
                $crate::json::word(value, &[$(is_known($name::$word)),+])
            }
        }
    };
}

pub(crate) use {stored_struct, stored_words};

impl<T: Stored> Stored for Option<T> {
    fn read(value: Value<'_>) -> Option<Self> {
        if value.raw() == b"null" {
            return Some(None);
        }
        T::read(value).map(Some)
    }

    fn missing() -> Option<Self> {
        Some(None)
    }
}

impl<T: Stored> Stored for Box<T> {
    fn read(value: Value<'_>) -> Option<Self> {
        T::read(value).map(Self::new)
    }
}

macro_rules! stored_numbers {
    ($($name:ident),+) => {
        $(impl Stored for $name {
            fn read(value: Value<'_>) -> Option<Self> {
                std::str::from_utf8(value.raw()).ok()?.parse().ok()
            }
        })+
    };
}

stored_numbers!(u8, u16, u32, u64, i64, usize, bool);

impl Stored for String {
    fn read(value: Value<'_>) -> Option<Self> {
        text(value).map(|text| text.as_str().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        CardBrand, DeclineAdvice, FailureKind, Money, NotChargedReason, SaleId, ThreeDSecureStatus, UnknownAdvice,
    };

    fn read<T: Stored>(json: &str) -> Option<T> {
        let body = format!(r#"{{"it":{json}}}"#);
        Parts::from(Members::of(body.as_bytes())?).part("it")
    }

    #[test]
    fn what_serde_writes_is_read() {
        for brand in [
            CardBrand::Visa,
            CardBrand::UnionPay,
            CardBrand::RuPay,
            CardBrand::Unknown,
        ] {
            assert_eq!(read(&serde_json::to_string(&brand).unwrap()), Some(brand));
        }
        for status in [
            ThreeDSecureStatus::Authenticated,
            ThreeDSecureStatus::NotAuthenticated,
            ThreeDSecureStatus::Unsupported,
            ThreeDSecureStatus::Other("ATTEMPTED \"É\"".to_owned()),
        ] {
            assert_eq!(read(&serde_json::to_string(&status).unwrap()), Some(status));
        }
        assert_eq!(read("null"), Some(None::<u64>));
        assert_eq!(read(&u64::MAX.to_string()), Some(u64::MAX));
        assert_eq!(read(&i64::MIN.to_string()), Some(i64::MIN));
    }

    #[test]
    fn what_version_1_wrote_is_read_under_its_present_name() {
        assert_eq!(
            read("\"shop_unavailable\""),
            Some(NotChargedReason::MerchantUnavailable)
        );
        assert_eq!(read("\"ask_shop\""), Some(UnknownAdvice::AskMerchant));
        assert_eq!(read("\"resume_or_ask_shop\""), Some(UnknownAdvice::ResumeOrAskMerchant));
        assert_eq!(read("\"contact_shop\""), Some(DeclineAdvice::ContactMerchant));
        assert_eq!(read("\"host_failed\""), Some(FailureKind::CallbackFailed));
        let money = "10.50 EUR".parse::<Money>().ok();
        assert_eq!(read(r#"{"minor":1050,"currency":"EUR"}"#), money);
        assert_eq!(read(&serde_json::to_string(&money).unwrap()), money);
        let decline = read::<crate::Decline>(r#"{"invoice_id":"i","code":116,"message":"no","advice":"contact_shop"}"#);
        let read = decline.map(|decline| (decline.error_code, decline.gateway_message));
        assert_eq!(read, Some((Some(116), Some("no".to_owned()))));
    }

    #[test]
    fn what_is_not_the_type_is_nothing() {
        assert_eq!(read::<u8>("256"), None);
        assert_eq!(read::<u64>("-1"), None);
        assert_eq!(read::<u64>("1.0"), None);
        assert_eq!(read::<u64>("\"1\""), None);
        assert_eq!(read::<bool>("1"), None);
        assert_eq!(read::<String>("1"), None);
        assert_eq!(read::<CardBrand>("\"nobody\""), None);
        assert_eq!(read::<Money>(r#"{"minor_units":0,"currency":"EUR"}"#), None);
        assert_eq!(read::<SaleId>("\"../../x\""), None);
        assert_eq!(read::<ThreeDSecureStatus>(r#"{"Other":1}"#), None);
        assert!(Parts::from(Members::of(b"{}").unwrap()).part::<u64>("it").is_none());
        assert_eq!(
            Parts::from(Members::of(b"{}").unwrap()).part::<Option<u64>>("it"),
            Some(None)
        );
    }
}
