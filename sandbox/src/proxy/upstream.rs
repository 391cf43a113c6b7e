//! The proxy's way to the server behind it. Connections are kept, for the server's sake; nothing is sent
//! twice unless a fault asks for it.

use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};

use rustls::pki_types::ServerName;
use tokio::{io::AsyncWriteExt as _, net::TcpStream};
use tokio_rustls::{TlsConnector, client::TlsStream};
use url::Url;

use super::wire::{Incoming, Message};
use crate::{error::SandboxError, net::tls};

type Connection = (TlsStream<TcpStream>, Incoming);

pub(super) struct Upstream {
    address: (String, u16),
    name: ServerName<'static>,
    connector: TlsConnector,
    idle: Mutex<Vec<Connection>>,
}

impl Upstream {
    pub(super) fn new(url: &Url, ca_pem: &str) -> Result<Self, SandboxError> {
        let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let name = ServerName::try_from(host.clone()).map_err(|error| SandboxError::Tls {
            reason: error.to_string(),
        })?;
        Ok(Self {
            address: (host, url.port_or_known_default().unwrap_or(443)),
            name,
            connector: TlsConnector::from(Arc::new(tls::client_trusting(ca_pem)?)),
            idle: Mutex::default(),
        })
    }

    /// Sends a request and reads the answer.
    pub(super) async fn exchange(&self, request: &Message, is_head: bool) -> io::Result<Message> {
        let (mut stream, mut incoming) = self.connection().await?;
        stream.write_all(request.bytes()).await?;
        stream.flush().await?;
        let Some(head) = incoming.head(&mut stream).await? else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        let answer = incoming.message(head, &mut stream, !is_head).await?;
        if answer.keeps_alive() && request.keeps_alive() {
            self.idle
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push((stream, incoming));
        }
        Ok(answer)
    }

    async fn connection(&self) -> io::Result<Connection> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        if let Some(idle) = idle {
            return Ok(idle);
        }
        let stream = TcpStream::connect((self.address.0.as_str(), self.address.1)).await?;
        stream.set_nodelay(true)?;
        let stream = self.connector.connect(self.name.clone(), stream).await?;
        Ok((stream, Incoming::default()))
    }
}
