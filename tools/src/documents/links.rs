//! Where documents lead: links, images, sections, and the files and folders that they name.

use super::{
    page::{Link, Page},
    tree::Tree,
};

/// Folders at the top, by which a name in backquotes is known as a path.
const TOP: [&str; 13] = [
    "android-sample/",
    "bindings/",
    "core/",
    "docs/",
    "fuzz/",
    "ios-sample/",
    "sandbox/",
    "scripts/",
    "tools/",
    "udl/",
    ".cargo/",
    ".ci/",
    ".github/",
];

/// Links of `page` that lead nowhere.
pub(super) fn broken(page: &Page, pages: &[Page], tree: &Tree) -> Vec<String> {
    let is_elsewhere = |target: &str| {
        ["https://", "http://", "mailto:"]
            .iter()
            .any(|scheme| target.starts_with(scheme))
    };
    page.links
        .iter()
        .filter(|link| !is_elsewhere(&link.target))
        .filter_map(|Link { line, target }| {
            let problem = problem(page, target, pages, tree)?;
            Some(format!("line {line}: {target}: {problem}"))
        })
        .collect()
}

fn problem(page: &Page, target: &str, pages: &[Page], tree: &Tree) -> Option<&'static str> {
    let (file, section) = target
        .split_once('#')
        .map_or((target, None), |(file, section)| (file, Some(section)));
    let path = if file.is_empty() {
        page.path().to_owned()
    } else {
        resolved(page.folder(), file)?
    };
    if !tree.has(&path) {
        return Some("there is no such file");
    }
    let section = section?;
    let target = pages.iter().find(|page| page.path() == path)?;
    (!target.anchors.iter().any(|anchor| anchor == section)).then_some("there is no such section")
}

/// `file` as seen from `folder`. A path that leaves the project has no name in it.
pub(super) fn resolved(folder: &str, file: &str) -> Option<String> {
    let mut names: Vec<&str> = folder.split('/').filter(|name| !name.is_empty()).collect();
    for name in file.split('/').filter(|name| !matches!(*name, "" | ".")) {
        if name == ".." {
            names.pop()?;
        } else {
            names.push(name);
        }
    }
    Some(names.join("/"))
}

/// Files and folders that `page` names in backquotes and that do not exist. A name with `…` is a place holder.
pub(super) fn missing_paths(page: &Page, tree: &Tree) -> Vec<String> {
    page.names
        .iter()
        .filter(|name| TOP.iter().any(|top| name.target.starts_with(top)))
        .filter_map(|Link { line, target }| {
            // What follows a blank is an argument.
            let path = target.split(' ').next().unwrap_or_default();
            let is_path = path
                .chars()
                .all(|letter| letter.is_ascii_alphanumeric() || "/._-*".contains(letter));
            let is_built = path.contains("/target/") || path.ends_with(".xcframework");
            let exists = if path.contains('*') {
                tree.has_like(path)
            } else {
                tree.has(path)
            };
            (is_path && !is_built && !exists).then(|| format!("line {line}: there is no {path}"))
        })
        .collect()
}

/// Pages below `docs` that a reader of the site cannot find.
pub(super) fn not_in_the_site(pages: &[Page]) -> Vec<String> {
    const SUMMARY: &str = "docs/SUMMARY.md";
    let Some(summary) = pages.iter().find(|page| page.path() == SUMMARY) else {
        return vec![format!("there is no {SUMMARY}")];
    };
    let listed: Vec<_> = summary
        .links
        .iter()
        .filter_map(|link| resolved("docs/", &link.target))
        .collect();
    pages
        .iter()
        .map(Page::path)
        .filter(|path| path.starts_with("docs/") && *path != SUMMARY)
        .filter(|path| !listed.iter().any(|listed| listed == path))
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Vec<String> {
        let files = [
            ("README.md", "# Top"),
            ("docs/other.md", "# One\n## Two words\n"),
            ("core/src/lib.rs", ""),
            ("docs/a.png", ""),
            ("docs/page.md", text),
        ];
        let tree = Tree::with(&files);
        let pages: Vec<Page> = files.iter().map(|(path, text)| Page::read(path, text)).collect();
        let page = pages.last().unwrap();
        let mut found = broken(page, &pages, &tree);
        found.extend(missing_paths(page, &tree));
        found
    }

    #[test]
    fn what_exists_is_found() {
        let text = "# Here\n[a](other.md) [b](other.md#two-words) [c](../README.md#top) [d](#here) ![e](a.png)\n\
                    [f](../core/src) [g](https://example.com/x) `core/src/lib.rs` `core/*/lib.rs` `core/src/…` `other`\n";
        assert_eq!(check(text), [""; 0]);
    }

    #[test]
    fn what_does_not_exist_is_named() {
        for (text, problem) in [
            ("[a](none.md)", "line 1: none.md: there is no such file"),
            (
                "[a](other.md#three)",
                "line 1: other.md#three: there is no such section",
            ),
            ("[a](#nowhere)", "line 1: #nowhere: there is no such section"),
            ("![a](b.png)", "line 1: b.png: there is no such file"),
            (
                "\n<img src=\"images/b.png\">",
                "line 2: images/b.png: there is no such file",
            ),
            ("`core/src/none.rs`", "line 1: there is no core/src/none.rs"),
            ("`core/none*`", "line 1: there is no core/none*"),
            (
                concat!("`scripts", "/none --all`"),
                concat!("line 1: there is no scripts", "/none"),
            ),
        ] {
            assert_eq!(check(text), [problem], "{text}");
        }
    }

    #[test]
    fn a_page_that_the_site_leaves_out_is_named() {
        let page = |path: &str, text: &str| Page::read(path, text);
        let pages = [
            page("docs/SUMMARY.md", "[a](a.md)"),
            page("docs/a.md", ""),
            page("docs/b/c.md", ""),
            page("d.md", ""),
        ];
        assert_eq!(not_in_the_site(&pages), ["docs/b/c.md"]);
    }
}
