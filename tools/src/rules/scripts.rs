//! Bash, and what the rest of the project says of the scripts.

use std::path::Path;

use super::tree::{Scope, Tree, regex};
use crate::{failure::Failure, process::Run, project::Project};

pub(super) const SHELL: Scope = Scope {
    folders: &["scripts", "tools", ".ci"],
    endings: &[],
    except: &["tools/src"],
    generated: false,
};

/// What shellcheck says of everything in bash.
pub(super) fn shellcheck(project: &Project) -> Result<Vec<String>, Failure> {
    let tree = Tree::of(project)?;
    let scripts = tree.within(&SHELL).filter(|file| is_shell(&file.text));
    complaints(project.root(), scripts.map(|file| file.path.as_str()))
}

/// What shellcheck says of these files below `root`.
fn complaints<'a>(root: &Path, scripts: impl Iterator<Item = &'a str>) -> Result<Vec<String>, Failure> {
    let run = Run::line("shellcheck -x -P SCRIPTDIR").args(scripts).within(root);
    let checked = run
        .output()
        .map_err(|_| Failure::unfit("there is no shellcheck: scripts/setup shell"))?;
    if checked.status.success() {
        return Ok(Vec::new());
    }
    let said = [checked.stdout, checked.stderr].concat();
    Ok(vec![String::from_utf8_lossy(&said).trim().to_owned()])
}

pub(super) fn is_shell(text: &str) -> bool {
    let first = text.lines().next().unwrap_or_default();
    ["#!/usr/bin/env bash", "#!/bin/sh", "# shellcheck shell"]
        .iter()
        .any(|start| first.starts_with(start))
}

/// `grep -q` exits at the first match. The command before it may then be killed while writing, and with pipefail the match
/// would count as a failure.
pub(super) fn broken_pipes(tree: &Tree) -> Result<Vec<String>, Failure> {
    Ok(tree.lines(&SHELL, &["grep -"], &regex(r"\| *grep -[a-zA-Z]*q")?))
}

/// Scripts that any text names exist.
pub(super) fn named_scripts(tree: &Tree) -> Result<Vec<String>, Failure> {
    let scope = Scope {
        endings: &[
            ".md",
            ".rs",
            ".kt",
            ".swift",
            ".toml",
            ".xml",
            ".yml",
            ".udl",
            ".py",
            ".kts",
            ".sh",
            "Dockerfile",
        ],
        except: &["tools/src/rules"],
        ..Scope::default()
    };
    let name = regex(r"(?:^|[^A-Za-z0-9_/.$-])(?:\./|\.\./)*((?:scripts|tools)/[A-Za-z0-9_./-]*[A-Za-z0-9_/-])")?;
    let mut found = Vec::new();
    let mut search = |path: &str, number: usize, line: &str| {
        for named in name.captures_iter(line).filter_map(|captures| captures.get(1)) {
            if !tree.has(named.as_str()) {
                found.push(format!("{path}:{number}: there is no {}", named.as_str()));
            }
        }
    };
    tree.each_line(&scope, &["scripts/", "tools/"], &mut search);
    tree.each_line(&SHELL, &["scripts/", "tools/"], &mut search);
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefact::files::Folder;

    #[test]
    fn a_pipe_that_breaks_by_chance_is_found() {
        let tree = Tree::with(&[(
            "scripts/a",
            "list | grep -q x\nlist | grep x >/dev/null\ngrep -q x file\n",
        )]);
        assert_eq!(broken_pipes(&tree).unwrap(), ["scripts/a:1:list | grep -q x"]);
    }

    #[test]
    fn bash_is_known_by_its_first_line() {
        assert!(is_shell("#!/usr/bin/env bash\n") && is_shell("# shellcheck shell=bash\n") && is_shell("#!/bin/sh\n"));
        assert!(!is_shell("#!/usr/bin/env python3\n") && !is_shell("fn main() {}\n"));
    }

    #[test]
    fn a_script_that_does_not_exist_is_found() {
        let tree = Tree::with(&[
            ("scripts/test", "#!/usr/bin/env bash\n. tools/shell/gone.sh\n"),
            (
                "docs/testing.md",
                "Run `./scripts/test --long` or `scripts/check-all`. See [the map](../scripts/README.md).\n",
            ),
            (
                "core/a.rs",
                "// by scripts/test, of my-scripts/other and /scripts/other\n",
            ),
        ]);
        let expected = [
            "docs/testing.md:1: there is no scripts/README.md",
            "docs/testing.md:1: there is no scripts/check-all",
            "scripts/test:2: there is no tools/shell/gone.sh",
        ];
        assert_eq!(named_scripts(&tree).unwrap(), expected);
    }

    #[test]
    fn a_mistake_in_bash_is_found() {
        let folder = Folder::new("shellcheck").unwrap();
        for (name, line) in [("right", "echo \"$1\""), ("wrong", "echo $1")] {
            std::fs::write(folder.path().join(name), format!("#!/usr/bin/env bash\n{line}\n")).unwrap();
        }
        // Where there is no shellcheck the rule does not hold, and says what to do.
        let said = match complaints(folder.path(), ["right", "wrong"].into_iter()) {
            Err(Failure::Unfit { message }) => return assert!(message.starts_with("there is no shellcheck")),
            said => said.unwrap(),
        };
        assert!(
            said[0].contains("In wrong line 2:") && !said[0].contains("In right"),
            "{said:?}"
        );
        assert_eq!(
            complaints(folder.path(), ["right"].into_iter()).unwrap(),
            Vec::<String>::new()
        );
    }
}
