//! Reads members of a JSON request by path, with the protocol's types and lengths. Lenient as the family is: a
//! number passes for text and the reverse, members nobody asked for are ignored. Complaints name the path and the
//! rule, never the value.

use serde_json::Value;
use zeroize::Zeroize as _;

/// Why a request is refused: `sourceOfFunds.card.number: must be 9 to 19 digits`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Complaint(pub(crate) String);

impl Complaint {
    pub(crate) fn new(path: &str, rule: &str) -> Self {
        Self(format!("{path}: {rule}"))
    }
}

/// A request's body.
pub(crate) struct Fields(Value);

impl Drop for Fields {
    /// A perform request holds card data, so every text of a body is wiped when it is done with.
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

fn wipe(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(wipe),
        Value::Object(members) => members.values_mut().for_each(wipe),
        // A number holds its digits by value; nothing stays behind on the heap.
        Value::Null | Value::Bool(_) | Value::Number(_) => *value = Value::Null,
    }
}

impl Fields {
    pub(crate) fn parse(body: &[u8]) -> Result<Self, Complaint> {
        // Editors of some systems put a byte order mark in front; the vendor's own merchant reads over it.
        let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
        // The parser's own words could quote the body.
        let value: Value = serde_json::from_slice(body).map_err(|_| Complaint("the body is not json".to_owned()))?;
        if value.is_object() {
            Ok(Self(value))
        } else {
            Err(Complaint("the body is not a json object".to_owned()))
        }
    }

    /// All of it. What is copied out of it is not wiped with it.
    pub(crate) fn json(&self) -> &Value {
        &self.0
    }

    fn find(&self, path: &str) -> Option<&Value> {
        path.split('.')
            .try_fold(&self.0, |value, member| value.get(member))
            .filter(|value| !value.is_null())
    }

    pub(crate) fn has(&self, path: &str) -> bool {
        self.find(path).is_some()
    }

    /// Text, as it is; for reports about requests that may turn out wrong.
    pub(crate) fn peek(&self, path: &str) -> Option<String> {
        self.find(path).and_then(as_text)
    }

    /// A whole number, as it is; for the same reports.
    pub(crate) fn peek_number(&self, path: &str) -> Option<u64> {
        self.find(path)
            .and_then(as_integer)
            .and_then(|number| u64::try_from(number).ok())
    }

    /// Text that may be absent, of `min` to `max` characters.
    pub(crate) fn optional_text(&self, path: &str, min: usize, max: usize) -> Result<Option<String>, Complaint> {
        let Some(value) = self.find(path) else { return Ok(None) };
        let text = as_text(value).ok_or_else(|| Complaint::new(path, "must be a string"))?;
        if (min..=max).contains(&text.chars().count()) {
            Ok(Some(text))
        } else if min == max {
            Err(Complaint::new(path, &format!("must be {min} characters")))
        } else {
            Err(Complaint::new(path, &format!("must be {min} to {max} characters")))
        }
    }

    /// Text that must be there, of `min` to `max` characters.
    pub(crate) fn text(&self, path: &str, min: usize, max: usize) -> Result<String, Complaint> {
        self.optional_text(path, min, max)?
            .ok_or_else(|| Complaint::new(path, "is required"))
    }

    /// Text of digits only.
    pub(crate) fn digits(&self, path: &str, min: usize, max: usize) -> Result<String, Complaint> {
        let rule = || Complaint::new(path, &format!("must be {min} to {max} digits"));
        let mut text = self.peek(path).ok_or_else(|| {
            if self.has(path) {
                Complaint::new(path, "must be a string")
            } else {
                Complaint::new(path, "is required")
            }
        })?;
        if (min..=max).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(text)
        } else {
            text.zeroize();
            Err(rule())
        }
    }

    /// A whole number that must be there, from `min` to `max`.
    pub(crate) fn integer(&self, path: &str, min: i64, max: i64) -> Result<i64, Complaint> {
        let value = self.find(path).ok_or_else(|| Complaint::new(path, "is required"))?;
        let number = as_integer(value).ok_or_else(|| Complaint::new(path, "must be an integer"))?;
        if (min..=max).contains(&number) {
            Ok(number)
        } else {
            Err(Complaint::new(path, &format!("must be from {min} to {max}")))
        }
    }

    /// A number that may be absent, within ±`limit`.
    pub(crate) fn optional_degrees(&self, path: &str, limit: f64) -> Result<(), Complaint> {
        let Some(value) = self.find(path) else { return Ok(()) };
        let degrees = value.as_f64().or_else(|| value.as_str()?.parse().ok());
        match degrees {
            Some(degrees) if (-limit..=limit).contains(&degrees) => Ok(()),
            Some(_) => Err(Complaint::new(path, &format!("must be from -{limit} to {limit}"))),
            None => Err(Complaint::new(path, "must be a number")),
        }
    }

    /// A flag that may be absent, which is false.
    pub(crate) fn flag(&self, path: &str) -> Result<bool, Complaint> {
        match self.find(path) {
            None => Ok(false),
            Some(value) => value
                .as_bool()
                .ok_or_else(|| Complaint::new(path, "must be true or false")),
        }
    }

    /// An object that must be there.
    pub(crate) fn object(&self, path: &str) -> Result<(), Complaint> {
        match self.find(path) {
            Some(value) if value.is_object() => Ok(()),
            Some(_) => Err(Complaint::new(path, "must be an object")),
            None => Err(Complaint::new(path, "is required")),
        }
    }

    /// A list that may be absent, of texts of `min` to `max` characters.
    pub(crate) fn optional_list(&self, path: &str, min: usize, max: usize) -> Result<(), Complaint> {
        let Some(value) = self.find(path) else { return Ok(()) };
        let items = value.as_array().ok_or_else(|| Complaint::new(path, "must be a list"))?;
        let fits = |item: &Value| {
            item.as_str()
                .is_some_and(|text| (min..=max).contains(&text.chars().count()))
        };
        if items.iter().all(fits) {
            Ok(())
        } else {
            Err(Complaint::new(
                path,
                &format!("must be strings of {min} to {max} characters"),
            ))
        }
    }

    /// A currency that must be there.
    pub(crate) fn currency(&self, path: &str) -> Result<String, Complaint> {
        let currency = self.text(path, 3, 3)?;
        if currency.bytes().all(|byte| byte.is_ascii_uppercase()) {
            Ok(currency)
        } else {
            Err(Complaint::new(path, "must be 3 capital letters"))
        }
    }

    /// An amount in minor units that must be there.
    pub(crate) fn amount(&self, path: &str) -> Result<u64, Complaint> {
        let number = self.integer(path, i64::MIN, i64::MAX)?;
        if number < 1 {
            return Err(Complaint::new(path, "must be at least 1"));
        }
        Ok(number.unsigned_abs())
    }
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// `1050.0` and `1.05e3` are whole numbers too.
fn whole(number: f64) -> Option<i64> {
    /// Beyond it doubles skip whole numbers.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    let is_whole = number.fract() == 0.0 && number.abs() < EXACT;
    // Exact: the digits of a whole double are those of the integer.
    is_whole.then(|| format!("{number:.0}").parse().ok()).flatten()
}

fn as_integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| whole(number.as_f64()?)),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}
