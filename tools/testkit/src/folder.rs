//! A place on the disk.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

/// A new folder that is removed when dropped.
#[derive(Debug)]
pub struct Folder(PathBuf);

impl Folder {
    /// An empty one, which no other test has.
    #[allow(clippy::new_without_default, reason = "it is a new one every time")]
    pub fn new() -> Self {
        let mut random = [0; 8];
        getrandom::fill(&mut random).unwrap();
        let path = env::temp_dir().join(format!("salekit-test-{:016x}", u64::from_ne_bytes(random)));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The path of a file in it.
    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
