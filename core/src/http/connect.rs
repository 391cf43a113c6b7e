//! Making a connection: the host's name, TCP, TLS. No request is involved yet, so whatever fails here came certainly
//! before the first byte of one.

use std::{
    collections::VecDeque,
    io,
    net::{SocketAddr, ToSocketAddrs},
    sync::Arc,
    time::Duration,
};

use hyper::rt::{Read, Write};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    net::TcpStream,
    sync::Semaphore,
    task::{JoinSet, spawn_blocking},
    time::{sleep, timeout},
};
use tokio_rustls::TlsConnector;
use url::{Host, Url};

use super::failure::{handshake_failure, tcp_failure};
use crate::{Failure, FailureKind};

/// How long one address is tried before the next is tried too (RFC 8305, section 8).
const STAGGER: Duration = Duration::from_millis(250);
/// Look-ups at the same time, in the whole process. One that nobody waits for any more holds its thread until the system
/// gives up, and such must never hold all the threads on which snapshots are saved.
static LOOK_UPS: Semaphore = Semaphore::const_new(4);

/// What goes to and fro on a connection, encrypted or not: one type, so that HTTP is compiled once.
pub(super) trait Stream: Read + Write + Send + Unpin {}

impl<T: Read + Write + Send + Unpin> Stream for T {}

/// Makes connections.
pub(super) struct Connector {
    tls: TlsConnector,
    /// For name, TCP and TLS together.
    limit: Duration,
    https_only: bool,
}

impl Connector {
    pub(super) fn new(tls: ClientConfig, limit: Duration, https_only: bool) -> Self {
        Self {
            tls: TlsConnector::from(Arc::new(tls)),
            limit,
            https_only,
        }
    }

    pub(super) const fn limit(&self) -> Duration {
        self.limit
    }

    /// A connection to the server of `url`, straight to it: no proxy of the system is asked.
    pub(super) async fn connect(&self, url: &Url) -> Result<Box<dyn Stream>, Failure> {
        let connecting = timeout(self.limit, self.stream(url)).await;
        connecting
            .unwrap_or(Err(FailureKind::TimedOut))
            .map_err(Failure::before_sending)
    }

    async fn stream(&self, url: &Url) -> Result<Box<dyn Stream>, FailureKind> {
        let is_encrypted = url.scheme() == "https";
        if self.https_only && !is_encrypted {
            return Err(FailureKind::TlsFailed);
        }
        let (Some(host), Some(port)) = (url.host(), url.port_or_known_default()) else {
            return Err(FailureKind::NameNotResolved);
        };
        let tcp = dial(addresses(&host, port).await?)
            .await
            .map_err(|error| tcp_failure(&error))?;
        // A request is written at once; waiting for more of it would only cost time. Without it, it works too.
        let _ = tcp.set_nodelay(true);
        if !is_encrypted {
            return Ok(Box::new(TokioIo::new(tcp)));
        }
        let tls = self.tls.connect(server_name(&host)?, tcp).await;
        let tls = tls.map_err(|error| handshake_failure(&error))?;
        Ok(Box::new(TokioIo::new(tls)))
    }
}

fn server_name(host: &Host<&str>) -> Result<ServerName<'static>, FailureKind> {
    match host {
        // No certificate can be for what is no name.
        Host::Domain(name) => ServerName::try_from((*name).to_owned()).map_err(|_| FailureKind::CertificateWrongHost),
        Host::Ipv4(address) => Ok(ServerName::IpAddress((*address).into())),
        Host::Ipv6(address) => Ok(ServerName::IpAddress((*address).into())),
    }
}

/// The addresses of `host`, in the system's order of preference (RFC 6724).
async fn addresses(host: &Host<&str>, port: u16) -> Result<VecDeque<SocketAddr>, FailureKind> {
    match host {
        Host::Domain(name) => look_up((*name).to_owned(), port)
            .await
            .ok_or(FailureKind::NameNotResolved),
        Host::Ipv4(address) => Ok([(*address, port).into()].into()),
        Host::Ipv6(address) => Ok([(*address, port).into()].into()),
    }
}

async fn look_up(name: String, port: u16) -> Option<VecDeque<SocketAddr>> {
    let found = in_turn(&LOOK_UPS, move || (name, port).to_socket_addrs()).await?;
    Some(found.ok()?.collect())
}

/// `work` on a thread of its own, with one of the `turns`, which it keeps until it is done, even if nobody waits any more.
async fn in_turn<T: Send + 'static>(turns: &'static Semaphore, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let turn = turns.acquire().await.ok()?;
    let done = spawn_blocking(move || {
        let _turn = turn;
        work()
    });
    done.await.ok()
}

