//! Sales on a disk that is full: the outcome stays the truth, and what was stored stays. Stores that fail at any one
//! write are part of the core's simulated worlds.
//!
//! The full disk is a real one, a tiny file system in memory, where this process may mount one in a namespace of its
//! own; elsewhere a limit on the size of files stands in for it. The test prints which.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use salekit_core::{
    Charge, ClientError, DirectoryStore, NotChargedReason, Ports, SaleClient, SaleId, SaleOutcome, SaleState,
    SnapshotStore, StoreError,
};
use salekit_sandbox::{Cardholder, Conduct, Sandbox, SandboxConfig};

use crate::support::{MACHINE, config, request, untruth};

/// Where the program that is started again finds its disk.
const DISK: &str = "SALEKIT_TEST_DISK";

#[test]
fn a_full_disk_never_costs_the_truth() {
    let _machine = MACHINE.blocking_read();
    let disk = std::env::temp_dir().join(format!("salekit-disk-{}", std::process::id()));
    fs::create_dir_all(&disk).unwrap();
    let program = std::env::current_exe().unwrap();
    let again = |shell: &mut Command, part: &str| {
        shell
            .arg(&program)
            .args(["--ignored", "--exact", part, "--nocapture"])
            .env(DISK, &disk)
            .output()
            .unwrap()
    };
    let mount = format!(
        "mount -t tmpfs -o size=64k,mode=700 none '{}' || exit 77; exec \"$@\"",
        disk.display()
    );
    let mut shell = Command::new("unshare");
    shell.args(["--mount", "--propagation", "private", "sh", "-c", &mount, "sh"]);
    let mut ran = again(&mut shell, "disk::part_on_a_tiny_disk");
    let may_not_mount =
        matches!(ran.status.code(), Some(77 | 1)) && !String::from_utf8_lossy(&ran.stdout).contains("test ");
    if may_not_mount {
        println!("no file system could be mounted; files are limited to 512 bytes or 1 KiB instead");
        // A shell's unit is one or the other. The signal that goes with the limit would end the program.
        let limit = "trap '' XFSZ; ulimit -f 1; exec \"$@\"";
        ran = again(
            Command::new("sh").args(["-c", limit, "sh"]),
            "disk::part_under_a_file_limit",
        );
    } else {
        println!("a file system of 64 KiB in memory was mounted");
    }
    fs::remove_dir_all(&disk).unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success() && said.contains("1 passed"), "{ran:?}");
}

/// Something that takes all the space there is.
struct Ballast(PathBuf);

impl Ballast {
    fn fill(disk: &Path) -> Self {
        let path = disk.join("ballast");
        let mut file = fs::File::create(&path).unwrap();
        while file.write_all(&[0; 512]).is_ok() {}
        Self(path)
    }
}

impl Drop for Ballast {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

async fn sandbox() -> Sandbox {
    Sandbox::start(SandboxConfig::default().immediate()).await.unwrap()
}

fn client(sandbox: &Sandbox, store: impl SnapshotStore + 'static) -> SaleClient {
    let config = config(sandbox.gateway_url(), sandbox.merchant_url(), sandbox.ca_pem());
    let ports = Ports {
        store: Arc::new(store),
        ..Ports::of(&config).unwrap()
    };
    SaleClient::with_ports(config, ports).unwrap()
}

fn performs(sandbox: &Sandbox, serial: &str) -> usize {
    let entries = sandbox.ledger().entries();
    entries
        .iter()
        .filter(|entry| entry.device_serial_number == serial)
        .count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a part of the test of the full disk"]
async fn part_on_a_tiny_disk() {
    let disk = PathBuf::from(std::env::var(DISK).unwrap());
    let directory = disk.join("sales");
    let sandbox = sandbox().await;
    let here = client(&sandbox, DirectoryStore::new(&directory));

    let before = here.start(request("before", "123")).unwrap();
    assert_eq!(before.outcome().await.charge(), Charge::Charged);

    // Nothing can be stored: nothing is performed, and what was stored is whole.
    let full = Ballast::fill(&disk);
    let refused = DirectoryStore::new(&directory).save(&SaleId::from_random([9; 16]), &[b'x'; 600]);
    assert!(matches!(refused, Err(StoreError::Full { .. })), "{refused:?}");
    let during = here.start(request("during", "123")).unwrap();
    let SaleOutcome::NotCharged(end) = during.outcome().await else {
        panic!("a sale went on without a snapshot")
    };
    assert_eq!(end.reason, NotChargedReason::StorageFailed);
    assert_eq!(performs(&sandbox, "during"), 0);
    let pending = here.pending().await.unwrap();
    assert_eq!((pending.sales.len(), pending.damaged.len()), (1, 0));
    assert_eq!(&pending.sales[0].id, before.id());
    drop(full);

    // The disk fills in the middle of a sale: it goes on, and the snapshot of before leads to the same end.
    let middle = here.start(request("middle", "321")).unwrap();
    let mut states = middle.states();
    let page = loop {
        if let SaleState::Challenge { .. } = states.next().await.unwrap() {
            break middle.challenge().unwrap();
        }
    };
    let full = Ballast::fill(&disk);
    let cardholder = Cardholder::trusting(sandbox.ca_pem()).unwrap();
    cardholder.visit(page.url(), Conduct::Authenticates).await.unwrap();
    page.returned();
    assert_eq!(middle.outcome().await.charge(), Charge::Charged);
    let elsewhere = client(&sandbox, DirectoryStore::new(&directory));
    let again = elsewhere.resume(middle.id()).await.unwrap();
    assert_eq!(again.outcome().await.charge(), Charge::Charged);
    // An acknowledged sale's invoice is kept, which needs space. What the saves since then have left free is taken first.
    drop(full);
    let full = Ballast::fill(&disk);
    let refused = elsewhere.acknowledge(before.id()).await.unwrap_err();
    assert!(
        matches!(refused, ClientError::Store(StoreError::Full { .. })),
        "{refused:?}"
    );
    assert_eq!(elsewhere.pending().await.unwrap().sales.len(), 2, "nothing is lost");
    drop(full);
    for sale in [&before, &middle] {
        elsewhere.acknowledge(sale.id()).await.unwrap();
    }
    assert_eq!(elsewhere.pending().await.unwrap().sales, []);
    assert_eq!(sandbox.ledger().total_charges(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a part of the test of the full disk"]
async fn part_under_a_file_limit() {
    let directory = PathBuf::from(std::env::var(DISK).unwrap()).join("sales");
    let store = DirectoryStore::new(&directory);
    let id = SaleId::from_random([9; 16]);
    store.save(&id, b"small").unwrap();
    assert!(matches!(store.save(&id, &[b'x'; 4096]), Err(StoreError::Full { .. })));
    assert_eq!(store.load(&id).unwrap().unwrap(), b"small", "the earlier one stays");
    store.remove(&id).unwrap();
    let sandbox = sandbox().await;
    let sale = client(&sandbox, store).start(request("limited", "123")).unwrap();
    // With a unit of 1 KiB the first snapshot fits, and a later one does not.
    let outcome = sale.outcome().await;
    let entry = sale.invoice_id().and_then(|id| sandbox.ledger().entry(&id));
    assert_eq!(untruth(&outcome, entry.as_ref()), None);
}
