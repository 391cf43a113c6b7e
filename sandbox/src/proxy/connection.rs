//! One connection of a client: how each fault is done to it.

use std::{io, sync::Arc, time::Instant};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use super::{
    bomb::gzip_bomb,
    fault::{ConnectionFault, ExchangeFault, Pass},
    forwarding::{Proxy, Request},
    record::Passing,
    reply::{JSON, REDIRECTED, error, http, redirect},
    wire::{Incoming, Message},
};
use crate::record::first_bytes;

/// Compressed size of the bomb: below the longest answer a client may read.
const BOMB: usize = 60_000;

/// Serves a connection to its end, of whatever kind.
pub(super) async fn serve(proxy: Arc<Proxy>, stream: TcpStream) {
    proxy.record.connection();
    let _best_effort = stream.set_nodelay(true);
    let is_on = |_: &ConnectionFault| proxy.stage.scripts.has_faults_on();
    let fault = proxy.planner.connection().filter(is_on);
    if let Some(fault) = fault {
        proxy.record.fault(fault.name());
        proxy.failures.faulty_connection(fault.name());
    }
    let config = match fault {
        None => Arc::clone(&proxy.tls),
        Some(ConnectionFault::Certificate(flaw)) => match proxy.stage.authority.flawed(flaw) {
            Ok(config) => config,
            Err(_) => return,
        },
        Some(ConnectionFault::Reset) => return reset(&stream),
        Some(ConnectionFault::Silence) => return until_gone(stream).await,
        Some(ConnectionFault::NoTls) => return no_tls(stream).await,
    };
    // A client that does not trust the certificate ends here.
    let first = first_bytes(&proxy.stage.recorder, &stream).await;
    let stream = match TlsAcceptor::from(config).accept(stream).await {
        Ok(stream) => stream,
        Err(error) => return proxy.failures.handshake_failed(&first, &error),
    };
    let mut client = Client {
        proxy,
        stream,
        incoming: Incoming::default(),
    };
    // A client that goes in the middle of something ends its connection, and nothing else.
    while matches!(client.exchange().await, Ok(Next::Exchange)) {}
}

/// What comes after an exchange.
enum Next {
    Exchange,
    End,
}

struct Client {
    proxy: Arc<Proxy>,
    stream: TlsStream<TcpStream>,
    incoming: Incoming,
}

impl Client {
    async fn exchange(&mut self) -> io::Result<Next> {
        let coming = self.incoming.head(&mut self.stream);
        let head = match self.proxy.planner.idle_limit() {
            None => coming.await?,
            Some(limit) => match tokio::time::timeout(limit, coming).await {
                Ok(head) => head?,
                Err(_idle) => {
                    self.stream.shutdown().await?;
                    None
                }
            },
        };
        let Some(head) = head else {
            return Ok(Next::End);
        };
        let (method, target) = self.incoming.request_line();
        let (passing, invoice) = Passing::of_target(&target);
        if target.contains(REDIRECTED) && passing != Passing::Page {
            self.proxy.record.redirect_followed();
        }
        let is_on = |_: &ExchangeFault| self.proxy.stage.scripts.has_faults_on();
        let fault = self.proxy.planner.exchange(passing).filter(is_on);
        let name = fault.map(ExchangeFault::name);
        if let Some(name) = name {
            self.proxy.failures.faulty_exchange(name, &method, &target);
        }
        let entry = self.proxy.record.arrived(passing, invoice, name);
        if fault == Some(ExchangeFault::ResetUnread) {
            return Ok(self.reset());
        }
        let message = self.incoming.message(head, &mut self.stream, true).await?;
        let request = Request {
            message,
            is_head: method == "HEAD",
            target,
            fault,
            entry,
        };
        match fault {
            Some(fault) if !fault.is_forwarded() => self.instead(fault, request).await,
            _ => self.pass_on(request).await,
        }
    }

    async fn pass_on(&mut self, mut request: Request) -> io::Result<Next> {
        let first = self.proxy.send_on(&mut request).await;
        let answer = match request.fault {
            Some(ExchangeFault::PassedOnTwice { answer }) => {
                let second = self.proxy.send_on(&mut request).await;
                match answer {
                    Pass::First => first,
                    Pass::Second => second,
                }
            }
            _ => first,
        };
        let Ok(answer) = answer else {
            return Ok(self.reset());
        };
        self.proxy.says(&mut request.entry, &answer);
        let next = match request.fault {
            None => {
                self.write(answer.bytes()).await?;
                Next::Exchange
            }
            Some(fault) => match self.distort(fault, &request, &answer).await? {
                Delivered::Whole => Next::Exchange,
                Delivered::NotAtAll(next) => return Ok(next),
            },
        };
        request.entry.passage.answered = Some(Instant::now());
        self.proxy.record.note(&mut request.entry);
        Ok(if request.message.keeps_alive() && answer.keeps_alive() {
            next
        } else {
            Next::End
        })
    }

