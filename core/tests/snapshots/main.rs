#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stdout)]
mod phases;
#[path = "../support/mod.rs"]
mod support;
use salekit_core::flow::Snapshot;
#[test]
fn write() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/snapshots/v1");
    std::fs::create_dir_all(&dir).unwrap();
    for (name, sale) in phases::all() {
        std::fs::write(dir.join(format!("{name}.json")), Snapshot(sale.state).encode()).unwrap();
    }
    let mut s = phases::all().into_iter().find(|(n, _)| *n == "approved").unwrap().1;
    std::fs::write(dir.join("asking_stored_card.json"), Snapshot(s.state.clone()).encode()).unwrap();
    s.timer();
    std::fs::write(dir.join("approved.json"), Snapshot(s.state.clone()).encode()).unwrap();
}
