//! How many threads a busy SaleKit has. It counts those of the process, so it has one for itself.

use salekit_testkit::{folder::Folder, own_process::in_own_process};
use std::{
    fs,
    sync::{Arc, mpsc},
    time::Instant,
};

use crate::support::{Counterparty, Listener, TIMEOUT, form, options, wait};

fn threads(name: &str) -> usize {
    fs::read_dir("/proc/self/task")
        .unwrap()
        .filter_map(|task| fs::read_to_string(task.unwrap().path().join("comm")).ok())
        .filter(|comm| comm.trim_end() == name)
        .count()
}

#[test]
fn ten_sales_at_once_need_one_worker_and_few_threads_for_what_may_block() {
    in_own_process(|| {
        assert_eq!(
            (threads("salekit"), threads("salekit-calls")),
            (0, 0),
            "nothing before first use"
        );
        let counterparty = Counterparty::start();
        let folder = Folder::new();
        let mut config = counterparty.config();
        config.store_directory = Some(folder.path().to_string_lossy().into_owned());
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
            let begun = Instant::now();
            while threads("salekit") != 1 {
                assert!(begun.elapsed() < TIMEOUT, "one worker: {}", threads("salekit"));
                std::thread::yield_now();
            }
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
    });
}
