//! What a text may not contain: paths of one machine, hosts of registries, what is unfinished, vague names, phrases that are
//! not plain English. And how a file begins, and how long it may be.

use super::{
    scripts::{SHELL, is_shell},
    tree::{Scope, Text, Tree, regex},
};
use crate::failure::Failure;

/// These files contain what the rules look for.
const RULES: &[&str] = &["tools/src/rules"];

/// Each line: phrases, separated by |, and after a tab what to write instead.
const PHRASES: &str = include_str!("wording.txt");

/// Folders of one developer's machine.
pub(super) fn machine_paths(tree: &Tree) -> Result<Vec<String>, Failure> {
    let scope = Scope {
        except: RULES,
        generated: true,
        ..Scope::default()
    };
    Ok(tree.lines(
        &scope,
        &["/root/", "/home/", "/Users/", "/work/", "/tmp/"],
        &regex(r"(^|[^A-Za-z0-9_.>-])/(root|home|Users|work|tmp/[a-z]+)/[A-Za-z.]")?,
    ))
}

/// Each machine has registries of its own.
pub(super) fn registry_hosts(tree: &Tree) -> Result<Vec<String>, Failure> {
    let scope = Scope {
        except: RULES,
        generated: true,
        ..Scope::default()
    };
    let hosts = r#"(^|[/@. "])((repo1?|registry|index|static|files|deb|proxy|ftp|snapshot)\.[a-z-]+|crates|pypi|npmjs)\.(io|org|com|net)\b"#;
    Ok(tree.lines(&scope, &[".io", ".org", ".com", ".net"], &regex(hosts)?))
}

pub(super) fn unfinished(tree: &Tree) -> Result<Vec<String>, Failure> {
    let scope = Scope {
        except: RULES,
        ..Scope::default()
    };
    Ok(tree.lines(
        &scope,
        &["TODO", "FIXME", "XXX:", "todo!", "unimplemented!"],
        &regex(r"\b(TODO|FIXME|XXX:)\b|\b(todo|unimplemented)!")?,
    ))
}

/// Names that say nothing. Stand-ins bear the names of what they stand for.
pub(super) fn vague_names(tree: &Tree) -> Result<Vec<String>, Failure> {
    let scope = Scope {
        endings: &[".rs", ".kt", ".swift", ".udl"],
        except: &["tools/src/rules", "ios-sample/StandIns"],
        ..Scope::default()
    };
    let kinds = "struct|enum|trait|class|interface|protocol|object|mod|actor";
    Ok(tree.lines(
        &scope,
        &["anager", "elper", "til"],
        &regex(&format!(r"\b({kinds}) +[A-Za-z_]*([Mm]anager|[Hh]elper|[Uu]tils?)\b"))?,
    ))
}

/// Except generated code and lists.
pub(super) fn long_files(tree: &Tree) -> Result<Vec<String>, Failure> {
    const MOST: usize = 400;
    let code = Scope {
        endings: &[".rs", ".kt", ".swift", ".java", ".py", ".mjs"],
        ..Scope::default()
    };
    let scripts = Scope {
        folders: &["scripts", "tools", ".ci"],
        except: &["tools/cross/android-symbols.txt"],
        ..Scope::default()
    };
    let mut found = Vec::new();
    for Text { path, text } in tree.within(&code).chain(tree.within(&scripts)) {
        let lines = text.lines().count();
        if lines > MOST {
            found.push(format!("{path}: {lines} lines"));
        }
    }
    found.sort_unstable();
    found.dedup();
    Ok(found)
}

/// A file of Rust, and every script, says first what is in it.
pub(super) fn without_header(tree: &Tree) -> Result<Vec<String>, Failure> {
    let rust = Scope {
        endings: &[".rs"],
        ..Scope::default()
    };
    let rust = tree.within(&rust).filter(|file| !file.text.starts_with("//! "));
    let scripts = tree.within(&SHELL).filter(|file| {
        let second = file.text.lines().nth(1).unwrap_or_default();
        is_shell(&file.text) && !second.starts_with("# ")
    });
    Ok(rust.chain(scripts).map(|file| file.path.clone()).collect())
}

