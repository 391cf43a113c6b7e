//! How many threads a busy SaleKit has. One test: it counts those of the process.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test says what it expects by unwrapping it"
)]
#![cfg(target_os = "linux")]

mod support;

use std::{
    fs,
    sync::{Arc, mpsc},
};

use support::{Counterparty, Listener, form, options, wait};

fn threads(name: &str) -> usize {
    fs::read_dir("/proc/self/task")
        .unwrap()
        .filter_map(|task| fs::read_to_string(task.unwrap().path().join("comm")).ok())
        .filter(|comm| comm.trim_end() == name)
        .count()
}

#[test]
fn ten_sales_at_once_need_one_worker_and_few_threads_for_what_may_block() {
    assert_eq!(
        (threads("salekit"), threads("salekit-calls")),
        (0, 0),
        "nothing before first use"
    );
    let counterparty = Counterparty::start();
    let directory = std::env::temp_dir().join(format!("salekit-threads-{}", std::process::id()));
    let mut config = counterparty.config();
    config.store_directory = Some(directory.to_string_lossy().into_owned());
    let client = salekit::SaleClient::new(config, None, None, None, None).unwrap();
    assert!(threads("salekit") <= 1, "one worker: {}", threads("salekit"));

    let (sender, states) = mpsc::channel();
    let sales: Vec<_> = (0..10)
        .map(|number| {
            let sale = client.start(options(&format!("device-{number}")), form("123")).unwrap();
            sale.observe(Arc::new(Listener(sender.clone()))).unwrap();
            sale
        })
        .collect();
    drop(sender);
    let mut most = 0;
    for _ in states {
        // A new thread has its maker's name until it gives itself its own.
        let is_one = (0..1_000).any(|_| {
            std::thread::yield_now();
            threads("salekit") == 1
        });
        assert!(is_one, "one worker: {}", threads("salekit"));
        most = most.max(threads("salekit-calls"));
    }
    for sale in sales {
        wait(sale.outcome()).unwrap();
    }
    assert_eq!(counterparty.sandbox.ledger().total_charges(), 10);
    assert!(
        (1..=9).contains(&most),
        "names, snapshots, listeners and results: {most}"
    );
    fs::remove_dir_all(directory).unwrap();
}
