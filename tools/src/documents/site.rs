//! `cargo tool site`: the documents as a site with search, which needs no network to be read, in `target/site/book`.
//!
//! The pages are collected with the folders that they have in the repository, so that links among them stay as they are.
//! A link to something that is no page, for example a source, leads to the repository instead. mdBook makes the site;
//! `tools/shell/install-cargo-tool` compiles it once, into the cache. The pages of the interfaces stand beside it: those of Rust
//! by rustdoc, of Swift by DocC, of Kotlin by Dokka. What this machine cannot make is left out, and that is said.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use super::{links::resolved, page::Page, tree::Tree};
use crate::{command::Outcome, failure::Failure, process::Run, project::Project};

const MDBOOK: &str = "0.5.4";
/// Where the project is published.
const REPOSITORY: &str = "https://github.com/salekit/salekit/blob/main";
/// With this status a script says that this machine cannot make the pages, or the rest of them. Its last line says why.
const LEFT_OUT: i32 = 77;

pub(crate) fn site(project: &Project, arguments: &[String]) -> Outcome {
    let (has_book_only, rest) = match arguments {
        [only] if only == "--book" => (true, &[][..]),
        all => (false, all),
    };
    if !rest.is_empty() {
        return Err(Failure::Misused);
    }
    let tree = Tree::of(project)?;
    let root = project.target().join("site");
    let pages = root.join("src");
    if pages.exists() {
        fs::remove_dir_all(&pages).map_err(Failure::file(&pages))?;
    }
    collect(&tree, project, &pages)?;
    for file in ["book.toml", "site.css"] {
        copy(&project.path("docs").join(file), &root.join(file))?;
    }
    let mdbook = mdbook(project)?;
    Run::new(mdbook).arg("build").arg(&root).show()?;
    let book = root.join("book");
    if !has_book_only {
        Run::line("cargo doc --quiet --locked --no-deps -p salekit-core -p salekit-sandbox")
            .within(project.root())
            .show()?;
        copy_folder(&project.target().join("doc"), &book.join("rust"))?;
        pages_by(project, "tools/shell/build-swift-pages", &book.join("swift"))?;
        pages_by(project, "tools/shell/build-kotlin-pages", &book)?;
    }
    println!("{}", book.join("index.html").display());
    Ok(ExitCode::SUCCESS)
}

/// Pages of an interface, by a script.
fn pages_by(project: &Project, script: &str, into: &Path) -> Result<(), Failure> {
    match Run::new(project.path(script)).arg(into).show() {
        Err(Failure::Command { status, .. }) if status.code() == Some(LEFT_OUT) => {
            println!("{script} made not all of its pages");
            Ok(())
        }
        ended => ended,
    }
}

/// Every page of `docs/SUMMARY.md` with its pictures, and the summary itself, as mdBook wants them.
fn collect(tree: &Tree, project: &Project, into: &Path) -> Result<(), Failure> {
    let summary = tree.text("docs/SUMMARY.md").unwrap_or_default();
    let listed = Page::read("docs/SUMMARY.md", summary);
    let pages: Vec<String> = listed
        .links
        .iter()
        .filter_map(|link| resolved("docs/", &link.target))
        .collect();
    write(
        &into.join("SUMMARY.md"),
        &rewritten("docs/SUMMARY.md", summary, |path, _| Some(path.to_owned())),
    )?;
    for path in &pages {
        let text = tree.text(path).unwrap_or_default();
        let outside = |target: &str, _: &str| {
            let is_kept = pages.iter().any(|page| page == target) || is_picture(target);
            (!is_kept).then(|| format!("{REPOSITORY}/{target}"))
        };
        write(&into.join(path), &rewritten(path, text, outside))?;
        for link in Page::read(path, text).links {
            let Some(target) = resolved(Page::read(path, "").folder(), &link.target) else {
                continue;
            };
            if is_picture(&target) && tree.has(&target) {
                copy(&project.path(&target), &into.join(&target))?;
            }
        }
    }
    Ok(())
}

fn is_picture(path: &str) -> bool {
    path.ends_with(".png")
}

/// `text` with the targets of its links replaced where `replace` gives another one. Code stays as it is.
fn rewritten(path: &str, text: &str, replace: impl Fn(&str, &str) -> Option<String>) -> String {
    let page = Page::read(path, text);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for link in &page.links {
        if link.target.contains("://") || link.target.starts_with('#') {
            continue;
        }
        let (file, section) = link.target.split_once('#').unwrap_or((&link.target, ""));
        let target = resolved(page.folder(), file);
        let Some(other) = target.and_then(|target| replace(&target, section)) else {
            continue;
        };
        let other = if section.is_empty() {
            other
        } else {
            format!("{other}#{section}")
        };
        if let Some(line) = lines.get_mut(link.line - 1) {
            *line = line.replace(&format!("]({})", link.target), &format!("]({other})"));
        }
    }
    lines.join("\n") + "\n"
}

/// The program, from the path or from the cache.
fn mdbook(project: &Project) -> Result<PathBuf, Failure> {
    println!("mdbook {MDBOOK} is built first if there is none, which takes some minutes");
    let install = Run::new(project.path("tools/shell/install-cargo-tool"))
        // Without what serves and watches.
        .args(["mdbook", MDBOOK, "--no-default-features", "--features", "search"]);
    Ok(install.read()?.trim_end().into())
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    make_parent(path)?;
    fs::write(path, text).map_err(Failure::file(path))
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    make_parent(to)?;
    fs::copy(from, to).map(|_| ()).map_err(Failure::file(from))
}

fn make_parent(path: &Path) -> Result<(), Failure> {
    path.parent().map_or(Ok(()), |parent| {
        fs::create_dir_all(parent).map_err(Failure::file(parent))
    })
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), Failure> {
    let entries = fs::read_dir(from).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    for entry in entries.map_err(Failure::file(from))? {
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        if source.is_dir() {
            copy_folder(&source, &target)?;
        } else {
            copy(&source, &target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_to_a_source_leads_to_the_repository_and_others_stay() {
        let text = "[a](b.md#c) [d](../core/src/lib.rs) ![e](f.png) [g](https://h.example) `[i](../j.rs)`\n";
        let replace = |target: &str, _: &str| target.ends_with(".rs").then(|| format!("R/{target}"));
        let expected = "[a](b.md#c) [d](R/core/src/lib.rs) ![e](f.png) [g](https://h.example) `[i](../j.rs)`\n";
        assert_eq!(rewritten("docs/a.md", text, replace), expected);
    }
}
