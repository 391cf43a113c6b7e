//! Reads JSON that may deviate from its documentation, member by member.
//!
//! No tree is built: an object is a list of names and values that point into the received bytes, and a value is parsed
//! when it is asked for. So a member that cannot be read affects only itself, unknown members may be nested as deeply
//! as they like (skipping one needs no stack), numbers keep their digits as written, and no copies of tokens remain in
//! memory. The callers decide what an answer *means*; this module only finds the members.

use zeroize::Zeroizing;

use super::{
    bounds::{next_member, skip_blank, text_length, value},
    scalar::{decode, whole_number},
};

/// The members of an object in their order, with their names as they were written.
pub(crate) struct Members<'a>(Vec<(&'a [u8], Value<'a>)>);

/// One value, as it was written.
#[derive(Clone, Copy)]
pub(crate) struct Value<'a>(&'a [u8]);

/// A member occurs more than once, with different values.
#[derive(Debug)]
pub(crate) struct Contradiction;

impl<'a> Members<'a> {
    /// The members of the object in `body`; `None` if it is not a complete object.
    ///
    /// Around the object and between its tokens, everything except printable ASCII counts as white space: byte order
    /// marks, NULs and whatever else old software writes there.
    pub(crate) fn of(body: &'a [u8]) -> Option<Self> {
        let body = skip_blank(body);
        let (value, rest) = value(body)?;
        let members = Value(value).members()?;
        skip_blank(rest).is_empty().then_some(members)
    }

    /// The name and value of the only member.
    pub(crate) fn single(&self) -> Option<(Zeroizing<String>, Value<'a>)> {
        match self.0.as_slice() {
            [(key, value)] => Some((Value(key).exact()?, *value)),
            _ => None,
        }
    }

    /// Calls `see` with every value at `path`, in order. There may be several, because every repeated member is
    /// searched.
    fn visit(&self, path: &[&str], see: &mut dyn FnMut(Value<'a>)) {
        let Some((name, below)) = path.split_first() else {
            return;
        };
        for (key, value) in &self.0 {
            if !is_named(key, name) {
                continue;
            }
            if below.is_empty() {
                see(*value);
            } else if let Some(members) = value.members() {
                members.visit(below, see);
            }
        }
    }

    /// The last value at `path`, `null` included.
    pub(crate) fn last(&self, path: &[&str]) -> Option<Value<'a>> {
        let mut last = None;
        self.visit(path, &mut |value| last = Some(value));
        last
    }

    /// The value at `path`, without empty ones: for what must not be ambiguous, such as states and ids.
    ///
    /// # Errors
    /// [`Contradiction`] if there are several different values.
    pub(crate) fn only(&self, path: &[&str]) -> Result<Option<Value<'a>>, Contradiction> {
        let mut only: Option<Value<'a>> = None;
        let mut agrees = true;
        self.visit(path, &mut |value| {
            if !value.says_nothing() {
                agrees &= only.is_none_or(|earlier| earlier.says_the_same_as(value));
                only = Some(value);
            }
        });
        if agrees { Ok(only) } else { Err(Contradiction) }
    }

    /// Whether nothing at `path` says that the answer is about another sale than `expected`. A value that is there but
    /// unreadable does not prove that it is about this one.
    pub(crate) fn is_about(&self, path: &[&str], expected: &str) -> bool {
        match self.only(path) {
            Ok(named) => named.is_none_or(|named| named.exact().is_some_and(|named| *named == expected)),
            Err(Contradiction) => false,
        }
    }

    /// The text at `path` if it is certain and not contradicted: an id or a token.
    pub(crate) fn exact(&self, path: &[&str]) -> Option<Zeroizing<String>> {
        self.only(path).ok()??.exact()
    }

    /// The text at `path`, to be shown; the last one if there are several.
    pub(crate) fn text(&self, path: &[&str]) -> Option<Zeroizing<String>> {
        self.last(path)?.text()
    }

    /// The whole number at `path`; the last one if there are several.
    pub(crate) fn integer(&self, path: &[&str]) -> Option<i64> {
        self.last(path)?.integer()
    }
}

