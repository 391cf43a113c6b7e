//! When and in which order the directory store flushes, and what a failed step leaves. `core/tests/store.rs` tests what
//! a store guarantees to its callers.

use std::{cell::RefCell, rc::Rc};

use super::*;

/// A directory whose flushes a test observes and can make fail. It is removed after the test.
struct Disk {
    store: DirectoryStore,
    sale: SaleId,
}

type Flush = Box<dyn FnMut(&Path, &File) -> io::Result<()>>;

thread_local! {
    /// The test's directory, and what it does at each flush.
    static ON_FLUSH: RefCell<Option<(PathBuf, Flush)>> = const { RefCell::new(None) };
}

impl Disk {
    fn new() -> Self {
        let mut random = [0; 16];
        getrandom::fill(&mut random).unwrap();
        let sale = SaleId::from_random(random);
        let directory = std::env::temp_dir().join(format!("salekit-disk-{sale}"));
        fs::create_dir(&directory).unwrap();
        let flush = |file: &File| {
            ON_FLUSH.with_borrow_mut(|hook| match hook {
                Some((directory, hook)) => hook(directory, file),
                None => Ok(()),
            })
        };
        Self {
            store: DirectoryStore {
                directory,
                locks: Arc::default(),
                flush,
            },
            sale,
        }
    }

    /// Calls `hook` at each flush from now on.
    fn at_flush(&self, hook: impl FnMut(&Path, &File) -> io::Result<()> + 'static) {
        ON_FLUSH.set(Some((self.store.directory.clone(), Box::new(hook))));
    }

    fn save(&self, snapshot: &str) -> Result<(), StoreError> {
        self.store.save(&self.sale, snapshot.as_bytes())
    }

    fn stored(&self) -> Option<String> {
        let snapshot = self.store.load(&self.sale).unwrap();
        snapshot.map(|bytes| String::from_utf8(bytes).unwrap())
    }

    fn names(&self) -> Vec<String> {
        names(&self.store.directory)
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        ON_FLUSH.set(None);
        let _ = fs::remove_dir_all(&self.store.directory);
    }
}

/// The endings of the files in the directory, and their contents.
fn names(directory: &Path) -> Vec<String> {
    let entry = |entry: io::Result<fs::DirEntry>| {
        let path = entry.unwrap().path();
        let ending = path.extension().unwrap().to_str().unwrap();
        format!("{ending}={}", fs::read_to_string(&path).unwrap())
    };
    let mut names: Vec<_> = fs::read_dir(directory).unwrap().map(entry).collect();
    names.sort();
    names
}

fn is_folder(file: &File) -> bool {
    file.metadata().unwrap().is_dir()
}

fn failure() -> io::Result<()> {
    Err(io::Error::other("as the test asks"))
}

/// Whether a folder was flushed, and the files on the disk at that moment.
type Seen = Rc<RefCell<Vec<(bool, Vec<String>)>>>;

fn seen(is_folder: bool, names: &[&str]) -> (bool, Vec<String>) {
    (is_folder, names.iter().map(|name| (*name).to_owned()).collect())
}

impl Disk {
    fn watch(&self) -> Seen {
        let seen = Seen::default();
        let noted = Rc::clone(&seen);
        self.at_flush(move |directory, file| {
            noted.borrow_mut().push((is_folder(file), names(directory)));
            Ok(())
        });
        seen
    }
}

#[test]
fn a_snapshot_is_flushed_before_it_takes_the_old_ones_place_and_its_name_after() {
    let disk = Disk::new();
    disk.save("old").unwrap();
    let flushed = disk.watch();
    disk.save("new").unwrap();
    let expected = [seen(false, &["json=old", "new=new"]), seen(true, &["json=new"])];
    assert_eq!(flushed.take(), expected);
}

#[test]
fn a_removal_is_flushed_after_it_was_made() {
    let disk = Disk::new();
    disk.save("old").unwrap();
    let flushed = disk.watch();
    disk.store.remove(&disk.sale).unwrap();
    assert_eq!(flushed.take(), [seen(true, &[])]);
}

#[test]
fn the_names_of_new_directories_are_flushed() {
    let mut disk = Disk::new();
    let top = disk.store.directory.clone();
    disk.store.directory = top.join("app/sales");
    let flushed = disk.watch();
    disk.save("old").unwrap();
    let folders: Vec<_> = flushed.take().iter().map(|(is_folder, _)| *is_folder).collect();
    assert_eq!(folders, [true, true, false, true]);
    disk.save("new").unwrap();
    assert_eq!(flushed.take().len(), 2, "they are new once");
    disk.store.directory = top;
}

#[test]
fn a_flush_that_fails_fails_the_save_and_the_old_snapshot_stays() {
    let disk = Disk::new();
    disk.save("old").unwrap();
    disk.at_flush(|_, file| if is_folder(file) { Ok(()) } else { failure() });
    assert!(matches!(disk.save("new"), Err(StoreError::Failed { .. })));
    assert_eq!(disk.names(), ["json=old"], "and nothing of the new one");
}

#[test]
fn a_rename_that_fails_fails_the_save_and_the_old_snapshot_stays() {
    let disk = Disk::new();
    disk.save("old").unwrap();
    disk.at_flush(|directory, file| {
        if is_folder(file) {
            return Ok(());
        }
        let files = fs::read_dir(directory)?.map(|entry| entry.unwrap().path());
        let mut unfinished = files.filter(|path| path.extension().is_some_and(|ending| ending == "new"));
        fs::remove_file(unfinished.next().unwrap())
    });
    assert!(matches!(disk.save("new"), Err(StoreError::Failed { .. })));
    assert_eq!(disk.names(), ["json=old"]);
}

#[test]
fn a_flush_of_the_directory_that_fails_fails_the_save_and_the_removal() {
    let disk = Disk::new();
    disk.save("old").unwrap();
    disk.at_flush(|_, file| if is_folder(file) { failure() } else { Ok(()) });
    assert!(matches!(disk.save("new"), Err(StoreError::Failed { .. })));
    assert_eq!(
        disk.stored().as_deref(),
        Some("new"),
        "whole, but a power cut may bring the old one back"
    );
    assert!(matches!(disk.store.remove(&disk.sale), Err(StoreError::Failed { .. })));
    assert_eq!(disk.stored(), None);
}

#[test]
fn a_running_save_is_not_a_leftover() {
    let disk = Disk::new();
    let (other, sale) = (DirectoryStore::new(&disk.store.directory), disk.sale.clone());
    disk.at_flush(move |_, file| {
        if !is_folder(file) {
            other.list().unwrap();
            other.remove(&sale).unwrap();
        }
        Ok(())
    });
    disk.save("new").unwrap();
    assert_eq!(disk.stored().as_deref(), Some("new"));
}
