//! The delay line: two network namespaces, and between them a wire that holds every packet back. TCP and TLS handshakes
//! take as long on it as anything else.

#[cfg(target_os = "linux")]
mod delay;
#[cfg(target_os = "linux")]
mod network;

#[cfg(target_os = "linux")]
pub(crate) use network::Network;

use std::{net::Ipv4Addr, time::Duration};

/// How long a packet is held back, each way.
pub(crate) const ONE_WAY: Duration = Duration::from_millis(25);
/// The address of the clients.
const CLIENT: Ipv4Addr = Ipv4Addr::new(10, 9, 0, 1);
/// The address of gateway and merchant; each has a port of its own.
pub(crate) const SERVER: Ipv4Addr = Ipv4Addr::new(10, 9, 0, 2);

/// Where there are no network namespaces.
#[cfg(not(target_os = "linux"))]
pub(crate) enum Network {}

#[cfg(not(target_os = "linux"))]
impl Network {
    pub(crate) fn open() -> Result<Self, String> {
        let _ = (ONE_WAY, CLIENT);
        Err("network namespaces are Linux's".to_owned())
    }

    pub(crate) fn clients(&self) -> &str {
        match *self {}
    }

    pub(crate) fn servers(&self) -> &str {
        match *self {}
    }
}
