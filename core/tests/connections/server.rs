//! A server that handles each request as the test says, and records its connection.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{
        Semaphore,
        mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel},
    },
    time::{sleep, timeout},
};
use url::Url;

pub const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

/// What a server does after reading a request.
pub enum Reaction {
    /// Answers, and keeps the connection.
    Answer(String),
    AnswerAndClose(String),
    /// Answers with one piece for each line, with a pause between them.
    AnswerSlowly(String),
    /// Answers when the test allows it.
    AnswerWhenAllowed(String),
    CloseWhenAllowed,
}

/// What happened to a connection, as its server saw it.
#[derive(Debug, PartialEq, Eq)]
pub enum Seen {
    Answered,
    Closed,
}

type Script = dyn Fn(&str, &str) -> Reaction + Send + Sync;

/// What the connections of a server share.
struct Shared {
    script: Box<Script>,
    allowed: Semaphore,
    /// The number of the connection, and the request's method and path.
    requests: Mutex<Vec<(usize, String)>>,
    connections: Mutex<usize>,
    seen: UnboundedSender<Seen>,
    arrivals: UnboundedSender<String>,
}

pub struct Server {
    pub url: Url,
    pub seen: UnboundedReceiver<Seen>,
    arrived: UnboundedReceiver<String>,
    shared: Arc<Shared>,
}

impl Server {
    /// A server that does for each request what `script` returns for its method and path.
    pub async fn start(script: impl Fn(&str, &str) -> Reaction + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = Url::parse(&format!("http://{}/paynet", listener.local_addr().unwrap())).unwrap();
        let (sender, seen) = unbounded_channel();
        let (arrivals, arrived) = unbounded_channel();
        let shared = Arc::new(Shared {
            script: Box::new(script),
            allowed: Semaphore::new(0),
            requests: Mutex::default(),
            connections: Mutex::default(),
            seen: sender,
            arrivals,
        });
        let of_task = Arc::clone(&shared);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let number = {
                    let mut connections = of_task.connections.lock().unwrap();
                    *connections += 1;
                    *connections
                };
                tokio::spawn(serve(stream, number, Arc::clone(&of_task)));
            }
        });
        Self {
            url,
            seen,
            arrived,
            shared,
        }
    }

    /// A server that answers everything and keeps its connections.
    pub async fn answering() -> Self {
        Self::start(|method, _| Reaction::Answer(answer(method, "{}"))).await
    }

    /// Allows `answers` waiting answers.
    pub fn allow(&self, answers: usize) {
        self.shared.allowed.add_permits(answers);
    }

    pub async fn sees(&mut self, expected: Seen) {
        let seen = timeout(Duration::from_secs(60), self.seen.recv()).await;
        assert_eq!(seen, Ok(Some(expected)));
    }

    /// Waits for the next request, which must have this method and path.
    pub async fn gets(&mut self, expected: &str) {
        let arrived = timeout(Duration::from_secs(60), self.arrived.recv()).await;
        assert_eq!(arrived.unwrap().as_deref(), Some(expected));
    }

    pub fn connections(&self) -> usize {
        *self.shared.connections.lock().unwrap()
    }

    /// The number of the connection (from 1) of every request, and its method and path.
    pub fn requests(&self) -> Vec<(usize, String)> {
        self.shared.requests.lock().unwrap().clone()
    }

    /// The same, as text that a test can be compared with.
    pub fn log(&self) -> String {
        let requests = self.requests().into_iter();
        let lines: Vec<_> = requests
            .map(|(number, request)| format!("{number} {request}"))
            .collect();
        lines.join(", ")
    }
}

/// An answer to `method` with `body`; for HEAD without it.
pub fn answer(method: &str, body: &str) -> String {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", body.len());
    if method == "HEAD" { head } else { head + body }
}

async fn serve(mut stream: TcpStream, number: usize, shared: Arc<Shared>) {
    while let Some((method, path)) = read_request(&mut stream).await {
        shared
            .requests
            .lock()
            .unwrap()
            .push((number, format!("{method} {path}")));
        let _ = shared.arrivals.send(format!("{method} {path}"));
        let (answer, closes) = match (shared.script)(&method, &path) {
            Reaction::Answer(answer) => (answer, false),
            Reaction::AnswerAndClose(answer) => (answer, true),
            Reaction::AnswerSlowly(answer) => {
                for line in answer.split_inclusive('\n') {
                    let _ = stream.write_all(line.as_bytes()).await;
                    sleep(Duration::from_millis(1)).await;
                }
                (String::new(), false)
            }
            Reaction::AnswerWhenAllowed(answer) => {
                shared.allowed.acquire().await.unwrap().forget();
                (answer, false)
            }
            Reaction::CloseWhenAllowed => {
                shared.allowed.acquire().await.unwrap().forget();
                return;
            }
        };
        // The client may be gone.
        let _ = stream.write_all(answer.as_bytes()).await;
        if closes {
            drop(stream);
            let _ = shared.seen.send(Seen::Answered);
            return;
        }
        let _ = shared.seen.send(Seen::Answered);
    }
    let _ = shared.seen.send(Seen::Closed);
}

/// Reads a request to the end of its body. Returns its method and path.
async fn read_request(stream: &mut TcpStream) -> Option<(String, String)> {
    let mut read = Vec::new();
    let mut buffer = [0; 4_096];
    loop {
        let text = String::from_utf8_lossy(&read);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let lower = head.to_lowercase();
            let length = lower.lines().find_map(|line| line.strip_prefix("content-length: "));
            if body.len() >= length.map_or(0, |length| length.parse().unwrap()) {
                let mut words = head.split(' ').map(str::to_owned);
                return Some((words.next()?, words.next()?));
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(length) => read.extend_from_slice(&buffer[..length]),
        }
    }
}
