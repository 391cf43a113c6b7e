//! Where things are: the project, and what it builds. Only bash uses the cache that all clones share: see
//! `tools/shell/lib/common.sh`.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::failure::Failure;

/// A clone of the project, and the folders that it works with. All paths are absolute.
#[derive(Debug)]
pub(crate) struct Project {
    root: PathBuf,
    target: PathBuf,
}

impl Project {
    /// The clone in which this program was called, in its root or in any folder below.
    pub(crate) fn find() -> Result<Self, Failure> {
        let here = env::current_dir().map_err(Failure::file("."))?;
        // The same path is used inside Debian's roots, so without symbolic links.
        let here = here.canonicalize().map_err(Failure::file(&here))?;
        let root = here.ancestors().find(|folder| folder.join("udl/salekit.udl").is_file());
        let root = root.ok_or_else(|| Failure::unfit(format!("{} is not in a clone of SaleKit", here.display())))?;
        Ok(Self::at(root))
    }

    /// The clone with this root.
    pub(crate) fn at(root: &Path) -> Self {
        let folder = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let target = folder("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |target| root.join(target));
        Self {
            root: root.to_path_buf(),
            target,
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A file or folder of the project, named from its root.
    pub(crate) fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.root.join(name)
    }

    /// Where cargo builds.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The libraries and packages as apps get them.
    pub(crate) fn shipped(&self) -> PathBuf {
        self.target.join("shipped")
    }

    /// The Maven repository that the packages are built into.
    pub(crate) fn maven(&self) -> PathBuf {
        self.target.join("maven")
    }

    /// The text of a file of the project.
    pub(crate) fn read(&self, name: impl AsRef<Path>) -> Result<String, Failure> {
        let path = self.path(name);
        fs::read_to_string(&path).map_err(Failure::file(&path))
    }

    /// Whether everything is to be tested for longer: `SALEKIT_PROFILE=long`.
    pub(crate) fn long() -> bool {
        env::var("SALEKIT_PROFILE").is_ok_and(|profile| profile == "long")
    }
}
