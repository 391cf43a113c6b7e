//! The command line. `scripts/bench` writes it; nobody else has to.

use std::{net::IpAddr, path::PathBuf, str::FromStr};

use clap::{Args, Parser, Subcommand};

/// Measures SaleKit against its goals.
#[derive(Parser)]
#[command(name = "salekit-measure")]
pub(crate) struct Line {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Measure everything and print the table
    Run(RunOptions),
    /// Serve gateway and merchant until standard input ends
    Serve {
        /// Address to listen on
        #[arg(long)]
        listen: IpAddr,
    },
    /// Make sales over the delay line; runs in the clients' namespace
    RoundTrips {
        /// How often each way of selling is measured
        #[arg(long)]
        rounds: usize,
        /// Class path of the client on OkHttp
        #[arg(long)]
        okhttp: Option<String>,
    },
    /// Make sales at once in this process
    Load {
        /// How many
        #[arg(long)]
        at_once: usize,
    },
    /// Make one sale in this process, then wait
    Alone,
}

#[derive(Args)]
pub(crate) struct RunOptions {
    /// How often each way of selling is measured
    #[arg(long, default_value_t = 15)]
    pub(crate) rounds: usize,
    /// Class path of the client on OkHttp
    #[arg(long)]
    pub(crate) okhttp: Option<String>,
    /// Why there is none
    #[arg(long, conflicts_with = "okhttp", default_value = "it was not built")]
    pub(crate) without_okhttp: String,
    /// A library: TARGET=BYTES:GZIP:BUDGET:GZIP_BUDGET; a budget may be empty
    #[arg(long, value_name = "SIZE")]
    pub(crate) library: Vec<Library>,
    /// A library that is not there: TARGET=REASON
    #[arg(long, value_name = "REASON")]
    pub(crate) without_library: Vec<String>,
    /// Also put the table into this page, between its marks
    #[arg(long, value_name = "FILE")]
    pub(crate) write: Option<PathBuf>,
}

/// A library's size and its budget, in bytes.
#[derive(Clone)]
pub(crate) struct Library {
    pub(crate) target: String,
    pub(crate) bytes: u64,
    pub(crate) gzip: u64,
    pub(crate) budget: Option<u64>,
    pub(crate) gzip_budget: Option<u64>,
}

impl FromStr for Library {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("not TARGET=BYTES:GZIP:BUDGET:GZIP_BUDGET: {text}");
        let (target, numbers) = text.split_once('=').ok_or_else(wrong)?;
        let numbers: Vec<Option<u64>> = numbers.split(':').map(|number| number.parse().ok()).collect();
        let [Some(bytes), Some(gzip), budget, gzip_budget] = numbers[..] else {
            return Err(wrong());
        };
        Ok(Self {
            target: target.to_owned(),
            bytes,
            gzip,
            budget,
            gzip_budget,
        })
    }
}
