//! Sales over the delay line, in every way that is compared; runs inside the clients' namespace.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::net::TcpStream;

use crate::{
    child,
    failure::Failure,
    naive,
    naive::NaiveApp,
    okhttp::OkHttpApp,
    sale,
    server::Address,
    sold::{Sold, Way},
};

/// Rounds that are made first and not counted: code is loaded.
const REHEARSALS: usize = 1;
/// Sales that the JVM makes before those: it compiles what it runs often.
const JVM_REHEARSALS: usize = 10;

/// All that was measured.
#[derive(Serialize, Deserialize)]
pub(crate) struct RoundTrips {
    /// Bare TCP connections: one round trip each.
    pub(crate) connects: Vec<Duration>,
    pub(crate) sales: Vec<Sold>,
}

/// The child: reads the server's address, answers with [`RoundTrips`].
pub(crate) async fn measure(rounds: usize, okhttp: Option<&str>) -> Result<(), Failure> {
    let server: Address = child::hear_parent()?;
    let tls = naive::tls(&server)?;
    let tokens = NaiveApp::new(&server, &tls, Way::ReqwestOne)?;
    let mut okhttp = match okhttp {
        Some(class_path) => Some(OkHttpApp::start(class_path, &server).await?),
        None => None,
    };
    if let Some(okhttp) = &mut okhttp {
        for _ in 0..JVM_REHEARSALS {
            okhttp.sell(&tokens.access_token().await?).await?;
        }
    }
    let mut measured = RoundTrips {
        connects: Vec::new(),
        sales: Vec::new(),
    };
    // By turns, so that a busy moment hits all.
    for round in 0..REHEARSALS + rounds {
        let connect = connect(&server.gateway).await?;
        let mut sales = Vec::new();
        for way in [Way::Warmed, Way::Cold] {
            sales.push(sale::sell(&server, way, Some(&tokens.access_token().await?)).await?);
        }
        sales.push(sale::sell(&server, Way::ColdWithoutToken, None).await?);
        for way in [Way::ReqwestEachCall, Way::ReqwestOne] {
            let (app, token) = (NaiveApp::new(&server, &tls, way)?, tokens.access_token().await?);
            sales.push(app.sell(way, &token).await?);
        }
        if let Some(okhttp) = &mut okhttp {
            sales.push(okhttp.sell(&tokens.access_token().await?).await?);
        }
        if round >= REHEARSALS {
            measured.connects.push(connect);
            measured.sales.extend(sales);
        }
    }
    child::answer(&measured)
}

/// How long a TCP connection to the server of `url` takes.
async fn connect(url: &str) -> Result<Duration, Failure> {
    let url = reqwest::Url::parse(url)?;
    let addresses = url.socket_addrs(|| None)?;
    let began = Instant::now();
    let connection = TcpStream::connect(&*addresses).await?;
    let took = began.elapsed();
    drop(connection);
    Ok(took)
}
