//! The directory store on a real disk.

use std::{
    env, fs,
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Command, Stdio},
    thread,
};

use salekit_core::{DirectoryStore, MemoryStore, SaleId, SnapshotStore, StoreError, StoreLock};

/// A directory that is removed after the test.
struct Directory(PathBuf);

impl Directory {
    fn new() -> Self {
        let mut random = [0; 8];
        getrandom::fill(&mut random).unwrap();
        Self(std::env::temp_dir().join(format!("salekit-store-{:016x}", u64::from_ne_bytes(random))))
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn snapshots_come_back_and_go() {
    let directory = Directory::new();
    let store = DirectoryStore::new(directory.0.join("sales"));
    let [one, two] = [SaleId::from_random([1; 16]), SaleId::from_random([2; 16])];
    assert_eq!(
        store.list().unwrap(),
        [],
        "a directory that is not there is an empty store"
    );
    store.save(&two, b"two").unwrap();
    store.save(&one, b"one").unwrap();
    store.save(&one, b"one, changed").unwrap();
    assert_eq!(store.list().unwrap(), [one.clone(), two.clone()]);
    assert_eq!(store.load(&one).unwrap().unwrap(), b"one, changed");
    store.remove(&one).unwrap();
    store.remove(&one).unwrap();
    assert_eq!(store.load(&one).unwrap(), None);
    assert_eq!(store.list().unwrap(), [two]);
}

#[test]
fn a_torn_write_and_foreign_files_are_not_snapshots() {
    let directory = Directory::new();
    let store = DirectoryStore::new(&directory.0);
    let id = SaleId::from_random([3; 16]);
    store.save(&id, b"whole").unwrap();
    fs::write(directory.0.join(format!("{id}.new")), b"who").unwrap();
    fs::write(directory.0.join("notes.json"), b"{}").unwrap();
    assert_eq!(store.list().unwrap(), std::slice::from_ref(&id));
    assert_eq!(store.load(&id).unwrap().unwrap(), b"whole");
}

#[test]
fn what_a_killed_save_left_is_removed_at_the_next_listing() {
    let directory = Directory::new();
    let store = DirectoryStore::new(&directory.0);
    let [stored, killed] = [SaleId::from_random([6; 16]), SaleId::from_random([7; 16])];
    store.save(&stored, b"whole").unwrap();
    for name in [format!("{stored}.new"), format!("{killed}.new"), "notes.new".to_owned()] {
        fs::write(directory.0.join(name), b"tokens").unwrap();
    }
    assert_eq!(store.list().unwrap(), std::slice::from_ref(&stored));
    assert_eq!(names(&directory), [format!("{stored}.json"), "notes.new".to_owned()]);
    assert_eq!(store.load(&stored).unwrap().unwrap(), b"whole");
}

#[test]
fn a_sale_that_is_forgotten_leaves_no_file() {
    let directory = Directory::new();
    let store = DirectoryStore::new(&directory.0);
    let id = SaleId::from_random([8; 16]);
    store.save(&id, b"whole").unwrap();
    fs::write(directory.0.join(format!("{id}.new")), b"tokens").unwrap();
    store.remove(&id).unwrap();
    assert_eq!(names(&directory), Vec::<String>::new());
}

fn names(directory: &Directory) -> Vec<String> {
    let entries = fs::read_dir(&directory.0).unwrap();
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// `/dev/null` accepts every byte but cannot be flushed (`fsync` is invalid there), so only a store that really flushes
/// fails.
#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_flushed_is_not_saved() {
    let directory = Directory::new();
    let store = DirectoryStore::new(&directory.0);
    let id = SaleId::from_random([9; 16]);
    store.save(&id, b"old").unwrap();
    // The save may have any of the next names, because tests of this process save at the same time.
    let next: Vec<_> = (0..10_000)
        .map(|write| directory.0.join(format!("{id}.{}-{write}.new", std::process::id())))
        .collect();
    next.iter()
        .for_each(|path| std::os::unix::fs::symlink("/dev/null", path).unwrap());
    assert!(matches!(store.save(&id, b"new"), Err(StoreError::Failed { .. })));
    assert_eq!(store.load(&id).unwrap().unwrap(), b"old");
    next.iter().for_each(|path| drop(fs::remove_file(path)));
    store.save(&id, b"new").unwrap();
    assert_eq!(store.load(&id).unwrap().unwrap(), b"new");
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_them() {
    use std::os::unix::fs::PermissionsExt;
    let directory = Directory::new();
    let store = DirectoryStore::new(&directory.0);
    let id = SaleId::from_random([4; 16]);
    store.save(&id, b"x").unwrap();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(directory.0.clone()), 0o700);
    assert_eq!(mode(directory.0.join(format!("{id}.json"))), 0o600);
}

#[test]
fn a_place_that_cannot_hold_a_store_is_a_typed_error() {
    let directory = Directory::new();
    fs::create_dir_all(&directory.0).unwrap();
    let file = directory.0.join("file");
    fs::write(&file, b"").unwrap();
    let store = DirectoryStore::new(file.join("sales"));
    assert!(matches!(
        store.save(&SaleId::from_random([5; 16]), b"x"),
        Err(StoreError::Failed { .. })
    ));
}

/// Two stores on one directory, as two clients of a process have them.
#[test]
fn two_writers_of_one_snapshot_never_tear_it_and_never_fail() {
    const SAVES: usize = 1_500;
    let directory = Directory::new();
    let id = SaleId::from_random([10; 16]);
    let snapshot = |writer: u8| vec![b'a' + writer; 2_000 + usize::from(writer)];
    let whole = [snapshot(0), snapshot(1)];
    DirectoryStore::new(&directory.0).save(&id, &whole[0]).unwrap();
    thread::scope(|scope| {
        for one in &whole {
            let (directory, id, whole) = (&directory, &id, &whole);
            scope.spawn(move || {
                let store = DirectoryStore::new(&directory.0);
                for _ in 0..SAVES {
                    store.save(id, one).unwrap();
                    let read = store.load(id).unwrap().unwrap();
                    assert!(whole.contains(&read), "torn: {} bytes", read.len());
                }
            });
        }
    });
    assert_eq!(names(&directory), [format!("{id}.json")]);
}

fn locks_exclude(one: &dyn SnapshotStore, other: &dyn SnapshotStore) {
    let id = SaleId::from_random([11; 16]);
    assert_eq!(one.lock(id.as_str()).unwrap(), StoreLock::Held);
    for store in [one, other] {
        assert_eq!(store.lock(id.as_str()).unwrap(), StoreLock::Taken);
        assert_eq!(store.list().unwrap(), [], "a lock is no snapshot");
    }
    assert_eq!(other.lock("invoices").unwrap(), StoreLock::Held, "another name");
    one.unlock(id.as_str()).unwrap();
    other.unlock("invoices").unwrap();
    assert_eq!(other.lock(id.as_str()).unwrap(), StoreLock::Held);
    other.unlock(id.as_str()).unwrap();
}

#[test]
fn a_lock_excludes_everybody_until_it_is_given_back() {
    let directory = Directory::new();
    locks_exclude(&DirectoryStore::new(&directory.0), &DirectoryStore::new(&directory.0));
    assert_eq!(names(&directory), Vec::<String>::new(), "and leaves no file");
    let store = MemoryStore::new();
    locks_exclude(&store, &store.clone());
}

#[test]
fn a_lock_is_not_a_way_out_of_the_directory() {
    let directory = Directory::new();
    let store = DirectoryStore::new(&directory.0);
    for name in ["", "../x", "a/b", "A.b"] {
        assert!(matches!(store.lock(name), Err(StoreError::Failed { .. })), "{name}");
    }
}

/// Releasing a lock removes its file, which others may have opened by then.
#[test]
fn of_many_that_want_a_lock_one_has_it_at_a_time() {
    const ROUNDS: usize = 500;
    let directory = Directory::new();
    let inside = std::sync::atomic::AtomicUsize::new(0);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let store = DirectoryStore::new(&directory.0);
                for _ in 0..ROUNDS {
                    while store.lock("invoices").unwrap() != StoreLock::Held {
                        thread::yield_now();
                    }
                    let others = inside.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                    assert_eq!(others, 0, "two have it");
                    inside.fetch_sub(1, std::sync::atomic::Ordering::SeqCst);
                    store.unlock("invoices").unwrap();
                }
            });
        }
    });
    assert_eq!(names(&directory), Vec::<String>::new());
}

