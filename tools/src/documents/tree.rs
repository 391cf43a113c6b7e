//! The files that git tracks, as they are in the work tree.

use std::collections::BTreeMap;

use crate::{failure::Failure, process::Run, project::Project};

/// Paths from the root, each with its text; a file that is not text has none.
pub(super) struct Tree(BTreeMap<String, String>);

impl Tree {
    pub(super) fn of(project: &Project) -> Result<Self, Failure> {
        let listed = Run::line("git ls-files -z --cached --others --exclude-standard")
            .within(project.root())
            .read()?;
        let files = listed.split('\0').filter(|path| !path.is_empty());
        let read = |path: &str| {
            let bytes = std::fs::read(project.path(path)).ok()?;
            Some((path.to_owned(), String::from_utf8(bytes).unwrap_or_default()))
        };
        Ok(Self(files.filter_map(read).collect()))
    }

    #[cfg(test)]
    pub(super) fn with(files: &[(&str, &str)]) -> Self {
        let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        Self(files.iter().map(owned).collect())
    }

    /// Whether there is a file or a folder of this name.
    pub(super) fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.0.contains_key(path) || self.0.keys().any(|file| is_within(file, path))
    }

    /// Whether the pattern, in which `*` stands for any letters of a name, has a file or a folder.
    pub(super) fn has_like(&self, pattern: &str) -> bool {
        let pattern: Vec<&str> = pattern.trim_end_matches('/').split('/').collect();
        self.0.keys().any(|file| {
            let names: Vec<&str> = file.split('/').collect();
            names.len() >= pattern.len() && pattern.iter().zip(&names).all(|(part, name)| is_like(part, name))
        })
    }

    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.0.get(path).map(String::as_str)
    }

    pub(super) fn ending(&self, ending: &str) -> impl Iterator<Item = (&str, &str)> {
        let files = self.0.iter().filter(move |(path, _)| path.ends_with(ending));
        files.map(|(path, text)| (path.as_str(), text.as_str()))
    }
}

fn is_within(file: &str, folder: &str) -> bool {
    file.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

/// Whether `name` fits `pattern`, which has at most one `*`.
fn is_like(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        Some((before, behind)) => {
            name.len() >= before.len() + behind.len() && name.starts_with(before) && name.ends_with(behind)
        }
        None => pattern == name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_folders_and_patterns_are_found() {
        let tree = Tree::with(&[("docs/a.md", ""), ("bindings/kotlin-android/pom.xml", "")]);
        for path in ["docs/a.md", "docs", "docs/", "bindings/kotlin-android"] {
            assert!(tree.has(path), "{path}");
        }
        for path in ["doc", "docs/b.md", "bindings/kotlin"] {
            assert!(!tree.has(path), "{path}");
        }
        assert!(tree.has_like("bindings/kotlin*/pom.xml") && tree.has_like("docs/*.md"));
        assert!(!tree.has_like("bindings/swift*") && !tree.has_like("docs/*.txt"));
    }
}
