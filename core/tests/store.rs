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

/// `/dev/null` takes every byte and cannot be flushed (`fsync` is invalid there), so only a store that really asks the
/// system to flush notices.
#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_flushed_is_not_saved() {
    let directory = Directory::new();
    let store = DirectoryStore::new(&directory.0);
    let id = SaleId::from_random([9; 16]);
    store.save(&id, b"old").unwrap();
    std::os::unix::fs::symlink("/dev/null", directory.0.join(format!("{id}.new"))).unwrap();
    assert!(matches!(store.save(&id, b"new"), Err(StoreError::Failed { .. })));
    assert_eq!(store.load(&id).unwrap().unwrap(), b"old");
    store.save(&id, b"new").unwrap();
    assert_eq!(store.load(&id).unwrap().unwrap(), b"new");
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
