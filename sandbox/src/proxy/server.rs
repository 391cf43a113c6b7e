//! The proxy's port: what a program asks of it, and the connections that it accepts.

use std::{fmt, net::SocketAddr, sync::Arc, time::Duration};

use tokio::{net::TcpListener, sync::watch};
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{
    connection,
    fault::{ConnectionFault, ExchangeFault},
    forwarding::Proxy,
    plan::{FaultPlan, Planner},
    record::{Passage, Passing, Record, Totals},
    upstream::Upstream,
};
use crate::{
    error::SandboxError,
    net::server::Port,
    parties::Sandbox,
    record::{FailedConnections, Role},
    stage::Stage,
};

/// A proxy that listens. It ends with its sandbox.
pub struct FaultProxy {
    proxy: Arc<Proxy>,
    url: Url,
    up: watch::Sender<bool>,
}

impl fmt::Debug for FaultProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FaultProxy")
            .field("url", &self.url.as_str())
            .finish_non_exhaustive()
    }
}

impl FaultProxy {
    /// A proxy in front of the gateway, on a free port.
    ///
    /// # Errors
    /// [`SandboxError`] if no port can be taken or TLS fails.
    pub async fn of_gateway(sandbox: &Sandbox, plan: FaultPlan) -> Result<Self, SandboxError> {
        Self::start((sandbox.stage(), Role::Gateway), sandbox.gateway_url(), plan, 0).await
    }

    /// A proxy in front of the merchant's server, on a free port.
    ///
    /// # Errors
    /// [`SandboxError`] if no port can be taken or TLS fails.
    pub async fn of_merchant(sandbox: &Sandbox, plan: FaultPlan) -> Result<Self, SandboxError> {
        Self::start((sandbox.stage(), Role::Merchant), sandbox.merchant_url(), plan, 0).await
    }

    /// Both, on these ports; 0 takes a free one.
    ///
    /// # Errors
    /// [`SandboxError`] if a port is taken or TLS fails.
    pub async fn pair(sandbox: &Sandbox, plan: FaultPlan, ports: (u16, u16)) -> Result<(Self, Self), SandboxError> {
        let stage = sandbox.stage();
        Ok((
            Self::start((stage, Role::Gateway), sandbox.gateway_url(), plan.clone(), ports.0).await?,
            Self::start((stage, Role::Merchant), sandbox.merchant_url(), plan, ports.1).await?,
        ))
    }

    async fn start(
        (stage, role): (&Stage, Role),
        upstream: &Url,
        plan: FaultPlan,
        port: u16,
    ) -> Result<Self, SandboxError> {
        let port = Port::take(&stage.config, port).await?;
        let url = port.url(upstream.path())?;
        let (listener, address) = port.into_listener();
        let proxy = Arc::new(Proxy {
            planner: Planner::new(plan),
            record: Record::default(),
            upstream: Upstream::new(upstream, stage.authority.ca_pem())?,
            tls: stage.authority.server(),
            stage: stage.clone(),
            failures: FailedConnections::new(&stage.recorder, role),
            late: watch::Sender::new(0),
        });
        let (up, is_up) = watch::channel(true);
        let accepting = accept(Arc::clone(&proxy), stage.clone(), listener, address, is_up);
        stage.tasks.spawn(accepting);
        Ok(Self { proxy, url, up })
    }

    /// Its address, with the path of the server behind it.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// From now on nothing goes wrong any more, and what is down comes up again.
    pub fn heal(&self) {
        self.proxy.planner.heal();
        self.set_up(true);
    }

    /// Goes down, so that connections are refused and open ones are cut, or comes up again on the same port.
    pub fn set_up(&self, up: bool) {
        self.up.send_replace(up);
    }

    /// Returns once no request is held back any more that is to be passed on late.
    pub async fn settled(&self) {
        let mut late = self.proxy.late.subscribe();
        let _never_closed = late.wait_for(|late| *late == 0).await;
    }

    /// Does `fault` to the next connection.
    pub fn next_connection(&self, fault: ConnectionFault) {
        self.proxy.planner.ask_connection(fault);
    }

    /// Does `fault` to the next exchange of this kind.
    pub fn next_exchange(&self, of: Passing, fault: ExchangeFault) {
        self.proxy.planner.ask_exchange(of, fault);
    }

    /// What passed about an invoice, in order.
    #[must_use]
    pub fn passages(&self, invoice_id: &str) -> Vec<Passage> {
        self.proxy.record.passages(invoice_id)
    }

    /// What the proxy has done so far.
    #[must_use]
    pub fn totals(&self) -> Totals {
        self.proxy.record.totals()
    }
}

/// Accepts while the proxy is up. While it is down nobody listens, so that the system refuses connections.
async fn accept(
    proxy: Arc<Proxy>,
    stage: Stage,
    listener: TcpListener,
    address: SocketAddr,
    mut is_up: watch::Receiver<bool>,
) {
    let mut listener = Some(listener);
    let mut cut = CancellationToken::new();
    loop {
        let up = *is_up.borrow_and_update();
        match (&listener, up) {
            (Some(_), false) => {
                listener = None;
                cut.cancel();
                cut = CancellationToken::new();
            }
            (None, true) => match TcpListener::bind(address).await {
                Ok(bound) => listener = Some(bound),
                // Some connection may have the port as its own end; it will go.
                Err(_) => tokio::time::sleep(Duration::from_millis(5)).await,
            },
            (None, false) => tokio::select! {
                () = stage.shutdown.cancelled() => return,
                changed = is_up.changed() => if changed.is_err() { return },
            },
            (Some(open), true) => tokio::select! {
                () = stage.shutdown.cancelled() => return,
                Ok(()) = is_up.changed() => {}
                accepted = open.accept() => {
                    let Ok((stream, _)) = accepted else { continue };
                    let serving = connection::serve(Arc::clone(&proxy), stream);
                    let (cut, shutdown) = (cut.clone(), stage.shutdown.clone());
                    stage.tasks.spawn(async move {
                        tokio::select! {
                            () = cut.cancelled() => {}
                            () = shutdown.cancelled() => {}
                            () = serving => {}
                        }
                    });
                }
            },
        }
    }
}