    /// What a request gets that is not passed on.
    async fn instead(&mut self, fault: ExchangeFault, request: Request) -> io::Result<Next> {
        match fault {
            ExchangeFault::CloseUnforwarded => {
                self.stream.shutdown().await?;
                Ok(Next::End)
            }
            ExchangeFault::StallUnforwarded => self.stall().await,
            ExchangeFault::Refused {
                status,
                with_error_object,
            } => {
                let cause = if status < 500 { "FILTERED" } else { "SERVER_UNAVAILABLE" };
                self.write(&error(status, with_error_object.then_some(cause), &request))
                    .await?;
                Ok(Next::Exchange)
            }
            ExchangeFault::Redirect { status, .. } => {
                self.write(&redirect(status, &request)).await?;
                Ok(Next::Exchange)
            }
            ExchangeFault::PassedOnLate { after } => {
                Proxy::send_on_late(&self.proxy, request, after);
                Ok(self.reset())
            }
            _ => Ok(self.reset()),
        }
    }

    /// What becomes of the server's answer.
    async fn distort(&mut self, fault: ExchangeFault, request: &Request, answer: &Message) -> io::Result<Delivered> {
        const LOST: Delivered = Delivered::NotAtAll(Next::Exchange);
        match fault {
            ExchangeFault::StallUnanswered => return Ok(Delivered::NotAtAll(self.stall().await?)),
            ExchangeFault::Cut { at, reset } => {
                let bytes = answer.bytes();
                let end = usize::from(at) % bytes.len().max(1);
                self.write(&bytes[..end]).await?;
                if reset {
                    return Ok(Delivered::NotAtAll(self.reset()));
                }
                self.stream.shutdown().await?;
                return Ok(Delivered::NotAtAll(Next::End));
            }
            ExchangeFault::Drip { pieces, pause } => {
                let bytes = answer.bytes();
                for piece in bytes.chunks(bytes.len().div_ceil(usize::from(pieces.max(1))).max(1)) {
                    self.write(piece).await?;
                    tokio::time::sleep(pause).await;
                }
            }
            ExchangeFault::Garbage => {
                self.write(b"\x00\x05\x16 this is not HTTP \xff\xfe\r\n\r\n").await?;
                return Ok(Delivered::NotAtAll(Next::End));
            }
            ExchangeFault::GarbageBody => {
                let body = b"{\"state\": \"APPROVED\", \"session\": {\"token\": \xff";
                self.write(&http(200, JSON, "", body, request)).await?;
                return Ok(LOST);
            }
            ExchangeFault::WrongContentType => self.write(&answer.with_content_type("text/html")).await?,
            ExchangeFault::GzipBomb => {
                let bomb = gzip_bomb(BOMB);
                self.write(&http(200, JSON, "content-encoding: gzip\r\n", &bomb, request))
                    .await?;
                return Ok(LOST);
            }
            ExchangeFault::EndlessBody => return Ok(Delivered::NotAtAll(self.endless().await?)),
            ExchangeFault::Failed {
                status,
                with_error_object,
            } => {
                let object = with_error_object.then_some("INTERNAL_ERROR");
                self.write(&error(status, object, request)).await?;
                return Ok(LOST);
            }
            ExchangeFault::Redirect { status, .. } => {
                self.write(&redirect(status, request)).await?;
                return Ok(LOST);
            }
            ExchangeFault::Twice { pause } => {
                self.write(answer.bytes()).await?;
                tokio::time::sleep(pause).await;
                self.write(answer.bytes()).await?;
            }
            ExchangeFault::PassedOnTwice { .. } => self.write(answer.bytes()).await?,
            _ => return Ok(Delivered::NotAtAll(self.reset())),
        }
        Ok(Delivered::Whole)
    }

    async fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes).await?;
        self.stream.flush().await
    }

    fn reset(&self) -> Next {
        reset(self.stream.get_ref().0);
        Next::End
    }

    async fn stall(&mut self) -> io::Result<Next> {
        let mut ignored = [0; 256];
        while self.stream.read(&mut ignored).await? > 0 {}
        Ok(Next::End)
    }

    async fn endless(&mut self) -> io::Result<Next> {
        self.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{\"state\":\"")
            .await?;
        loop {
            self.write(&[b'A'; 4096]).await?;
        }
    }
}

/// What became of an answer.
enum Delivered {
    /// It reached the client, whole.
    Whole,
    /// The client got something else, or nothing.
    NotAtAll(Next),
}

fn reset(stream: &TcpStream) {
    let _best_effort = stream.set_zero_linger();
}

async fn until_gone(mut stream: TcpStream) {
    let mut ignored = [0; 256];
    while matches!(stream.read(&mut ignored).await, Ok(1..)) {}
}

async fn no_tls(mut stream: TcpStream) {
    let _client_may_be_gone = stream
        .write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
        .await;
}
