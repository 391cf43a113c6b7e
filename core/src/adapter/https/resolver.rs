//! DNS resolution by the system, for a few names at a time and a few addresses each.

use std::{
    error::Error,
    net::{SocketAddr, ToSocketAddrs},
};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::{sync::Semaphore, task::spawn_blocking};

/// How many resolutions may run at the same time in the whole process. A resolution holds its thread until the system
/// gives up, even if nobody waits for it any more. The limit keeps threads free for saving snapshots.
static PERMITS: Semaphore = Semaphore::const_new(4);
/// How many addresses are tried. The HTTP library tries both address families side by side, and the addresses of a
/// family one after the other, each with an equal share of the connect timeout. With more addresses, a share of the
/// usual ten seconds would be too short for TCP's second attempt; with fewer, an address that does not answer would use
/// up too much of it.
const MOST_ADDRESSES: usize = 4;

/// The system's resolver. `reqwest` alone does not limit it.
pub(super) struct System;

impl Resolve for System {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = with_permit(&PERMITS, move || (name.as_str(), 0).to_socket_addrs());
            Ok(Box::new(alternating(found.await??.collect()).into_iter()) as Addrs)
        })
    }
}

/// The first few of `addresses`, alternating between IPv6 and IPv4 and beginning with the family that the system
/// prefers (RFC 6724). So many addresses of one family cannot displace the other (RFC 8305, section 4).
fn alternating(mut addresses: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let mut chosen: Vec<SocketAddr> = Vec::new();
    while chosen.len() < MOST_ADDRESSES && !addresses.is_empty() {
        let last = chosen.last().copied();
        let is_other = |address: &SocketAddr| last.is_some_and(|last| last.is_ipv4() != address.is_ipv4());
        let next = addresses.iter().position(is_other).unwrap_or(0);
        chosen.push(addresses.remove(next));
    }
    chosen
}

/// Runs `work` on a blocking thread with one of the `permits`. The permit is held until `work` is done, even if nobody
/// waits any more.
async fn with_permit<T: Send + 'static>(
    permits: &'static Semaphore,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Box<dyn Error + Send + Sync>> {
    let permit = permits.acquire().await?;
    let done = spawn_blocking(move || {
        let _permit = permit;
        work()
    });
    Ok(done.await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_alternate_in_the_systems_order_and_only_a_few_addresses_are_kept() {
        let order = |addresses: &[&str]| {
            let addresses = addresses.iter().map(|address| address.parse().unwrap()).collect();
            let ports = alternating(addresses).into_iter().map(|address| address.port());
            ports.collect::<Vec<_>>()
        };
        let mixed = ["[::1]:1", "[::1]:2", "[::1]:3", "127.0.0.1:4", "127.0.0.1:5", "[::1]:6"];
        assert_eq!(order(&mixed), [1, 4, 2, 5]);
        assert_eq!(order(&["127.0.0.1:1", "[::1]:2", "127.0.0.1:3"]), [1, 2, 3]);
        assert_eq!(order(&["[::1]:1"; 9]), [1; 4]);
        assert_eq!(order(&[]), [0; 0]);
    }

    #[tokio::test]
    async fn a_dropped_resolution_keeps_its_permit_until_the_system_gives_up() {
        static PERMITS: Semaphore = Semaphore::const_new(1);
        let (has_begun, begun) = tokio::sync::oneshot::channel();
        let (give_up, given_up) = std::sync::mpsc::channel::<()>();
        let forgotten = tokio::spawn(with_permit(&PERMITS, move || {
            has_begun.send(()).unwrap();
            given_up.recv()
        }));
        begun.await.unwrap();
        forgotten.abort();
        assert!(forgotten.await.unwrap_err().is_cancelled());
        assert_eq!(PERMITS.available_permits(), 0);

        let next = tokio::spawn(with_permit(&PERMITS, || "found"));
        // Other threads stay free for urgent work, such as saving a snapshot.
        assert_eq!(spawn_blocking(|| "saved").await.unwrap(), "saved");
        assert!(!next.is_finished());
        give_up.send(()).unwrap();
        assert_eq!(next.await.unwrap().unwrap(), "found");
    }
}
