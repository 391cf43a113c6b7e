//! Locks as files of a directory, each there for as long as it is held. The system releases them when their process dies.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions},
    io::{self, ErrorKind},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};

use crate::{SaleId, StoreLock};

/// A lock may be taken for a moment by a listing that finds out whether somebody holds it.
const TRIES: u32 = 3;
/// And its file may be another one by the time it is locked, a few times in a row.
const MOST_FILES: u32 = 100;
/// The longest such moment, about.
const MOMENT: Duration = Duration::from_millis(1);

/// The locks that are held, by name. A file that is closed is not locked any more.
#[derive(Debug, Default)]
pub(super) struct FileLocks(Mutex<BTreeMap<String, File>>);

impl FileLocks {
    /// What a lock's file is named, after the lock's name.
    pub(super) const ENDING: &str = ".lock";

    fn held(&self) -> MutexGuard<'_, BTreeMap<String, File>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the lock is held through this.
    pub(super) fn holds(&self, name: &str) -> bool {
        self.held().contains_key(name)
    }

    /// How many of the locks that are held through this are sales'.
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
            return Err(io::Error::other("a lock is named with a-z and 0-9"));
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
                    // Where there are no locks their files mean nothing.
                    let _ = fs::remove_file(&path);
                    return Ok(StoreLock::Unsupported);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(StoreLock::Taken)
    }

    pub(super) fn give_back(&self, directory: &Path, name: &str) -> io::Result<()> {
        let held = self.held().remove(name);
        match held {
            // Removed while it is still locked, so that it is this one.
            Some(_file) if cfg!(unix) => match fs::remove_file(file_of(directory, name)) {
                Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
                _ => Ok(()),
            },
            _ => Ok(()),
        }
    }

    /// Removes the file of a lock whose process was killed. One that is held stays.
    pub(super) fn remove_leftover(&self, directory: &Path, name: &str) {
        let path = file_of(directory, name);
        if let Ok(Some(_file)) = locked(&path, false)
            && cfg!(unix)
        {
            // What cannot be removed now is tried again at the next listing.
            let _ = fs::remove_file(path);
        }
    }
}

fn file_of(directory: &Path, name: &str) -> PathBuf {
    directory.join(format!("{name}{}", FileLocks::ENDING))
}

/// The file at `path`, locked. `None` if somebody else has locked it.
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
        // Whoever had it locked removed it after it was opened here: another one may be there by now.
    }
    Ok(None)
}

/// Locks `file` until it is closed. False if somebody else has locked it.
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

/// Elsewhere a lock's file is not removed.
#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps, reason = "as on other systems")]
const fn is_at(_file: &File, _path: &Path) -> io::Result<bool> {
    Ok(true)
}
