//! Snapshots as files of a directory of the app's own, one a sale.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use super::{
    file_locks::FileLocks,
    saves::{Saving, saving},
};
use crate::{SaleId, SaleStore, StoreError, StoreLock};

/// What a snapshot is named, after the sale's id.
const SNAPSHOT: &str = ".json";
/// What a snapshot is named that is not complete yet, after the sale's id and, since two may write at once, its writer.
const UNFINISHED: &str = ".new";

/// A directory with one file a sale, named after the sale's own id.
///
/// Saving writes a new file beside the old one, flushes it to the disk, renames it over the old one and flushes the
/// directory: after a crash at any moment either the old or the new snapshot is there, whole. The new file of a save
/// that was killed is removed when the store is listed, which every sale does, and when its sale is forgotten.
///
/// Several clients and processes may use the directory at once. Each lock is a file `{name}.lock` there, for as long as it
/// is held; the system releases it when its process dies. Where [`std::fs::File::try_lock`] is not supported, one process
/// at a time may use the directory: see [`SaleStore::lock`] for what a second one would do.
///
/// The directory must not be part of a backup (on Android use the no-backup directory): snapshots hold session tokens.
#[derive(Debug, Clone)]
pub struct DirectoryStore {
    directory: PathBuf,
    /// Those that were taken through this store or a clone of it.
    locks: Arc<FileLocks>,
    /// Flushes a file, or the names in a directory, to the disk. Tests have one of their own: nothing else shows whether
    /// it was called, and when.
    flush: fn(&File) -> io::Result<()>,
}

impl DirectoryStore {
    /// The store in `directory`, which is made when the first snapshot is saved.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
            locks: Arc::default(),
            flush: File::sync_all,
        }
    }

    fn file(&self, sale: &SaleId, ending: &str) -> PathBuf {
        self.directory.join(format!("{sale}{ending}"))
    }

    /// A new name for an unfinished snapshot. Nobody else writes to it: neither another thread nor another process.
    fn unfinished(&self, sale: &SaleId) -> PathBuf {
        static WRITES: AtomicU64 = AtomicU64::new(0);
        let (process, write) = (std::process::id(), WRITES.fetch_add(1, Ordering::Relaxed));
        self.file(sale, &format!(".{process}-{write}{UNFINISHED}"))
    }

    fn make_directory(&self) -> io::Result<()> {
        let missing = |path: &&Path| !path.as_os_str().is_empty() && !path.exists();
        let made: Vec<&Path> = self.directory.ancestors().take_while(missing).collect();
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.directory)?;
        // A directory is a name in another one.
        made.iter().filter_map(|path| path.parent()).try_for_each(|parent| {
            let is_here = parent.as_os_str().is_empty();
            self.flush_directory(if is_here { Path::new(".") } else { parent })
        })
    }

    fn write_flushed(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.write_all(bytes)?;
        (self.flush)(&file)
    }

    /// Without this a power cut may undo what was done to the names in `directory`.
    fn flush_directory(&self, directory: &Path) -> io::Result<()> {
        if cfg!(unix) {
            (self.flush)(&File::open(directory)?)
        } else {
            Ok(())
        }
    }

    /// Removes what killed saves of these sales left. It holds tokens.
    fn remove_unfinished(&self, unfinished: &[(SaleId, PathBuf)]) {
        for (sale, path) in unfinished {
            let remove = || {
                let saving = saving();
                if !saving.contains(sale) {
                    // What cannot be removed now is tried again at the next listing.
                    let _ = fs::remove_file(path);
                }
            };
            // A save of another process is under its lock. Without locks there is no other process.
            if self.locks.holds(sale.as_str()) {
                remove();
            } else if !matches!(self.lock(sale.as_str()), Ok(StoreLock::Taken)) {
                remove();
                let _ = self.unlock(sale.as_str());
            }
        }
    }

    /// What is in the directory.
    fn contents(&self) -> io::Result<Contents> {
        let entries = match fs::read_dir(&self.directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Contents::default()),
            Err(error) => return Err(error),
        };
        let mut contents = Contents::default();
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            let id = |text: &str| SaleId::parse(text).ok();
            if let Some(sale) = name.strip_suffix(SNAPSHOT) {
                contents.sales.extend(id(sale));
            } else if let Some(rest) = name.strip_suffix(UNFINISHED) {
                let sale = rest.split_once('.').map_or(rest, |(sale, _)| sale);
                contents.unfinished.extend(id(sale).map(|sale| (sale, entry.path())));
            } else if let Some(name) = name.strip_suffix(FileLocks::ENDING) {
                contents.locks.extend(id(name));
            }
        }
        contents.sales.sort_unstable();
        Ok(contents)
    }
}

#[derive(Default)]
struct Contents {
    sales: Vec<SaleId>,
    unfinished: Vec<(SaleId, PathBuf)>,
    /// The sales that are locked, or whose process was killed.
    locks: Vec<SaleId>,
}

impl SaleStore for DirectoryStore {
    fn save(&self, sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
        self.make_directory()?;
        let unfinished = self.unfinished(sale);
        let _saving = Saving::begin(sale);
        let saved = self
            .write_flushed(&unfinished, snapshot)
            .and_then(|()| fs::rename(&unfinished, self.file(sale, SNAPSHOT)));
        if let Err(error) = saved {
            // What is left of a torn write is of no use, and on a full disk it is in the way.
            let _ = fs::remove_file(&unfinished);
            return Err(error.into());
        }
        Ok(self.flush_directory(&self.directory)?)
    }

    fn load(&self, sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        match fs::read(self.file(sale, SNAPSHOT)) {
            Ok(snapshot) => Ok(Some(snapshot)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        let Contents {
            sales,
            unfinished,
            locks,
        } = self.contents()?;
        self.remove_unfinished(&unfinished);
        for lock in locks {
            // One that has a snapshot will be resumed or removed, which takes its lock away.
            if sales.binary_search(&lock).is_err() && !self.locks.holds(lock.as_str()) {
                self.locks.remove_leftover(&self.directory, lock.as_str());
            }
        }
        Ok(sales)
    }

    fn remove(&self, sale: &SaleId) -> Result<(), StoreError> {
        let mut unfinished = self.contents()?.unfinished;
        unfinished.retain(|(other, _)| other == sale);
        self.remove_unfinished(&unfinished);
        match fs::remove_file(self.file(sale, SNAPSHOT)) {
            Ok(()) => Ok(self.flush_directory(&self.directory)?),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    fn lock(&self, name: &str) -> Result<StoreLock, StoreError> {
        self.make_directory()?;
        Ok(self.locks.take(&self.directory, name)?)
    }

    fn unlock(&self, name: &str) -> Result<(), StoreError> {
        Ok(self.locks.give_back(&self.directory, name)?)
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use std::{cell::RefCell, rc::Rc};

    use super::*;

    /// A directory whose flushes a test sees and can let fail. It goes away with the test.
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

        /// Does this at each flush from now on.
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

    /// The endings of the files in there, and what is in them.
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

    /// What was flushed, a folder or a file, and what was on the disk at that moment.
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
    fn a_save_under_way_is_nobodys_leftover() {
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
}
