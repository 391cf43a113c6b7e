//! Measures the cost of an app's first client, and of a second one, in a fresh process. Prints one line of numbers: the
//! microseconds of the first and of the second client, the KiB of memory for both, and the number of threads
//! afterwards.
//!
//! Each process makes one measurement; `tools/shell/measure-start` runs it often and takes the medians.
#![allow(clippy::print_stdout, reason = "that is its purpose")]

use std::{fs, io, time::Instant};

use salekit::{PacingProfile, SaleClient, SaleClientConfig};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let before = memory_kib()?;
    let (first, first_took) = client()?;
    let (second, second_took) = client()?;
    let after = memory_kib()?;
    let threads = fs::read_dir("/proc/self/task")?.count();
    println!("{first_took} {second_took} {} {threads}", after.saturating_sub(before));
    drop((first, second));
    Ok(())
}

/// Creates a client as an app does, and returns it with the microseconds it took. Nothing is sent.
fn client() -> Result<(SaleClient, u128), salekit::SaleKitError> {
    let config = SaleClientConfig {
        gateway_url: "https://gateway.example/payment".to_owned(),
        merchant_url: "https://shop.example".to_owned(),
        store_directory: None,
        merchant_paths: None,
        pacing: PacingProfile::Strict,
        timeouts: None,
        tls: None,
        allows_loopback_http: false,
    };
    let started = Instant::now();
    let client = SaleClient::new(config, None, None, None, None)?;
    Ok((client, started.elapsed().as_micros()))
}

/// Resident memory of this process, in KiB (`VmRSS` of Linux's `/proc/self/status`).
fn memory_kib() -> io::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    number
        .and_then(|number| number.parse().ok())
        .ok_or_else(|| io::Error::other("no VmRSS in /proc/self/status"))
}
