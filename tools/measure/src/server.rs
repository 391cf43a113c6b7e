//! Gateway and merchant in a process of their own, and their account of every sale.

use std::{collections::HashMap, net::IpAddr};

use salekit_sandbox::{Sandbox, SandboxConfig};
use serde::{Deserialize, Serialize};
use tokio::io::{AsyncBufReadExt as _, BufReader};

use crate::{
    child::{self, Talk},
    failure::Failure,
};

/// What a client must know.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Address {
    /// Base URL, without a slash at the end.
    pub(crate) gateway: String,
    /// Base URL, without a slash at the end.
    pub(crate) merchant: String,
    /// The authority that both certificates are under.
    pub(crate) ca_pem: String,
}

/// The gateway's account of one sale.
#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) performs: u32,
    pub(crate) status_requests: u32,
    pub(crate) charges: u32,
}

/// Accounts by invoice.
pub(crate) type Accounts = HashMap<String, Account>;

/// A server that runs in a child process.
pub(crate) struct Server {
    talk: Talk,
    pub(crate) address: Address,
}

impl Server {
    /// Starts one, in `namespace` if there is one.
    pub(crate) async fn start(namespace: Option<&str>, listen: IpAddr) -> Result<Self, Failure> {
        let mut talk = Talk::with_self(namespace, &["serve", "--listen", &listen.to_string()])?;
        let address = talk.hear().await?;
        Ok(Self { talk, address })
    }

    /// The accounts of all sales so far.
    pub(crate) async fn accounts(&mut self) -> Result<Accounts, Failure> {
        self.talk.say(&"accounts").await?;
        self.talk.hear().await
    }
}

/// The child: serves until standard input ends, and gives its accounts for every line.
pub(crate) async fn serve(listen: IpAddr) -> Result<(), Failure> {
    let config = SandboxConfig::default()
        .immediate()
        .listen(listen)
        .host_names(vec![listen.to_string()]);
    let sandbox = Sandbox::start(config).await?;
    let bare = |url: &str| url.trim_end_matches('/').to_owned();
    child::answer(&Address {
        gateway: bare(sandbox.gateway_url().as_str()),
        merchant: bare(sandbox.merchant_url().as_str()),
        ca_pem: sandbox.ca_pem().to_owned(),
    })?;
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    while lines.next_line().await?.is_some() {
        let accounts = sandbox.ledger().entries().into_iter().map(|entry| {
            let account = Account {
                performs: entry.performs_received,
                status_requests: entry.status_requests,
                charges: entry.charges,
            };
            (entry.invoice_id, account)
        });
        child::answer(&accounts.collect::<Accounts>())?;
    }
    Ok(())
}
