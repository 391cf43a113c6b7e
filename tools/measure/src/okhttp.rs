//! The client on OkHttp, in a JVM of its own that makes one sale for every line it is given.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::{
    child::Talk,
    failure::Failure,
    server::Address,
    sold::{Sold, Way},
};

/// The JVM.
pub(crate) struct OkHttpApp {
    talk: Talk,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Order<'a> {
    access_token: &'a str,
}

/// What `Main.kt` answers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Done {
    invoice_id: String,
    took_micros: u64,
    waits: usize,
    waited_millis: u64,
}

impl OkHttpApp {
    /// Starts it.
    pub(crate) async fn start(class_path: &str, server: &Address) -> Result<Self, Failure> {
        let mut talk = Talk::with("java", &["-cp", class_path, "dev.salekit.measure.MainKt"])?;
        talk.say(server).await?;
        Ok(Self { talk })
    }

    /// Makes one sale, on new connections.
    pub(crate) async fn sell(&mut self, token: &str) -> Result<Sold, Failure> {
        self.talk.say(&Order { access_token: token }).await?;
        let done: Done = self.talk.hear().await?;
        Ok(Sold {
            way: Way::OkHttp,
            took: Duration::from_micros(done.took_micros),
            waited: Duration::from_millis(done.waited_millis),
            waits: done.waits,
            invoice_id: done.invoice_id,
        })
    }
}
