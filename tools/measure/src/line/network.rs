//! The two namespaces and their devices. They are gone when the value is dropped.

use std::{net::Ipv4Addr, process::Command};

use tokio_tun::Tun;

use super::{CLIENT, SERVER, delay};

/// Two namespaces that reach each other over the delay line and nothing else.
pub(crate) struct Network {
    clients: Namespace,
    servers: Namespace,
}

impl Network {
    /// Makes them, and begins to carry packets.
    ///
    /// # Errors
    /// Why it cannot be done here, in words for the table.
    pub(crate) fn open() -> Result<Self, String> {
        let add = |side| Namespace::add(side).map_err(|why| format!("no network namespaces, which need root ({why})"));
        let network = Self {
            clients: add("clients")?,
            servers: add("servers")?,
        };
        let near = network.clients.device(CLIENT)?;
        let far = network.servers.device(SERVER)?;
        delay::join(near, far).map_err(|error| format!("the delay line did not start: {error}"))?;
        Ok(network)
    }

    /// The name of the clients' namespace.
    pub(crate) fn clients(&self) -> &str {
        &self.clients.name
    }

    /// The name of the servers' namespace.
    pub(crate) fn servers(&self) -> &str {
        &self.servers.name
    }
}

struct Namespace {
    name: String,
}

impl Namespace {
    fn add(side: &str) -> Result<Self, String> {
        // Several runs may share a machine.
        let name = format!("salekit-{side}-{}", std::process::id());
        ip(&["netns", "add", &name])?;
        let namespace = Self { name };
        namespace.ip(&["link", "set", "lo", "up"])?;
        Ok(namespace)
    }

    /// A TUN device inside, with `address`. It is made outside and moved in; this process still holds its other end.
    fn device(&self, address: Ipv4Addr) -> Result<Tun, String> {
        let tun = Tun::builder()
            .build()
            .map_err(|error| format!("no TUN device: {error}"))?;
        let tun = tun.into_iter().next().ok_or("no TUN device")?;
        let (name, address) = (tun.name().to_owned(), format!("{address}/24"));
        ip(&["link", "set", &name, "netns", &self.name])?;
        self.ip(&["address", "add", &address, "dev", &name])?;
        self.ip(&["link", "set", &name, "up"])?;
        Ok(tun)
    }

    fn ip(&self, arguments: &[&str]) -> Result<(), String> {
        ip(&[&["-n", &self.name], arguments].concat())
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // Should it fail, nothing else can be done about it here; `ip netns` shows what is left.
        let _ = ip(&["netns", "delete", &self.name]);
    }
}

fn ip(arguments: &[&str]) -> Result<(), String> {
    let said = format!("ip {}", arguments.join(" "));
    let done = Command::new("ip").args(arguments).output();
    let done = done.map_err(|error| format!("{said}: {error}"))?;
    if done.status.success() {
        return Ok(());
    }
    let complaint = String::from_utf8_lossy(&done.stderr);
    Err(format!("{said}: {}", complaint.trim()))
}
