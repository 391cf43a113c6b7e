//! A request body that is wiped after use.

use std::io;

use serde::Serialize;
use zeroize::Zeroizing;

/// Enough for any request whose values keep to their documented lengths, so that no body has to grow.
const CAPACITY: usize = 2_048;

/// A serialised request. Wiped when dropped, even if it had to grow; `Debug` shows only the length.
#[derive(Clone, PartialEq, Eq)]
pub struct Body(Zeroizing<Vec<u8>>);

impl Body {
    /// `message` as JSON.
    pub(super) fn json(message: &impl Serialize) -> Self {
        let mut writer = Writer(Zeroizing::new(Vec::with_capacity(CAPACITY)));
        // It cannot fail: the writer never fails, and no message has a map whose keys are not text.
        let written = serde_json::to_writer(&mut writer, message);
        debug_assert!(written.is_ok(), "messages are plain structures");
        Self(writer.0)
    }

    /// No body, as a GET request has.
    pub fn empty() -> Self {
        Self(Zeroizing::new(Vec::new()))
    }

    /// The bytes to send.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl AsRef<[u8]> for Body {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl std::fmt::Debug for Body {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Body({} bytes)", self.0.len())
    }
}

/// Grows by copying into a new buffer and wiping the old one, because `Vec` would free the old one without wiping it.
struct Writer(Zeroizing<Vec<u8>>);

impl io::Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let needed = self.0.len() + bytes.len();
        if needed > self.0.capacity() {
            let mut grown = Zeroizing::new(Vec::with_capacity(needed.max(self.0.capacity() * 2)));
            grown.extend_from_slice(&self.0);
            self.0 = grown;
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_longer_than_its_first_buffer_is_whole() {
        let text = "a".repeat(3 * CAPACITY);
        let body = Body::json(&text);
        assert_eq!(body.as_bytes(), serde_json::to_vec(&text).unwrap());
        assert_eq!(format!("{body:?}"), format!("Body({} bytes)", text.len() + 2));
    }
}
