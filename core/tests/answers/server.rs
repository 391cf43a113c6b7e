//! Gateway and merchant's server on one socket: the test sets the bytes of each answer.

use std::{collections::HashMap, sync::Arc};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A message of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Message {
    AccessToken,
    Initiate,
    Perform,
    SessionToken,
    /// The first status request. Later ones get the same answer in every case.
    Status,
}

/// The answer to each message: HTTP status and body.
pub type Scripts = HashMap<Message, (u16, Vec<u8>)>;

/// The answer to every status request except the first. A sale that gets it did not end with the first answer.
const ASKED_AGAIN: &[u8] = br#"{"state":"DECLINED","errorMessage":"asked again"}"#;
/// The same, if the first answer opened a page.
const AFTER_PAGE: &[u8] = br#"{"state":"APPROVED"}"#;

pub struct Server {
    url: String,
    accepting: JoinHandle<()>,
}

impl Server {
    pub async fn start(scripts: Scripts) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let scripts = Arc::new(scripts);
        let polls = Arc::default();
        let accepting = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&scripts), Arc::clone(&polls)));
            }
        });
        Self { url, accepting }
    }

    pub fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn serve(mut stream: TcpStream, scripts: Arc<Scripts>, polls: Arc<std::sync::atomic::AtomicUsize>) {
    let mut read = Vec::new();
    loop {
        let Some((path, body)) = request(&mut stream, &mut read).await else {
            return;
        };
        let (status, answer) = answer(&path, &body, &scripts, &polls);
        let head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n\r\n", answer.len());
        if stream.write_all(head.as_bytes()).await.is_err() || stream.write_all(&answer).await.is_err() {
            return;
        }
    }
}

/// The next request's path and body.
async fn request(stream: &mut TcpStream, read: &mut Vec<u8>) -> Option<(String, Vec<u8>)> {
    let mut buffer = [0; 4_096];
    loop {
        if let Some(end) = read.windows(4).position(|end| end == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&read[..end]).to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            let whole = end + 4 + length.map_or(0, |length| length.trim().parse().unwrap());
            if read.len() >= whole {
                let path = String::from_utf8_lossy(&read[..end]).split(' ').nth(1)?.to_owned();
                let body = read[end + 4..whole].to_vec();
                read.drain(..whole);
                return Some((path, body));
            }
        }
        match stream.read(&mut buffer).await {
            Ok(length @ 1..) => read.extend_from_slice(&buffer[..length]),
            _ => return None,
        }
    }
}

fn answer(path: &str, body: &[u8], scripts: &Scripts, polls: &std::sync::atomic::AtomicUsize) -> (u16, Vec<u8>) {
    let message = match path {
        "/auth/request-access-token" => Message::AccessToken,
        "/sale/initiate-sale" => Message::Initiate,
        path if path.ends_with("/session-token") => Message::SessionToken,
        path if path.ends_with("/status") => Message::Status,
        path if path.starts_with("/paynet/dapi/v1/sale/") => Message::Perform,
        // The request that opens a connection ahead of time.
        _ => return (404, Vec::new()),
    };
    let earlier = match message {
        Message::Status => polls.fetch_add(1, std::sync::atomic::Ordering::SeqCst),
        _ => 0,
    };
    let (status, scripted) = &scripts[&message];
    if earlier > 0 {
        let has_page = scripted.windows(11).any(|name| name == b"redirectUrl");
        return (200, if has_page { AFTER_PAGE } else { ASKED_AGAIN }.to_vec());
    }
    // Replaces `TOKEN` and `PATH` by the values of the request, so that the outcome shows them. The token is reversed,
    // because no outcome shows a token unchanged.
    let text = String::from_utf8_lossy(body).into_owned();
    let token = text
        .split("\"token\":\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    let backwards: String = token.unwrap_or_default().chars().rev().collect();
    let mut said = replaced(scripted, b"<TOKEN>", backwards.as_bytes());
    said = replaced(&said, b"<PATH>", path.as_bytes());
    (*status, said)
}

fn replaced(bytes: &[u8], name: &[u8], by: &[u8]) -> Vec<u8> {
    match bytes.windows(name.len()).position(|window| window == name) {
        Some(at) => [&bytes[..at], by, &bytes[at + name.len()..]].concat(),
        None => bytes.to_vec(),
    }
}
