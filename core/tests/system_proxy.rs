//! The proxy in the system's environment is not used: it would see which gateway and which merchant a payer uses, and
//! for how long.

use std::{
    env,
    io::{ErrorKind, Read},
    net::TcpListener,
    process::Command,
    sync::mpsc,
    thread,
    time::Duration,
};

use salekit_core::{Freshness, Headers, HttpRequest, HttpsTransport, Method, SaleClientConfig, Transport, wire::Body};

/// The variable with the server's address for the other process.
const ADDRESS: &str = "SALEKIT_TEST_ADDRESS";

#[test]
fn no_proxy_of_the_system_is_asked() {
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap();
    let (first_bytes, seen) = mpsc::channel();
    thread::spawn(move || {
        for stream in server.incoming() {
            let mut first = [0];
            stream.unwrap().read_exact(&mut first).unwrap();
            first_bytes.send(first[0]).unwrap();
        }
    });
    // The environment belongs to the process, in which other tests run.
    let mut other = Command::new(env::current_exe().unwrap());
    other.args(["--exact", "system_proxy::another_process_sends_requests", "--ignored"]);
    other
        .env(ADDRESS, address.to_string())
        .env_remove("no_proxy")
        .env_remove("NO_PROXY");
    for name in [
        "http_proxy",
        "https_proxy",
        "all_proxy",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "ALL_PROXY",
    ] {
        other.env(name, format!("http://{}", proxy.local_addr().unwrap()));
    }
    assert!(other.output().unwrap().status.success());

    proxy.set_nonblocking(true).unwrap();
    assert_eq!(
        proxy.accept().unwrap_err().kind(),
        ErrorKind::WouldBlock,
        "the proxy was asked"
    );
    // A method, and a TLS record with a handshake.
    let first = || seen.recv_timeout(Duration::from_secs(60));
    assert_eq!([first(), first()], [Ok(b'G'), Ok(22)]);
}

#[tokio::test]
#[ignore = "no_proxy_of_the_system_is_asked runs it in another process"]
async fn another_process_sends_requests() {
    let address = env::var(ADDRESS).unwrap();
    for scheme in ["http", "https"] {
        let url = format!("{scheme}://{address}/");
        let limit = Duration::from_secs(5);
        let config = SaleClientConfig::for_loopback(&url, &url)
            .unwrap()
            .with_connection_timeouts(limit, limit);
        let request = HttpRequest {
            method: Method::Get,
            url: url.parse().unwrap(),
            body: Body::empty(),
            headers: Headers::none(),
            freshness: Freshness::Any,
            time_limit: limit,
        };
        let answer = HttpsTransport::new(&config).unwrap().send(request).await;
        assert!(answer.is_err(), "the server only looks who is there");
    }
}
