//! `--lan`: what an emulator, a simulator or a device on the same network needs to reach the servers.

use std::net::{IpAddr, Ipv4Addr, UdpSocket};

use url::Url;

use super::console;

/// Where an Android emulator finds the machine that it runs on.
const EMULATOR: &str = "10.0.2.2";

/// This machine's address on its network, if it is on one. No packet is sent: the system only chooses the way.
pub(crate) fn own_address() -> Option<IpAddr> {
    /// An address for documentation, which nobody has.
    const ANYWHERE: (Ipv4Addr, u16) = (Ipv4Addr::new(192, 0, 2, 1), 9);
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect(ANYWHERE).ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

/// Names the certificate has to be good for.
pub(crate) fn host_names(own: Option<IpAddr>) -> Vec<String> {
    let own = own.map(|address| address.to_string());
    [EMULATOR.to_owned()].into_iter().chain(own).collect()
}

/// What to enter where; `servers` by name, at the address that this machine reaches them at.
pub(crate) fn print(own: Option<IpAddr>, servers: &[(&str, &Url)]) -> std::io::Result<()> {
    for line in lines(own, servers) {
        console::say(line)?;
    }
    Ok(())
}

fn lines(own: Option<IpAddr>, servers: &[(&str, &Url)]) -> Vec<String> {
    let own = own.map(|address| address.to_string());
    let places = [
        ("Android emulator", Some(EMULATOR)),
        ("iOS simulator", Some("127.0.0.1")),
        ("device on this network", own.as_deref()),
    ];
    let mut lines = Vec::new();
    for (place, host) in places {
        let Some(host) = host else {
            lines.push(format!("\n{place}: this machine is on no network"));
            continue;
        };
        lines.push(format!("\n{place}"));
        for (name, url) in servers {
            lines.push(format!("  {name:<9} {}", at(url, host)));
        }
        if let Some((_, url)) = servers.first() {
            let mut ca = at(url, host);
            ca.set_path("/ca.pem");
            lines.push(format!("  trust     {ca}"));
        }
    }
    lines
}

fn at(url: &Url, host: &str) -> Url {
    let mut url = url.clone();
    // An address is always a host.
    let _kept = url.set_host(Some(host));
    url
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_gets_its_own_addresses() {
        let gateway = Url::parse("https://127.0.0.1:8443/paynet").ok();
        let merchant = Url::parse("https://127.0.0.1:8444/").ok();
        let (Some(gateway), Some(merchant)) = (gateway, merchant) else {
            panic!("both are urls")
        };
        let servers = [("gateway", &gateway), ("merchant", &merchant)];
        let told = lines("192.168.1.7".parse().ok(), &servers).join("\n");
        assert_eq!(
            told,
            "\nAndroid emulator\n  gateway   https://10.0.2.2:8443/paynet\n  merchant  https://10.0.2.2:8444/\n  \
             trust     https://10.0.2.2:8443/ca.pem\n\niOS simulator\n  gateway   https://127.0.0.1:8443/paynet\n  \
             merchant  https://127.0.0.1:8444/\n  trust     https://127.0.0.1:8443/ca.pem\n\ndevice on this network\n  \
             gateway   https://192.168.1.7:8443/paynet\n  merchant  https://192.168.1.7:8444/\n  \
             trust     https://192.168.1.7:8443/ca.pem"
        );
        assert!(
            lines(None, &servers)
                .join("\n")
                .ends_with("this machine is on no network")
        );
        assert_eq!(host_names("192.168.1.7".parse().ok()), ["10.0.2.2", "192.168.1.7"]);
    }
}
