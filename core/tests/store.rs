//! The directory store on a real disk.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

use std::{fs, path::PathBuf};

use salekit_core::{DirectoryStore, SaleId, SaleStore, StoreError};

/// A directory that goes away with the test.
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

#[cfg(unix)]
#[test]
fn nobody_else_may_read_them() {
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
