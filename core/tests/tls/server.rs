//! Servers on loopback that count what reaches them: a merchant that works, and gateways that must not be trusted.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use rustls::{ServerConfig, SupportedProtocolVersion, crypto::ring, sign::SingleCertAndKey};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

use super::authority::Identity;

/// A server, and what reached it.
#[derive(Clone)]
pub struct Server {
    pub port: u16,
    seen: Arc<Seen>,
}

#[derive(Default)]
struct Seen {
    connections: AtomicUsize,
    /// Bytes of HTTP that were readable for the server.
    bytes: AtomicUsize,
    paths: Mutex<Vec<String>>,
}

/// Answers to a path: status line and headers without the last empty line, and body.
type Answers = fn(&str) -> (&'static str, &'static str);

impl Server {
    async fn listen() -> (TcpListener, Self) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let seen = Arc::default();
        (listener, Self { port, seen })
    }

    /// HTTPS with this certificate and one TLS version.
    pub async fn start(identity: Identity, version: &'static SupportedProtocolVersion, answers: Answers) -> Self {
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[version])
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(SingleCertAndKey::from(identity.certified())));
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let (listener, server) = Self::listen().await;
        let seen = Arc::clone(&server.seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                seen.connections.fetch_add(1, Ordering::SeqCst);
                let (acceptor, seen) = (acceptor.clone(), Arc::clone(&seen));
                tokio::spawn(async move {
                    if let Ok(stream) = acceptor.accept(stream).await {
                        serve(stream, &seen, answers).await;
                    }
                });
            }
        });
        server
    }

    /// A server that accepts none of the offered cipher suites (RFC 8446, 4.1.1 and 6: it sends an alert and ends).
    pub async fn start_without_common_cipher_suite() -> Self {
        const HANDSHAKE_FAILURE: &[u8] = &[21, 3, 3, 0, 2, 2, 40];
        let (listener, server) = Self::listen().await;
        let seen = Arc::clone(&server.seen);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                seen.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(async move {
                    let mut hello = [0; 4_096];
                    let _ = stream.read(&mut hello).await;
                    let _ = stream.write_all(HANDSHAKE_FAILURE).await;
                    // Until the client has seen it and closes.
                    let _ = stream.read(&mut hello).await;
                });
            }
        });
        server
    }

    /// A server that agrees only to TLS 1.1, whatever the client offers.
    pub async fn start_tls_1_1() -> Self {
        let (listener, server) = Self::listen().await;
        let seen = Arc::clone(&server.seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                seen.connections.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(agree_to_tls_1_1(stream, Arc::clone(&seen)));
            }
        });
        server
    }

    pub fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }

    pub fn bytes(&self) -> usize {
        self.seen.bytes.load(Ordering::SeqCst)
    }

    pub fn paths(&self) -> Vec<String> {
        self.seen.paths.lock().unwrap().clone()
    }
}

async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, seen: &Seen, answers: Answers) {
    let mut read = Vec::new();
    let mut buffer = [0; 4_096];
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        seen.bytes.fetch_add(length, Ordering::SeqCst);
        read.extend_from_slice(&buffer[..length]);
        let text = String::from_utf8_lossy(&read).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            continue;
        };
        let head = head.to_owned();
        let length = head
            .lines()
            .find_map(|line| line.to_lowercase().strip_prefix("content-length: ").map(str::to_owned));
        if body.len() < length.map_or(0, |length| length.parse().unwrap()) {
            continue;
        }
        let mut words = head.split(' ');
        let (method, path) = (words.next().unwrap(), words.next().unwrap());
        let (status, body) = if method == "HEAD" {
            ("200 OK", "")
        } else {
            answers(path)
        };
        if method != "HEAD" {
            seen.paths.lock().unwrap().push(path.to_owned());
        }
        let answer = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
        read.clear();
    }
}

/// RFC 4346, 7.4.1.3: a ServerHello of version 3.2 with TLS_RSA_WITH_AES_128_CBC_SHA.
async fn agree_to_tls_1_1(mut stream: TcpStream, seen: Arc<Seen>) {
    const VERSION: [u8; 2] = [3, 2];
    let mut hello = vec![2, 0, 0, 38, VERSION[0], VERSION[1]];
    hello.extend_from_slice(&[7; 32]);
    hello.extend_from_slice(&[0, 0x00, 0x2f, 0]);
    let mut record = vec![22, VERSION[0], VERSION[1], 0, u8::try_from(hello.len()).unwrap()];
    record.extend_from_slice(&hello);

    let mut buffer = [0; 4_096];
    if stream.read(&mut buffer).await.is_err() || stream.write_all(&record).await.is_err() {
        return;
    }
    while let Ok(length @ 1..) = stream.read(&mut buffer).await {
        // Records of type 21 are alerts, which are allowed.
        if buffer[0] != 21 {
            seen.bytes.fetch_add(length, Ordering::SeqCst);
        }
    }
}