impl<'a> Value<'a> {
    /// The bytes as they were written.
    pub(crate) const fn raw(self) -> &'a [u8] {
        self.0
    }

    /// The members, if this is an object whose members can be separated.
    pub(crate) fn members(self) -> Option<Members<'a>> {
        let mut members = Vec::new();
        let mut rest = next_member(self.0.strip_prefix(b"{")?.strip_suffix(b"}")?);
        while !rest.is_empty() {
            let (key, after) = rest.split_at_checked(text_length(rest)?)?;
            let (value, after) = value(skip_blank(skip_blank(after).strip_prefix(b":")?))?;
            members.push((key, Value(value)));
            let after = skip_blank(after);
            rest = next_member(after);
            if !after.is_empty() && after.len() == rest.len() {
                return None;
            }
        }
        Some(Members(members))
    }

    /// Whether this is an empty value: `null`, `false`, or an empty text, object or list.
    pub(crate) fn says_nothing(self) -> bool {
        match self.0 {
            [] | b"null" | b"false" | b"\"\"" => true,
            [b'{', inside @ .., b'}'] | [b'[', inside @ .., b']'] => skip_blank(inside).is_empty(),
            _ => false,
        }
    }

    fn says_the_same_as(self, other: Self) -> bool {
        self.0 == other.0
            || match (self.exact(), other.exact()) {
                (Some(one), Some(other)) => one == other,
                _ => false,
            }
    }

    /// Text, or a number as it was written. Invalid UTF-8 and invalid escapes are replaced by U+FFFD.
    pub(crate) fn text(self) -> Option<Zeroizing<String>> {
        self.decoded().map(|(text, _)| text)
    }

    /// Text, or a number as it was written, if every character is certain: for ids and tokens.
    pub(crate) fn exact(self) -> Option<Zeroizing<String>> {
        self.decoded().and_then(|(text, is_exact)| is_exact.then_some(text))
    }

    /// A whole number of up to 64 bits in any notation: `500`, `500.0`, `5e2`, `"500.00"`.
    pub(crate) fn integer(self) -> Option<i64> {
        whole_number(self.exact()?.trim())
    }

    /// The text, and whether it is exact (nothing was replaced).
    fn decoded(self) -> Option<(Zeroizing<String>, bool)> {
        match self.0 {
            [b'"', inside @ .., b'"'] => Some(decode(inside)),
            [b'-' | b'0'..=b'9', ..] if self.0.iter().all(is_of_a_number) => std::str::from_utf8(self.0)
                .ok()
                .map(|number| (Zeroizing::new(number.to_owned()), true)),
            _ => None,
        }
    }
}

const fn is_of_a_number(byte: &u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')
}

/// Whether `key`, with its quotation marks, is `name`.
fn is_named(key: &[u8], name: &str) -> bool {
    let key = &key[1..key.len() - 1];
    key == name.as_bytes() || (key.contains(&b'\\') && *decode(key).0 == name)
}

/// The complete text at the beginning of `bytes`, whatever follows it.
pub(crate) fn first_text(bytes: &[u8]) -> Option<String> {
    let bytes = skip_blank(bytes);
    let text = Value(bytes.get(..text_length(bytes)?)?);
    text.exact().map(|text| text.as_str().to_owned())
}

