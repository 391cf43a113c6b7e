//! The files in a zip: an AAR, a jar, an XCFramework's archive. They are unpacked by a program that the machine has.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use crate::{failure::Failure, process::Run};

/// Every file by its path in the archive, with `/` between folders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Files(BTreeMap<String, Vec<u8>>);

impl Files {
    pub(crate) fn of_zip(archive: &Path) -> Result<Self, Failure> {
        let archive = archive.canonicalize().map_err(Failure::file(archive))?;
        let folder = Folder::new("unpacked")?;
        // Apple's systems have unzip; a machine with Java may have only jar.
        let unzip = Run::line("unzip -q -o").arg(&archive).arg("-d").arg(folder.path());
        match unzip.read() {
            Err(Failure::Start { .. }) => {
                Run::line("jar --extract --file")
                    .arg(&archive)
                    .within(folder.path())
                    .read()?;
            }
            result => drop(result?),
        }
        Self::of_folder(folder.path())
    }

    /// The files below a folder.
    pub(crate) fn of_folder(folder: &Path) -> Result<Self, Failure> {
        let mut files = Self::default();
        files.collect(folder, "")?;
        Ok(files)
    }

    /// Puts all of them below a folder.
    pub(crate) fn write_to(&self, folder: &Path) -> Result<(), Failure> {
        for (name, bytes) in self.iter() {
            let file = folder.join(name);
            let parent = file.parent().unwrap_or(folder);
            fs::create_dir_all(parent).map_err(Failure::file(parent))?;
            fs::write(&file, bytes).map_err(Failure::file(&file))?;
        }
        Ok(())
    }

    /// An archive inside this one.
    pub(crate) fn inner(&self, name: &str) -> Result<Self, Failure> {
        let Some(bytes) = self.bytes(name) else {
            return Ok(Self::default());
        };
        let folder = Folder::new("inner")?;
        let file = folder.path().join("inner.zip");
        fs::write(&file, bytes).map_err(Failure::file(&file))?;
        Self::of_zip(&file)
    }

    fn collect(&mut self, folder: &Path, prefix: &str) -> Result<(), Failure> {
        for entry in fs::read_dir(folder).map_err(Failure::file(folder))? {
            let path = entry.map_err(Failure::file(folder))?.path();
            let name = format!("{prefix}{}", path.file_name().unwrap_or_default().to_string_lossy());
            if path.is_dir() {
                self.collect(&path, &format!("{name}/"))?;
            } else {
                let bytes = fs::read(&path).map_err(Failure::file(&path))?;
                self.0.insert(name, bytes);
            }
        }
        Ok(())
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The files and folders on top.
    pub(crate) fn on_top(&self) -> impl Iterator<Item = &str> {
        let mut seen = std::collections::BTreeSet::new();
        self.names()
            .map(|name| name.split('/').next().unwrap_or_default())
            .filter(move |name| seen.insert(*name))
    }

    pub(crate) fn bytes(&self, name: &str) -> Option<&[u8]> {
        self.0.get(name).map(Vec::as_slice)
    }

    /// The text of a file; nothing if it is not there.
    pub(crate) fn text(&self, name: &str) -> String {
        String::from_utf8_lossy(self.bytes(name).unwrap_or_default()).into_owned()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice()))
    }
}

#[cfg(test)]
impl Files {
    pub(crate) fn with(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.0.insert(name.to_owned(), bytes.into());
        self
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        assert!(self.0.remove(name).is_some(), "{name}");
        self
    }

    pub(crate) fn replaced(self, name: &str, from: &str, to: &str) -> Self {
        let text = self.text(name);
        assert!(text.contains(from), "{from}");
        self.with(name, text.replace(from, to))
    }
}

/// A folder for this process alone, gone when it is dropped.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(name: &str) -> Result<Self, Failure> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("salekit-{name}-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).map_err(Failure::file(&path))?;
        Ok(Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed stays in the folder of temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_archive_that_is_none_is_a_failure() {
        let folder = Folder::new("test").unwrap();
        let file = folder.path().join("a.zip");
        fs::write(&file, "PK and no more").unwrap();
        assert!(Files::of_zip(&file).is_err());
        assert!(Files::of_zip(&folder.path().join("none.zip")).is_err());
    }

    #[test]
    fn what_is_on_top_is_there_once() {
        let files = Files::default().with("a/b", "").with("a/c", "").with("d", "");
        assert_eq!(files.on_top().collect::<Vec<_>>(), ["a", "d"]);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let folder = Folder::new("test").unwrap();
        let files = Files::default().with("a/b/c", "1").with("d", "");
        files.write_to(folder.path()).unwrap();
        assert_eq!(Files::of_folder(folder.path()).unwrap(), files);
    }

    #[test]
    fn a_folder_is_gone_afterwards() {
        let folder = Folder::new("test").unwrap();
        let path = folder.path().to_path_buf();
        assert!(path.is_dir());
        drop(folder);
        assert!(!path.exists());
    }
}
