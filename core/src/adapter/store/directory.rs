//! Snapshots as files in a directory of the app, one for each sale.

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
use crate::{
    port::{SnapshotStore, StoreError, StoreLock},
    value::SaleId,
};

/// The file name of a snapshot, after the sale's id.
const SNAPSHOT: &str = ".json";
/// The file name of an incomplete snapshot, after the sale's id and a number for the writer, because two may write at
/// once.
const UNFINISHED: &str = ".new";

/// A directory with one file for each sale, named after the sale's id.
///
/// Saving writes a new file next to the old one, flushes it to the disk, renames it over the old one and flushes the
/// directory. After a crash at any moment, either the old or the new snapshot is there, complete. If a save is killed,
/// its new file is removed when the store is listed, which every sale does, or when its sale is forgotten.
///
/// Several clients and processes may use the directory at once. Each lock is a file `{name}.lock`, which exists while
/// the lock is held; the system releases it when the process dies. Where [`std::fs::File::try_lock`] is not supported,
/// only one process at a time may use the directory: [`SnapshotStore::lock`] says why.
///
/// The directory must not be part of a backup (on Android use the no-backup directory), because snapshots contain
/// session tokens.
#[derive(Debug, Clone)]
pub struct DirectoryStore {
    directory: PathBuf,
    /// The locks that were taken through this store or a clone of it.
    locks: Arc<FileLocks>,
    /// Flushes a file or a directory to the disk. Tests replace it, because nothing else shows whether and when it was
    /// called.
    flush: fn(&File) -> io::Result<()>,
}

impl DirectoryStore {
    /// The store in `directory`, which is created when the first snapshot is saved.
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

    /// A new name for an incomplete snapshot. No other thread or process writes to it.
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
        // A new directory is an entry in its parent, so the parent must be flushed too.
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

    /// Without this, a power failure may undo changes to the entries of `directory`.
    fn flush_directory(&self, directory: &Path) -> io::Result<()> {
        if cfg!(unix) {
            (self.flush)(&File::open(directory)?)
        } else {
            Ok(())
        }
    }

    /// Removes the files that killed saves of these sales left. They contain tokens.
    fn remove_unfinished(&self, unfinished: &[(SaleId, PathBuf)]) {
        for (sale, path) in unfinished {
            let remove = || {
                let saving = saving();
                if !saving.contains(sale) {
                    // A file that cannot be removed now is removed at the next listing.
                    let _ = fs::remove_file(path);
                }
            };
            // Another process holds the lock while it saves. Without locks there is no other process.
            if self.locks.holds(sale.as_str()) {
                remove();
            } else if !matches!(self.lock(sale.as_str()), Ok(StoreLock::Taken)) {
                remove();
                let _ = self.unlock(sale.as_str());
            }
        }
    }

    /// Calls `see` with the name of each file.
    fn look_through(&self, mut see: impl FnMut(&str)) -> io::Result<()> {
        let entries = match fs::read_dir(&self.directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        for entry in entries {
            if let Some(name) = entry?.file_name().to_str() {
                see(name);
            }
        }
        Ok(())
    }

    /// What the directory contains.
    fn contents(&self) -> io::Result<Contents> {
        let mut contents = Contents::default();
        let id = |text: &str| SaleId::parse(text).ok();
        self.look_through(|name| {
            if let Some(sale) = name.strip_suffix(SNAPSHOT) {
                contents.sales.extend(id(sale));
            } else if let Some(name) = name.strip_suffix(FileLocks::ENDING) {
                contents.locks.extend(id(name));
            } else if let Some(sale) = unfinished_sale(name).and_then(id) {
                contents.unfinished.push((sale, self.directory.join(name)));
            }
        })?;
        contents.sales.sort_unstable();
        Ok(contents)
    }
}

/// The sale of an incomplete snapshot with this file name.
fn unfinished_sale(name: &str) -> Option<&str> {
    let rest = name.strip_suffix(UNFINISHED)?;
    Some(rest.split_once('.').map_or(rest, |(sale, _)| sale))
}

#[derive(Default)]
struct Contents {
    sales: Vec<SaleId>,
    unfinished: Vec<(SaleId, PathBuf)>,
    /// The sales whose lock file exists: they are locked, or their process was killed.
    locks: Vec<SaleId>,
}

impl SnapshotStore for DirectoryStore {
    fn save(&self, sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
        self.make_directory()?;
        let unfinished = self.unfinished(sale);
        let _saving = Saving::begin(sale);
        let saved = self
            .write_flushed(&unfinished, snapshot)
            .and_then(|()| fs::rename(&unfinished, self.file(sale, SNAPSHOT)));
        if let Err(error) = saved {
            // An incomplete file is of no use, and on a full disk it takes space.
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
        // Each running sale has a lock file. Skip the search if there are no other lock files, because many sales may
        // run.
        let may_be_left = locks.len() > self.locks.of_sales();
        for lock in locks.into_iter().filter(|_| may_be_left) {
            // If the sale has a snapshot, resuming or removing it also removes its lock file.
            if sales.binary_search(&lock).is_err() && !self.locks.holds(lock.as_str()) {
                self.locks.remove_leftover(&self.directory, lock.as_str());
            }
        }
        Ok(sales)
    }

    fn remove(&self, sale: &SaleId) -> Result<(), StoreError> {
        let mut unfinished = Vec::new();
        self.look_through(|name| {
            if unfinished_sale(name) == Some(sale.as_str()) {
                unfinished.push((sale.clone(), self.directory.join(name)));
            }
        })?;
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
        Ok(self.locks.release(&self.directory, name)?)
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests;