/// The complete value at the beginning of `bytes`, whatever follows it.
pub(crate) fn first_value(bytes: &[u8]) -> Option<Value<'_>> {
    value(skip_blank(bytes)).map(|(value, _)| Value(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(json: &[u8]) -> Members<'_> {
        Members::of(json).unwrap()
    }

    fn text(json: &[u8]) -> Option<(String, bool)> {
        let value = members(json).last(&["a"]).unwrap();
        value.text().map(|text| (text.to_string(), value.exact().is_some()))
    }

    #[test]
    fn text_is_read_whatever_is_wrong_with_it() {
        let exact = |text: &str| Some((text.to_owned(), true));
        let repaired = |text: &str| Some((text.to_owned(), false));
        assert_eq!(text(br#"{"a":"\"\\\/\b\f\n\r\t"}"#), exact("\"\\/\u{8}\u{c}\n\r\t"));
        assert_eq!(text(br#"{"a":"\u00e9\ud83d\ude00"}"#), exact("é😀"));
        assert_eq!(text(b"{\"a\":\"line\nbreak\"}"), exact("line\nbreak"));
        assert_eq!(text(br#"{"a":"x\ud83dy"}"#), repaired("x\u{fffd}y"));
        assert_eq!(text(br#"{"a":"x\ude00\ud83d"}"#), repaired("x\u{fffd}\u{fffd}"));
        assert_eq!(text(br#"{"a":"\ud83d\u0041"}"#), repaired("\u{fffd}A"));
        assert_eq!(
            text(br#"{"a":"\x\u+041\u12"}"#),
            repaired("\u{fffd}x\u{fffd}u+041\u{fffd}u12")
        );
        assert_eq!(text(b"{\"a\":\"caf\xe9\"}"), repaired("caf\u{fffd}"));
        assert_eq!(text(b"{\"a\":\"\\\xe9\"}"), repaired("\u{fffd}\u{fffd}"));
        assert_eq!(text(b"{\"a\": -12.50e3 }"), exact("-12.50e3"));
        for no_text in ["true", "null", "{}", "[\"x\"]", "NaN", "12 3", ""] {
            assert_eq!(text(format!("{{\"a\":{no_text}}}").as_bytes()), None, "{no_text}");
        }
    }

    #[test]
    fn whole_numbers_are_read_however_they_are_written() {
        for (written, number) in [
            ("500", Some(500)),
            ("500.0", Some(500)),
            ("5e2", Some(500)),
            ("5E+2", Some(500)),
            ("\"500.00\"", Some(500)),
            ("\" 500 \"", Some(500)),
            ("50000e-2", Some(500)),
            ("0.005e5", Some(500)),
            ("-0.0", Some(0)),
            ("0e999999999", Some(0)),
            ("-5", Some(-5)),
            ("9223372036854775807", Some(i64::MAX)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("500.5", None),
            ("5e-1", None),
            ("1e400", None),
            ("1e99999999999999999999", None),
            ("\"5,00\"", None),
            ("\"\"", None),
            ("\".5\"", None),
            ("\"-\"", None),
            ("\"5\\ud83d\"", None),
            ("true", None),
            ("NaN", None),
        ] {
            let json = format!("{{\"a\":{written}}}");
            assert_eq!(members(json.as_bytes()).integer(&["a"]), number, "{written}");
        }
    }

    #[test]
    fn what_is_no_whole_object_is_nothing() {
        for json in [
            "",
            "[]",
            "\"{}\"",
            "{",
            "{}}",
            "{}{}",
            "{} x",
            "x{}",
            "{\"a\":1",
            "{\"a\":[1}",
            "{\"a\":\"x}",
            "{\"a\":\"x\\\"}",
            "{\"a\" 1}",
            "{\"a\":1 \"b\":2}",
            "{\"a\":\"x\"y}",
            "{a:1}",
            "{\"a\":b:2}",
        ] {
            assert!(Members::of(json.as_bytes()).is_none(), "{json}");
        }
        for json in [
            &b"\xef\xbb\xbf{}\0\0\r\n"[..],
            b"{,}",
            b"\xef\xbb{\"a\" : 1,\xa0\"b\":,}",
            b"{\"a\":[}}",
        ] {
            assert!(Members::of(json).is_some(), "{}", String::from_utf8_lossy(json));
        }
    }

    #[test]
    fn a_member_is_found_by_its_place_and_nowhere_else() {
        let json = br#"{"x":{"a":{"b":1}},"a":{"c":{"b":2}},"\u0061":{"b":"3"},"t":"\"a\":{\"b\":4}"}"#;
        assert_eq!(members(json).integer(&["a", "b"]), Some(3));
        assert!(members(json).last(&["b"]).is_none());
    }

    #[test]
    fn deep_nesting_takes_no_stack() {
        let mut json = b"{\"x\":".to_vec();
        json.extend(b"[{\"y\":".repeat(1_000_000));
        json.extend(b"}]".repeat(1_000_000));
        json.extend(b",\"a\":1}");
        assert_eq!(members(&json).integer(&["a"]), Some(1));
    }

    #[test]
    fn several_values_count_if_they_agree() {
        let only = |json: &'static str| {
            let only = members(json.as_bytes()).only(&["s", "t"]);
            only.ok()
                .map(|value| value.and_then(|value| value.exact().map(|text| text.to_string())))
        };
        assert_eq!(only(r#"{}"#), Some(None));
        assert_eq!(only(r#"{"s":{"t":"1"},"s":{"t":1},"s":5}"#), Some(Some("1".to_owned())));
        assert_eq!(only(r#"{"s":{"t":"1","t":null,"t":""}}"#), Some(Some("1".to_owned())));
        assert_eq!(only(r#"{"s":{"t":"1"},"s":{"t":"2"}}"#), None);
        assert_eq!(
            only(r#"{"s":{"t":"\ud83d","t":"\ud83c"}}"#),
            None,
            "repaired texts may have differed"
        );
        assert_eq!(
            members(br#"{"a":1,"a":2}"#).integer(&["a"]),
            Some(2),
            "elsewhere the last one counts"
        );
    }
}
