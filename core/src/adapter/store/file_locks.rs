//! Locks as files in a directory. A lock's file exists while the lock is held, and the system releases the lock when
//! the process dies.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use crate::{port::StoreLock, value::SaleId};

/// A listing takes a lock for a moment to find out whether it is held, so try again.
const TRIES: u32 = 3;
/// The file may be replaced between opening and locking it, several times in a row.
const MOST_FILES: u32 = 100;
/// About the longest time that a listing holds a lock.
const MOMENT: Duration = Duration::from_millis(1);

/// The held locks by name. Closing a file releases its lock.
#[derive(Debug, Default)]
pub(super) struct FileLocks(Mutex<BTreeMap<String, File>>);

impl FileLocks {
    /// The ending of a lock's file name.
    pub(super) const ENDING: &str = ".lock";

    fn held(&self) -> MutexGuard<'_, BTreeMap<String, File>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether this object holds the lock.
    pub(super) fn holds(&self, name: &str) -> bool {
        self.held().contains_key(name)
    }

    /// How many of the locks that this object holds belong to sales.
    pub(super) fn of_sales(&self) -> usize {
        let held = self.held();
        held.keys().filter(|name| SaleId::parse(name).is_ok()).count()
    }

    pub(super) fn take(&self, directory: &Path, name: &str) -> io::Result<StoreLock> {
        if name.is_empty()
            || !name
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
        {
            return Err(io::Error::other("the name of a lock may contain only a-z and 0-9"));
        }
        if self.holds(name) {
            return Ok(StoreLock::Taken);
        }
        let path = file_of(directory, name);
        for pause in 0..TRIES {
            if pause > 0 {
                thread::sleep(MOMENT);
            }
            match locked(&path, true) {
                Ok(Some(file)) => {
                    self.held().insert(name.to_owned(), file);
                    return Ok(StoreLock::Held);
                }
                Ok(None) => {}
                Err(error) if error.kind() == ErrorKind::Unsupported => {
                    // Without file locks, the file has no meaning.
                    let _ = fs::remove_file(&path);
                    return Ok(StoreLock::Unsupported);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(StoreLock::Taken)
    }

    pub(super) fn release(&self, directory: &Path, name: &str) -> io::Result<()> {
        let held = self.held().remove(name);
        match held {
            // Remove the file before releasing the lock, so that it is certainly this lock's file.
            Some(_file) if cfg!(unix) => match fs::remove_file(file_of(directory, name)) {
                Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// Removes the lock file of a process that was killed. A file whose lock is held stays.
    pub(super) fn remove_leftover(&self, directory: &Path, name: &str) {
        let path = file_of(directory, name);
        if let Ok(Some(_file)) = locked(&path, false)
            && cfg!(unix)
        {
            // A file that cannot be removed now is removed at the next listing.
            let _ = fs::remove_file(path);
        }
    }
}

fn file_of(directory: &Path, name: &str) -> PathBuf {
    directory.join(format!("{name}{}", FileLocks::ENDING))
}

/// Opens and locks the file at `path`. `None` if it is locked elsewhere.
fn locked(path: &Path, is_made: bool) -> io::Result<Option<File>> {
    let mut options = OpenOptions::new();
    options.write(true).create(is_made);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    for _ in 0..MOST_FILES {
        let file = options.open(path)?;
        if !lock(&file)? {
            return Ok(None);
        }
        if is_at(&file, path)? {
            return Ok(Some(file));
        }
        // The previous holder removed this file after we opened it, so `path` may lead to another file by now.
    }
    Ok(None)
}

/// Locks `file` until it is closed. False if it is locked elsewhere.
#[cfg(not(target_os = "android"))]
fn lock(file: &File) -> io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(fs::TryLockError::WouldBlock) => Ok(false),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(target_os = "android")]
fn lock(file: &File) -> io::Result<bool> {
    use rustix::{
        fs::{FlockOperation, flock},
        io::Errno,
    };
    match flock(file, FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(true),
        Err(Errno::WOULDBLOCK) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Whether `path` still leads to `file`.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::MetadataExt;
    let there = match fs::metadata(path) {
        Ok(there) => there,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) => return Err(error),
    };
    let here = file.metadata()?;
    Ok((here.dev(), here.ino()) == (there.dev(), there.ino()))
}

/// On other systems a lock's file is not removed.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "as on other systems")]
const fn is_at(_file: &File, _path: &Path) -> io::Result<bool> {
    Ok(true)
}