pub(super) fn plain_english(tree: &Tree) -> Result<Vec<String>, Failure> {
    let scope = Scope {
        except: &["tools/src/rules", "bindings/tests/glossary.rs", "fuzz/corpus"],
        ..Scope::default()
    };
    let mut patterns = Vec::new();
    for (phrases, replacement) in PHRASES.lines().filter_map(|line| line.split_once('\t')) {
        let pattern = regex(&format!(r"(?i)\b({phrases})\b"))?;
        patterns.push((phrases.split('|').collect::<Vec<_>>(), pattern, replacement));
    }
    let mut found = Vec::new();
    for Text { path, text } in tree.within(&scope) {
        // Data for tests may say anything.
        if path.ends_with(".json") {
            continue;
        }
        let lower = text.to_ascii_lowercase();
        let here = patterns
            .iter()
            .filter(|(phrases, ..)| phrases.iter().any(|phrase| lower.contains(phrase)));
        for (_, pattern, replacement) in here {
            for (number, line) in text.lines().enumerate().filter(|(_, line)| pattern.is_match(line)) {
                found.push(format!("{path}:{}:{line} (write: {replacement})", number + 1));
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which lines of a Rust file of the core break a rule.
    fn broken(rule: fn(&Tree) -> Result<Vec<String>, Failure>, lines: &str) -> Vec<usize> {
        let tree = Tree::with(&[("core/src/a.rs", lines), ("tools/src/rules/wording.rs", lines)]);
        let number = |line: String| line.split(':').nth(1).unwrap().parse().unwrap();
        rule(&tree).unwrap().into_iter().map(number).collect()
    }

    #[test]
    fn folders_of_a_machine_are_found() {
        assert_eq!(
            broken(
                machine_paths,
                "see /home/ada/sale\n\"/tmp/x/a\"\n/usr/bin/env\n/tmp/\nhttps://shop.example/home/page\n"
            ),
            [1, 2]
        );
    }

    #[test]
    fn hosts_of_registries_are_found() {
        assert_eq!(
            broken(
                registry_hosts,
                "https://crates.io/x\nrepo1.maven.org\nregistry.npmjs.org\ncrates/io\n"
            ),
            [1, 2, 3]
        );
    }

    #[test]
    fn what_is_unfinished_is_found() {
        assert_eq!(
            broken(unfinished, "// TODO later\n todo!()\nFIXME\nmastodon\n"),
            [1, 2, 3]
        );
    }

    #[test]
    fn vague_names_are_found() {
        assert_eq!(
            broken(
                vague_names,
                "struct SaleManager;\nmod utils;\nlet manager = 1;\nclass HelperText\n"
            ),
            [1, 2]
        );
    }

    #[test]
    fn one_line_too_many_is_found() {
        let tree = Tree::with(&[
            ("core/a.rs", &"\n".repeat(400)),
            ("scripts/b", &"\n".repeat(401)),
            ("docs/c.md", &"\n".repeat(900)),
        ]);
        assert_eq!(long_files(&tree).unwrap(), ["scripts/b: 401 lines"]);
    }

    #[test]
    fn a_file_without_a_header_is_found() {
        let tree = Tree::with(&[
            ("core/a.rs", "//! Money.\n\nuse std::fmt;\n"),
            ("core/b.rs", "use std::fmt;\n//! Money.\n"),
            ("core/generated/c.rs", "use std::fmt;\n"),
            ("scripts/d", "#!/usr/bin/env bash\n# Does it.\nset -e\n"),
            ("scripts/e", "#!/usr/bin/env bash\nset -e\n# Does it.\n"),
            ("scripts/f.md", "# Scripts\n"),
        ]);
        assert_eq!(without_header(&tree).unwrap(), ["core/b.rs", "scripts/e"]);
    }

    #[test]
    fn phrases_are_found_with_what_to_write() {
        assert_eq!(
            broken(
                plain_english,
                "It lets go of the lock.\nAs good as new.\nstrange\nLook-ups\n"
            ),
            [1, 2, 4]
        );
        let tree = Tree::with(&[("docs/a.md", "told apart\n"), ("docs/a.json", "told apart\n")]);
        assert_eq!(
            plain_english(&tree).unwrap(),
            ["docs/a.md:1:told apart (write: distinguished)"]
        );
    }

    #[test]
    fn every_room_is_held_to_plain_english_and_data_is_not() {
        let line = "It is told by whoever came.\n";
        let rooms = [
            "sandbox/src/a.rs",
            "ios-sample/Shop/B.swift",
            ".github/workflows/c.yml",
            "README.md",
        ];
        let data = [
            "fuzz/corpus/d",
            "bindings/kotlin/src/generated/E.kt",
            "bindings/messages/f.json",
        ];
        let files: Vec<(&str, &str)> = rooms.iter().chain(&data).map(|path| (*path, line)).collect();
        let found = plain_english(&Tree::with(&files)).unwrap();
        let mut places: Vec<&str> = found.iter().filter_map(|place| place.split(':').next()).collect();
        places.dedup();
        assert_eq!(places, rooms);
        assert_eq!(found.len(), 2 * rooms.len());
    }

    #[test]
    fn every_phrase_has_a_replacement() {
        assert!(
            PHRASES
                .lines()
                .all(|line| line.split('\t').filter(|part| !part.is_empty()).count() == 2)
        );
    }
}