/// The next test runs it as a separate process.
#[test]
#[ignore = "it holds its locks until it is killed"]
fn a_process_that_holds_locks() {
    let store = DirectoryStore::new(env::var_os("SALEKIT_TEST_DIRECTORY").unwrap());
    for id in [[12; 16], [13; 16]] {
        assert_eq!(store.lock(SaleId::from_random(id).as_str()).unwrap(), StoreLock::Held);
    }
    eprintln!("held");
    loop {
        thread::park();
    }
}

#[test]
fn a_killed_process_gives_its_locks_back_and_leaves_no_file() {
    let directory = Directory::new();
    let [stored, unstored] = [[12; 16], [13; 16]].map(SaleId::from_random);
    let mut child = Command::new(env::current_exe().unwrap())
        .args([
            "store::a_process_that_holds_locks",
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .env("SALEKIT_TEST_DIRECTORY", &directory.0)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    while lines.next().unwrap().unwrap() != "held" {}
    let store = DirectoryStore::new(&directory.0);
    store.save(&stored, b"whole").unwrap();
    fs::write(directory.0.join(format!("{stored}.1-1.new")), b"its save").unwrap();
    assert_eq!(store.lock(stored.as_str()).unwrap(), StoreLock::Taken);
    assert_eq!(store.list().unwrap(), std::slice::from_ref(&stored));
    assert_eq!(names(&directory).len(), 4, "what another process holds is no leftover");
    child.kill().unwrap();
    child.wait().unwrap();
    store.list().unwrap();
    assert_eq!(names(&directory), [format!("{stored}.json")]);
    assert_eq!(store.lock(stored.as_str()).unwrap(), StoreLock::Held);
    assert_eq!(store.lock(unstored.as_str()).unwrap(), StoreLock::Held);
}
