//! Other ways to write, order or encode the same values; what they are tried for is `mistake`.

use super::signed::Part;

/// The parts with another value for one.
pub(super) fn with(parts: &[Part], name: &str, value: &str) -> Vec<Part> {
    let changed = |part: &Part| Part {
        name: part.name,
        value: if part.name == name {
            value.to_owned()
        } else {
            part.value.clone()
        },
    };
    parts.iter().map(changed).collect()
}

/// Tries the orders of the first `end` parts (Heap's way), and stops in the one that `fits`. There are at most seven.
pub(super) fn permuted(parts: &mut [Part], end: usize, fits: &mut impl FnMut(&[Part]) -> bool) -> bool {
    if end <= 1 {
        return fits(parts);
    }
    for place in 0..end {
        if permuted(parts, end - 1, fits) {
            return true;
        }
        if place < end - 1 {
            parts.swap(if end.is_multiple_of(2) { place } else { 0 }, end - 1);
        }
    }
    false
}

/// The text in encodings that are not UTF-8, where that makes a difference.
pub(super) fn encodings(text: &str) -> Vec<Vec<u8>> {
    let wide = |order: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(order).collect::<Vec<u8>>();
    let mut encoded = vec![wide(u16::to_le_bytes), wide(u16::to_be_bytes)];
    if !text.is_ascii() {
        let latin = |c: char| u8::try_from(u32::from(c)).unwrap_or(b'?');
        encoded.push(text.chars().map(latin).collect());
        encoded.push(
            text.chars()
                .map(|c| if c.is_ascii() { latin(c) } else { b'?' })
                .collect(),
        );
    }
    encoded
}

/// Base64 with padding, or URL-safe without.
pub(super) fn base64(bytes: &[u8], url_safe: bool) -> String {
    let alphabet: &[u8; 64] = if url_safe {
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    } else {
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    };
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let number = group.iter().fold(0u32, |number, byte| number << 8 | u32::from(*byte)) << (8 * (3 - group.len()));
        for place in 0..4usize {
            if place <= group.len() {
                let digit = (number >> (18 - 6 * place)) & 63;
                text.push(char::from(alphabet[digit as usize]));
            } else if !url_safe {
                text.push('=');
            }
        }
    }
    text
}
