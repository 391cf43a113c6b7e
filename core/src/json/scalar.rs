//! Texts and numbers, in JSON and in what other software writes instead.

use zeroize::Zeroizing;

/// Decodes the text between quotation marks. Also returns whether nothing had to be replaced.
pub(super) fn decode(written: &[u8]) -> (Zeroizing<String>, bool) {
    let mut is_exact = std::str::from_utf8(written).is_ok();
    // Reserve enough for the longest result: a text that grows leaves copies of itself in memory.
    let room = if is_exact { written.len() } else { 3 * written.len() };
    let mut text = Zeroizing::new(String::with_capacity(room));
    for chunk in written.utf8_chunks() {
        is_exact &= unescape(chunk.valid(), &mut text);
        if !chunk.invalid().is_empty() {
            text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    (text, is_exact)
}

/// Appends `written` to `text` with its escapes decoded. Returns whether all of them were valid.
fn unescape(written: &str, text: &mut String) -> bool {
    let mut is_exact = true;
    let mut rest = written;
    while let Some((before, after)) = rest.split_once('\\') {
        text.push_str(before);
        let (character, length) = escape(after);
        is_exact &= character.is_some();
        text.push(character.unwrap_or(char::REPLACEMENT_CHARACTER));
        rest = &after[length..];
    }
    text.push_str(rest);
    is_exact
}

/// Decodes the escape whose backslash comes before `after`, and returns how many bytes of `after` belong to it. An
/// invalid escape consists only of its backslash.
fn escape(after: &str) -> (Option<char>, usize) {
    let character = match after.as_bytes().first() {
        Some(plain @ (b'"' | b'\\' | b'/')) => char::from(*plain),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'u') => return code_point(after),
        _ => return (None, 0),
    };
    (Some(character), 1)
}

/// `u` and four hexadecimal digits, twice if the first is a high surrogate.
fn code_point(after: &str) -> (Option<char>, usize) {
    let unit = |written: &str| {
        let digits = written.strip_prefix('u')?.get(..4)?;
        let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        u32::from_str_radix(digits, 16).ok().filter(|_| is_hex)
    };
    let Some(first) = unit(after) else { return (None, 0) };
    if let Some(character) = char::from_u32(first) {
        return (Some(character), 5);
    }
    let second = after.get(5..).and_then(|rest| unit(rest.strip_prefix('\\')?));
    match (first, second) {
        (0xd800..=0xdbff, Some(second @ 0xdc00..=0xdfff)) => {
            let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            (char::from_u32(code), 11)
        }
        _ => (None, 5),
    }
}

/// Parses a decimal number in JSON's notation if it is whole and has up to 64 bits.
pub(super) fn whole_number(written: &str) -> Option<i64> {
    let (mantissa, exponent) = match written.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
        None => (written, 0),
    };
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, mantissa.strip_prefix('+').unwrap_or(mantissa)),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    if whole.is_empty() {
        return None;
    }
    let mut weight = i64::from(exponent) + i64::try_from(whole.len()).ok()?;
    let mut number = 0_i64;
    for byte in whole.bytes().chain(fraction.bytes()) {
        weight -= 1;
        match byte {
            b'0' => {}
            b'1'..=b'9' => {
                let place = 10_i64.checked_pow(u32::try_from(weight).ok()?)?;
                number = number.checked_add((sign * i64::from(byte - b'0')).checked_mul(place)?)?;
            }
            _ => return None,
        }
    }
    Some(number)
}
