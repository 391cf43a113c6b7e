//! Unguessable text from the system's random source: tokens, nonces, ids.

use ring::rand::{SecureRandom as _, SystemRandom};

use crate::error::SandboxError;

/// 64 symbols, so that a byte's low six bits pick one without bias. `^` and `$` are legal in tokens and nonces of
/// this family, and catch an app that puts one into a URL unescaped.
const SYMBOLS: &[u8; 64] = b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ^$";

/// `N` random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], SandboxError> {
    let mut bytes = [0; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| SandboxError::Random)?;
    Ok(bytes)
}

/// A token or nonce of 64 symbols.
pub(crate) fn token() -> Result<String, SandboxError> {
    let bytes = bytes::<64>()?;
    Ok(bytes
        .iter()
        .map(|byte| char::from(SYMBOLS[usize::from(byte & 63)]))
        .collect())
}

/// 32 lower-case hex digits.
pub(crate) fn hex_id() -> Result<String, SandboxError> {
    Ok(hex(&bytes::<16>()?))
}

/// A UUID (version 4) as text of 36 characters.
pub(crate) fn uuid() -> Result<String, SandboxError> {
    let mut bytes = bytes::<16>()?;
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let text = hex(&bytes);
    Ok([&text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]].join("-"))
}

/// A positive number of at most 53 bits, so that a reader that keeps numbers as doubles keeps it too.
pub(crate) fn number() -> Result<i64, SandboxError> {
    let bytes = bytes::<8>()?;
    Ok(i64::from_be_bytes(bytes) & ((1 << 53) - 1) | (1 << 40))
}

/// A positive number of 31 bits: the vendor's own merchant reads a card's `uniqueReferenceCardId` as such an integer, and
/// refuses a whole notification with a larger one.
pub(crate) fn reference() -> Result<u32, SandboxError> {
    let bytes = bytes::<4>()?;
    Ok((u32::from_be_bytes(bytes) & 0x7fff_ffff).max(1))
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_have_their_form_and_do_not_repeat() {
        let first = uuid().unwrap();
        assert_eq!(first.len(), 36);
        assert_eq!(&first[14..15], "4");
        assert_ne!(first, uuid().unwrap());
        let token = token().unwrap();
        assert_eq!(token.len(), 64);
        assert!(token.bytes().all(|byte| SYMBOLS.contains(&byte)));
        assert_eq!(hex_id().unwrap().len(), 32);
        assert!(number().unwrap() > 0);
    }
}
