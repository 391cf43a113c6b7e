//! Snapshots as files of a directory of the app's own, one a sale.

use std::{
    fs::{self, File, OpenOptions},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use crate::{SaleId, SaleStore, StoreError};

/// A directory with one file a sale, named after the sale's own id.
///
/// Saving writes a new file beside the old one, flushes it to the disk, renames it over the old one and flushes the
/// directory: after a crash at any moment either the old or the new snapshot is there, whole. The directory must not be
/// part of a backup (on Android use the no-backup directory): snapshots hold session tokens.
#[derive(Debug, Clone)]
pub struct DirectoryStore {
    directory: PathBuf,
}

impl DirectoryStore {
    /// The store in `directory`, which is made when the first snapshot is saved.
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self {
            directory: directory.into(),
        }
    }

    fn file(&self, sale: &SaleId) -> PathBuf {
        self.directory.join(format!("{sale}.json"))
    }

    fn make_directory(&self) -> std::io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.directory)
    }
}

impl SaleStore for DirectoryStore {
    fn save(&self, sale: &SaleId, snapshot: &[u8]) -> Result<(), StoreError> {
        self.make_directory()?;
        let unfinished = self.directory.join(format!("{sale}.new"));
        let saved = write_flushed(&unfinished, snapshot).and_then(|()| fs::rename(&unfinished, self.file(sale)));
        if let Err(error) = saved {
            // What is left of a torn write is of no use, and on a full disk it is in the way.
            let _ = fs::remove_file(&unfinished);
            return Err(error.into());
        }
        Ok(flush_directory(&self.directory)?)
    }

    fn load(&self, sale: &SaleId) -> Result<Option<Vec<u8>>, StoreError> {
        match fs::read(self.file(sale)) {
            Ok(snapshot) => Ok(Some(snapshot)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn list(&self) -> Result<Vec<SaleId>, StoreError> {
        let entries = match fs::read_dir(&self.directory) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error.into()),
        };
        let mut sales = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            let id = name.to_str().and_then(|name| name.strip_suffix(".json"));
            sales.extend(id.and_then(|id| SaleId::parse(id).ok()));
        }
        sales.sort_unstable();
        Ok(sales)
    }

    fn remove(&self, sale: &SaleId) -> Result<(), StoreError> {
        match fs::remove_file(self.file(sale)) {
            Ok(()) => Ok(flush_directory(&self.directory)?),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn write_flushed(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Without this a rename may be undone by a power cut.
fn flush_directory(directory: &Path) -> std::io::Result<()> {
    if cfg!(unix) {
        File::open(directory)?.sync_all()
    } else {
        Ok(())
    }
}
