//! What ends at a server's failures: handshakes that fail, and plain HTTP where TLS is spoken.

use std::io;

use rustls::AlertDescription;
use tokio::net::TcpStream;

use super::{
    exchange::{Exchange, Role},
    path,
    recorder::{Recorder, refused},
    redact::Secrets,
};

/// The first bytes of a connection, looked at and left where they are; nothing if nothing is recorded.
pub(crate) async fn first_bytes(recorder: &Recorder, stream: &TcpStream) -> Vec<u8> {
    if !recorder.is_on() {
        return Vec::new();
    }
    let mut bytes = [0; 256];
    let read = stream.peek(&mut bytes).await.unwrap_or_default();
    bytes[..read].to_vec()
}

/// Puts the failed connections of one server on record.
#[derive(Debug, Clone)]
pub(crate) struct FailedConnections {
    pub(crate) recorder: Recorder,
    role: Role,
}

impl FailedConnections {
    pub(crate) fn new(recorder: &Recorder, role: Role) -> Self {
        Self {
            recorder: recorder.clone(),
            role,
        }
    }

    /// A connection did not become one with TLS. One that never said a word is nobody's concern.
    pub(crate) fn handshake_failed(&self, first_bytes: &[u8], error: &io::Error) {
        if self.recorder.is_on() && !first_bytes.is_empty() {
            self.recorder.add(failed(self.role, first_bytes, error));
        }
    }

    /// The proxy in front of the server did this to a connection.
    pub(crate) fn faulty_connection(&self, fault: &str) {
        let mut exchange = refused(Role::App, self.role, "connection", format!("injected fault: {fault}"));
        exchange.summary.fault = Some(fault.to_owned());
        self.recorder.add(exchange);
    }

    /// The proxy in front of the server does this to an exchange. What reaches the server is on record by itself.
    pub(crate) fn faulty_exchange(&self, fault: &str, method: &str, target: &str) {
        let secrets = Secrets::default();
        let kind = path::classify(method, target);
        let mut event = refused(kind.from, self.role, kind.message, format!("injected fault: {fault}"));
        event.summary.step = kind.step;
        event.summary.invoice_id = kind.invoice_id.map(|id| secrets.text(&id));
        event.summary.method = Some(secrets.text(method));
        event.summary.path = Some(secrets.target(target));
        event.summary.fault = Some(fault.to_owned());
        self.recorder.add(event);
    }
}

fn failed(to: Role, first_bytes: &[u8], error: &io::Error) -> Exchange {
    match plain_request(first_bytes) {
        Some((method, path)) => {
            let problem = "plain HTTP on a port that speaks TLS: the URL must begin with https://";
            let mut exchange = refused(Role::App, to, "plain HTTP", problem.to_owned());
            exchange.summary.method = Some(method);
            exchange.summary.path = Some(path);
            exchange
        }
        None => refused(Role::App, to, "TLS handshake", reason(error)),
    }
}

/// Method and path without the query, if it is a request.
fn plain_request(bytes: &[u8]) -> Option<(String, String)> {
    let line = String::from_utf8_lossy(bytes);
    let mut words = line.split([' ', '\r', '\n']);
    let method = words.next()?;
    let is_method = (3..=7).contains(&method.len()) && method.bytes().all(|byte| byte.is_ascii_uppercase());
    let path = words.next().filter(|path| path.starts_with('/'))?;
    let path = path.split('?').next().unwrap_or_default();
    is_method.then(|| (method.to_owned(), Secrets::default().text(path)))
}

fn reason(error: &io::Error) -> String {
    let tls = error.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>());
    let why = match tls {
        Some(rustls::Error::AlertReceived(AlertDescription::UnknownCA | AlertDescription::CertificateUnknown)) => {
            "the client does not trust the sandbox's certificate authority: give it /ca.pem"
        }
        Some(rustls::Error::AlertReceived(AlertDescription::BadCertificate)) => {
            "the client does not accept the certificate: another host name, or not trusted; see /ca.pem and --host-name"
        }
        Some(rustls::Error::AlertReceived(AlertDescription::CertificateExpired)) => {
            "for the client the certificate is out of date: compare the clocks"
        }
        Some(rustls::Error::AlertReceived(_)) => "the client gave up",
        Some(rustls::Error::PeerIncompatible(_)) => "the client offers no TLS 1.2 or 1.3 that the server has",
        Some(rustls::Error::InvalidMessage(_)) => "these bytes are not TLS",
        Some(_) => "the handshake failed",
        None => {
            "the client closed the connection during the handshake; some do so if they do not trust the certificate"
        }
    };
    match tls {
        Some(tls) => format!("{why} ({tls})"),
        None => why.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_requests_are_told_from_anything_else() {
        let found = plain_request(b"POST /sale/initiate-sale?a=b HTTP/1.1\r\n");
        assert_eq!(found, Some(("POST".to_owned(), "/sale/initiate-sale".to_owned())));
        assert_eq!(plain_request(&[0x16, 3, 1, 0, 200]), None);
        assert_eq!(plain_request(b"SSH-2.0-x"), None);
    }
}