/// Connects to whichever address answers first (RFC 8305, "happy eyeballs"): one after the other, IPv6 and IPv4 in
/// turns, the next as soon as one failed or kept silent for a while, and none is given up for that.
async fn dial(mut addresses: VecDeque<SocketAddr>) -> io::Result<TcpStream> {
    let mut attempts = JoinSet::new();
    let mut failure = io::Error::from(io::ErrorKind::AddrNotAvailable);
    let mut last = None;
    loop {
        match next(&mut addresses, last) {
            Some(address) => {
                attempts.spawn(TcpStream::connect(address));
                last = Some(address);
            }
            None if attempts.is_empty() => return Err(failure),
            None => {}
        }
        tokio::select! {
            Some(done) = attempts.join_next() => match done {
                // The others end with the set.
                Ok(Ok(stream)) => return Ok(stream),
                Ok(Err(error)) => failure = error,
                Err(error) => failure = error.into(),
            },
            () = sleep(STAGGER), if !addresses.is_empty() => {}
        }
    }
}

/// The address to be tried after `last`: of the other family, if there is one left.
fn next(addresses: &mut VecDeque<SocketAddr>, last: Option<SocketAddr>) -> Option<SocketAddr> {
    let is_other = |address: &SocketAddr| last.is_some_and(|last| last.is_ipv4() != address.is_ipv4());
    let other = addresses.iter().position(is_other);
    addresses.remove(other.unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use tokio::net::{TcpListener, TcpSocket};

    use super::*;

    #[test]
    fn families_take_turns_in_the_systems_order() {
        let mut addresses: VecDeque<SocketAddr> =
            ["[::1]:1", "[::1]:2", "[::1]:3", "127.0.0.1:4", "127.0.0.1:5", "[::1]:6"]
                .map(|address| address.parse().unwrap())
                .into();
        let mut last = None;
        let order = std::iter::from_fn(|| {
            last = next(&mut addresses, last);
            last.map(|address| address.port())
        });
        assert_eq!(order.collect::<Vec<_>>(), [1, 4, 2, 5, 3, 6]);
    }

    /// An address whose server takes no connection and refuses none, with what keeps it so.
    async fn silent() -> (SocketAddr, Vec<Box<dyn Send>>) {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let listener = socket.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        let mut held: Vec<Box<dyn Send>> = vec![Box::new(listener)];
        // The queue of connections that nobody accepts is short; then the system drops what comes.
        while let Ok(Ok(stream)) = timeout(Duration::from_millis(100), TcpStream::connect(address)).await {
            held.push(Box::new(stream));
        }
        (address, held)
    }

    async fn refusing() -> SocketAddr {
        TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
    }

    #[tokio::test]
    async fn an_address_that_refuses_or_keeps_silent_does_not_keep_from_the_next() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let good = listener.local_addr().unwrap();
        let (silent, _held) = silent().await;
        let refusing = refusing().await;
        tokio::time::pause();
        let began = tokio::time::Instant::now();
        let stream = dial([refusing, silent, silent, good].into()).await.unwrap();
        assert_eq!(stream.peer_addr().unwrap(), good);
        assert!(began.elapsed() >= 2 * STAGGER, "the silent ones were given their time");
        assert!(began.elapsed() < 4 * STAGGER, "and no more of it");
    }

    #[tokio::test]
    async fn a_look_up_that_nobody_waits_for_keeps_its_turn_until_the_system_gives_up() {
        static TURNS: Semaphore = Semaphore::const_new(1);
        let (has_begun, begun) = tokio::sync::oneshot::channel();
        let (give_up, given_up) = std::sync::mpsc::channel::<()>();
        let forgotten = tokio::spawn(in_turn(&TURNS, move || {
            has_begun.send(()).unwrap();
            given_up.recv()
        }));
        begun.await.unwrap();
        forgotten.abort();
        assert!(forgotten.await.unwrap_err().is_cancelled());
        assert_eq!(TURNS.available_permits(), 0);

        let next = tokio::spawn(in_turn(&TURNS, || "found"));
        // Other threads stay free for what must not wait, such as saving a snapshot.
        assert_eq!(spawn_blocking(|| "saved").await.unwrap(), "saved");
        assert!(!next.is_finished());
        give_up.send(()).unwrap();
        assert_eq!(next.await.unwrap(), Some("found"));
    }

    #[tokio::test]
    async fn the_last_refusal_is_the_failure() {
        let error = dial([refusing().await, refusing().await].into()).await.unwrap_err();
        assert_eq!(tcp_failure(&error), FailureKind::NotConnected);
        assert!(dial(VecDeque::new()).await.is_err());
    }
}
