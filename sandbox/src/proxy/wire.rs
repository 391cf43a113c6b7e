//! HTTP/1.1 messages as bytes: where one ends, and little more. The proxy cuts and repeats bytes, so it must see them.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt as _};
use zeroize::Zeroizing;

/// Longest head and longest body that pass.
const LONGEST_HEAD: usize = 16 * 1024;
const LONGEST_BODY: usize = 256 * 1024;

/// One message. A request's body may hold card data, so the bytes are wiped.
pub(super) struct Message {
    bytes: Zeroizing<Vec<u8>>,
    head: usize,
}

/// The head of a message, read before its body.
pub(super) struct Head(usize);

impl Message {
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn body(&self) -> &[u8] {
        self.bytes.get(self.head..).unwrap_or_default()
    }

    /// The status of an answer.
    pub(super) fn status(&self) -> u16 {
        let word = first_line(&self.bytes).split(' ').nth(1).unwrap_or_default();
        word.parse().unwrap_or_default()
    }

    /// The value of a header, or nothing.
    pub(super) fn header(&self, name: &str) -> &str {
        header(self.bytes.get(..self.head).unwrap_or_default(), name)
    }

    /// Whether another message may follow on the connection.
    pub(super) fn keeps_alive(&self) -> bool {
        !self.header("connection").eq_ignore_ascii_case("close")
    }

    /// The same message with the media type `media_type`.
    pub(super) fn with_content_type(&self, media_type: &str) -> Vec<u8> {
        let head = String::from_utf8_lossy(self.bytes.get(..self.head).unwrap_or_default());
        let mut changed = Vec::with_capacity(self.bytes.len());
        for line in head.split_inclusive("\r\n") {
            if line.to_ascii_lowercase().starts_with("content-type:") {
                changed.extend_from_slice(format!("content-type: {media_type}\r\n").as_bytes());
            } else {
                changed.extend_from_slice(line.as_bytes());
            }
        }
        changed.extend_from_slice(self.body());
        changed
    }
}

/// A connection's incoming side: messages one after the other.
#[derive(Default)]
pub(super) struct Incoming {
    buffer: Zeroizing<Vec<u8>>,
}

impl Incoming {
    /// The head of the next message; `None` if the connection ended before its first byte.
    pub(super) async fn head(&mut self, stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Head>> {
        loop {
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                return Ok(Some(Head(end + 4)));
            }
            if self.buffer.len() > LONGEST_HEAD {
                return Err(io::ErrorKind::InvalidData.into());
            }
            if !self.more(stream).await? {
                return match self.buffer.is_empty() {
                    true => Ok(None),
                    false => Err(io::ErrorKind::UnexpectedEof.into()),
                };
            }
        }
    }

    /// Method and target of a request whose head was read.
    pub(super) fn request_line(&self) -> (String, String) {
        let mut words = first_line(&self.buffer).split(' ').map(str::to_owned);
        (words.next().unwrap_or_default(), words.next().unwrap_or_default())
    }

    /// The whole message after its head. `has_body` is false for an answer to HEAD, whatever its headers say.
    pub(super) async fn message(
        &mut self,
        head: Head,
        stream: &mut (impl AsyncRead + Unpin),
        has_body: bool,
    ) -> io::Result<Message> {
        let Head(head) = head;
        let length = header(&self.buffer[..head], "content-length").parse().unwrap_or(0);
        let length: usize = if has_body { length } else { 0 };
        if length > LONGEST_BODY {
            return Err(io::ErrorKind::InvalidData.into());
        }
        while self.buffer.len() < head + length {
            if !self.more(stream).await? {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let rest = Zeroizing::new(self.buffer[head + length..].to_vec());
        let mut bytes = std::mem::replace(&mut self.buffer, rest);
        bytes.truncate(head + length);
        Ok(Message { bytes, head })
    }

    async fn more(&mut self, stream: &mut (impl AsyncRead + Unpin)) -> io::Result<bool> {
        let mut chunk = Zeroizing::new([0; 4096]);
        let read = stream.read(&mut *chunk).await?;
        self.buffer.extend_from_slice(&chunk[..read]);
        Ok(read > 0)
    }
}

fn first_line(bytes: &[u8]) -> &str {
    let line = bytes.split(|byte| *byte == b'\r').next().unwrap_or_default();
    std::str::from_utf8(line).unwrap_or_default()
}

fn header<'a>(head: &'a [u8], name: &str) -> &'a str {
    let head = std::str::from_utf8(head).unwrap_or_default();
    let mut lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
    let found = lines.find(|(field, _)| field.eq_ignore_ascii_case(name));
    found.map_or("", |(_, value)| value.trim())
}
