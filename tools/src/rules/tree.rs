//! The files that git tracks, as they are in the work tree, and the search for lines in them.

use std::fs;

use regex_lite::Regex;

use crate::{failure::Failure, process::Run, project::Project};

/// A text file of the tree. Its path begins in the root.
#[derive(Debug)]
pub(super) struct Text {
    pub(super) path: String,
    pub(super) text: String,
}

#[derive(Debug)]
pub(super) struct Tree {
    pub(super) files: Vec<Text>,
    /// Every tracked path, those of files that are not text too.
    paths: Vec<String>,
}

impl Tree {
    pub(super) fn of(project: &Project) -> Result<Self, Failure> {
        let listed = Run::line("git ls-files -z").within(project.root()).read()?;
        let paths: Vec<String> = listed.split_terminator('\0').map(str::to_owned).collect();
        let mut files = Vec::new();
        for path in &paths {
            let file = project.path(path);
            // A link to a folder, or a file that is deleted but not yet for git.
            if !file.is_file() {
                continue;
            }
            let bytes = fs::read(&file).map_err(Failure::file(&file))?;
            if let Some(text) = String::from_utf8(bytes).ok().filter(|text| !text.contains('\0')) {
                files.push(Text {
                    path: path.clone(),
                    text,
                });
            }
        }
        Ok(Self { files, paths })
    }

    #[cfg(test)]
    pub(super) fn with(files: &[(&str, &str)]) -> Self {
        let text = |(path, text): &(&str, &str)| Text {
            path: (*path).to_owned(),
            text: (*text).to_owned(),
        };
        Self {
            files: files.iter().map(text).collect(),
            paths: files.iter().map(|(path, _)| (*path).to_owned()).collect(),
        }
    }

    /// Whether this is a tracked file, or a folder with one.
    pub(super) fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        self.paths.iter().any(|file| {
            file.strip_prefix(path)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.files
            .iter()
            .find(|file| file.path == path)
            .map(|file| file.text.as_str())
    }

    /// The files of a scope.
    pub(super) fn within(&self, scope: &Scope) -> impl Iterator<Item = &Text> {
        self.files.iter().filter(|file| scope.includes(&file.path))
    }

    /// The lines of a scope in which a pattern is found, each with its place. Every line with the pattern also has one of the
    /// `words`, which are found much faster.
    pub(super) fn lines(&self, scope: &Scope, words: &[&str], pattern: &Regex) -> Vec<String> {
        let mut found = Vec::new();
        self.each_line(scope, words, |path, number, line| {
            if pattern.is_match(line) {
                found.push(format!("{path}:{number}:{line}"));
            }
        });
        found
    }

    /// Every line of a scope that has one of the words.
    pub(super) fn each_line<'a>(
        &'a self,
        scope: &Scope,
        words: &[&str],
        mut line_with: impl FnMut(&'a str, usize, &'a str),
    ) {
        let has_one = |text: &str| words.iter().any(|word| text.contains(word));
        for Text { path, text } in self.within(scope).filter(|file| has_one(&file.text)) {
            for (number, line) in text.lines().enumerate().filter(|(_, line)| has_one(line)) {
                line_with(path, number + 1, line);
            }
        }
    }
}

/// Some files: those in any of the folders (all, if none is named) and with any of the endings, but not those left out.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Scope {
    /// Folders and files, as paths begin.
    pub(super) folders: &'static [&'static str],
    pub(super) endings: &'static [&'static str],
    pub(super) except: &'static [&'static str],
    /// Whether the generated bindings are included.
    pub(super) generated: bool,
}

impl Scope {
    fn includes(&self, path: &str) -> bool {
        (self.folders.is_empty() || self.folders.iter().any(|folder| is_in(path, folder)))
            && (self.endings.is_empty() || self.endings.iter().any(|ending| path.ends_with(ending)))
            && !self.except.iter().any(|folder| is_in(path, folder))
            && (self.generated || !is_generated(path))
            // Cargo writes it.
            && !path.ends_with("Cargo.lock")
    }
}

fn is_in(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Written by the generator of the bindings.
fn is_generated(path: &str) -> bool {
    path.contains("/generated/") || is_in(path, "bindings/swift/Sources/SaleKitGenerated")
}

/// A pattern of this program, which is right or a mistake here.
pub(super) fn regex(pattern: &str) -> Result<Regex, Failure> {
    Regex::new(pattern).map_err(|error| Failure::unfit(format!("the pattern {pattern}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_folders_and_endings_without_exceptions() {
        let scope = Scope {
            folders: &["core", "README.md"],
            endings: &[".rs", ".md"],
            except: &["core/tests"],
            generated: false,
        };
        let included = ["core/src/lib.rs", "README.md"];
        let left_out = [
            "core-other/lib.rs",
            "core/tests/flow.rs",
            "core/a.json",
            "core/generated/a.rs",
            "docs/README.md",
        ];
        assert!(included.iter().all(|path| scope.includes(path)));
        assert_eq!(left_out.iter().find(|path| scope.includes(path)), None);
    }

    #[test]
    fn found_lines_have_their_place() {
        let tree = Tree::with(&[("a.rs", "one\ntwo three\n"), ("b.rs", "three\n")]);
        let found = tree.lines(&Scope::default(), &["three"], &regex("three$").unwrap());
        assert_eq!(found, ["a.rs:2:two three", "b.rs:1:three"]);
    }

    #[test]
    fn folders_exist_if_a_file_is_in_them() {
        let tree = Tree::with(&[("docs/decisions/one.md", "")]);
        assert!(tree.has("docs") && tree.has("docs/decisions/") && tree.has("docs/decisions/one.md"));
        assert!(!tree.has("doc") && !tree.has("docs/one.md"));
    }
}
