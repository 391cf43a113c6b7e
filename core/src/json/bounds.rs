//! Where a value begins and ends in bytes that may deviate from JSON.

/// `bytes` from the first printable ASCII character on.
pub(super) fn skip_blank(bytes: &[u8]) -> &[u8] {
    let blank = bytes.iter().take_while(|byte| !byte.is_ascii_graphic()).count();
    &bytes[blank..]
}

/// `bytes` without commas at their beginning. Superfluous commas have no meaning.
pub(super) fn next_member(bytes: &[u8]) -> &[u8] {
    let mut rest = skip_blank(bytes);
    while let [b',', after @ ..] = rest {
        rest = skip_blank(after);
    }
    rest
}

/// Takes the value at the beginning of `bytes`. In a list or an object, only the nesting is checked. Any other value
/// that is not a text ends at the next comma or bracket, so that an invalid one affects only its own member.
pub(super) fn value(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = match bytes.first() {
        Some(b'"') => text_length(bytes)?,
        Some(b'{' | b'[') => nested_length(bytes)?,
        _ => {
            let end = |byte: &u8| matches!(byte, b',' | b'}' | b']');
            let end = bytes.iter().position(end).unwrap_or(bytes.len());
            let word = &bytes[..end];
            if word.iter().any(|byte| matches!(byte, b'"' | b'{' | b'[' | b':')) {
                return None;
            }
            word.iter().rposition(u8::is_ascii_graphic).map_or(0, |last| last + 1)
        }
    };
    bytes.split_at_checked(length)
}

/// The length of the text at the beginning of `bytes`, with its quotation marks.
pub(super) fn text_length(bytes: &[u8]) -> Option<usize> {
    let mut at = 1;
    bytes.strip_prefix(b"\"")?;
    loop {
        match bytes.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// The length of the list or object at the beginning of `bytes`, with its brackets.
fn nested_length(bytes: &[u8]) -> Option<usize> {
    let (mut at, mut depth) = (0_usize, 0_usize);
    loop {
        match bytes.get(at)? {
            b'"' => {
                at += text_length(&bytes[at..])?;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}
