//! What one file says of another: sections that comments cite, products of the Swift manifests, and the pages that list what a
//! module makes public.

use std::collections::BTreeSet;

use super::tree::{Scope, Tree, regex};
use crate::failure::Failure;

/// A comment that cites a section of a document, as `docs/FILE.md`, "SECTION", cites one that exists.
pub(super) fn cited_sections(tree: &Tree) -> Result<Vec<String>, Failure> {
    let citation = regex(r#"`(docs/[a-z-]+\.md)`, "([^"]+)""#)?;
    let mut found = BTreeSet::new();
    let scope = Scope {
        folders: &["core", "bindings", "sandbox", "udl", "tools"],
        ..Scope::default()
    };
    tree.each_line(&scope, &["`docs/"], |_, _, line| {
        for citation in citation.captures_iter(line) {
            let [Some(document), Some(section)] = [1, 2].map(|group| citation.get(group).map(|part| part.as_str()))
            else {
                continue;
            };
            let text = tree.text(document).unwrap_or_default();
            let mut headings = text
                .lines()
                .filter(|line| line.starts_with('#'))
                .map(|line| line.trim_start_matches('#').trim());
            if !headings.any(|heading| heading == section) {
                found.insert(format!("{document} has no section {section}"));
            }
        }
    });
    Ok(found.into_iter().collect())
}

/// The manifest in the root is what an app's package manager reads; the one beside the sources is what the tests use.
pub(super) fn same_products(tree: &Tree) -> Result<Vec<String>, Failure> {
    let product = regex(r#"\.library\(name: "([A-Za-z]*)""#)?;
    let of = |manifest: &str| -> BTreeSet<String> {
        let text = tree.text(manifest).unwrap_or_default();
        product
            .captures_iter(text)
            .filter_map(|found| Some(found.get(1)?.as_str().to_owned()))
            .collect()
    };
    let (root, beside) = (of("Package.swift"), of("bindings/swift/Package.swift"));
    if root.is_empty() {
        return Ok(vec!["Package.swift has no product".to_owned()]);
    }
    let only = |these: &BTreeSet<String>, those: &BTreeSet<String>, where_: &str| -> Vec<String> {
        these
            .difference(those)
            .map(|name| format!("only {where_} has the product {name}"))
            .collect()
    };
    Ok([
        only(&root, &beside, "Package.swift"),
        only(&beside, &root, "bindings/swift/Package.swift"),
    ]
    .concat())
}

/// Every page of a module lists what is public in it, each name once, and nothing else.
pub(super) fn lists_of_what_is_public(tree: &Tree) -> Result<Vec<String>, Failure> {
    let mut found = Vec::new();
    for module in ["SaleKit", "SaleKitTesting", "SaleKitUI"] {
        let folder = format!("bindings/swift/Sources/{module}");
        let page = format!("{folder}/{module}.docc/{module}.md");
        let listed = listed(tree, &page, r"^- ``([A-Za-z0-9_]+)``$")?;
        found.extend(differences(&page, &swift_declared(tree, &folder)?, &listed));
    }
    for module in ["", "-android", "-testing", "-compose"] {
        let folder = format!("bindings/kotlin{module}");
        let page = format!("{folder}/Module.md");
        let package = format!(r"dev\.salekit{}", module.replace('-', r"\."));
        // The name twice: as what is read and as what it leads to.
        let listed = listed(
            tree,
            &page,
            &format!(r"^- \[([A-Za-z0-9_]+)\]\[{package}\.[A-Za-z0-9_]+\]$"),
        )?;
        found.extend(differences(&page, &kotlin_declared(tree, &folder)?, &listed));
    }
    Ok(found)
}

fn listed(tree: &Tree, page: &str, entry: &str) -> Result<Vec<String>, Failure> {
    let entry = regex(entry)?;
    let mut listed = Vec::new();
    for line in tree.text(page).unwrap_or_default().lines() {
        let Some(name) = entry.captures(line).and_then(|found| found.get(1)) else {
            continue;
        };
        let name = name.as_str();
        // In Kotlin it also ends what it leads to.
        let leads_to = line.rsplit(['.', '[', '`', ']']).find(|part| !part.is_empty());
        if leads_to.is_some_and(|target| target == name) {
            listed.push(name.to_owned());
        }
    }
    Ok(listed)
}

/// Names of what a Swift module declares publicly at its top level. What stands within #if is indented by one more step.
fn swift_declared(tree: &Tree, folder: &str) -> Result<BTreeSet<String>, Failure> {
    let attribute = regex(r"^@[A-Za-z]+(\([^)]*\))? ")?;
    let declaration = regex(r"^public (?:(?:final|indirect|nonisolated) )*[a-z]+ ([A-Za-z0-9_]+)")?;
    let mut declared = BTreeSet::new();
    for file in tree
        .files
        .iter()
        .filter(|file| file.path.starts_with(&format!("{folder}/")) && file.path.ends_with(".swift"))
    {
        let mut depth = 0_usize;
        for line in file.text.lines() {
            let mut code = line.trim_start_matches(' ');
            let indentation = line.len() - code.len();
            if code.starts_with("#endif") {
                depth = depth.saturating_sub(1);
            } else if code.starts_with("#if") {
                depth += 1;
            } else if indentation == 4 * depth {
                while let Some(found) = attribute.find(code) {
                    code = code.get(found.end()..).unwrap_or_default();
                }
                let name = declaration.captures(code).and_then(|found| found.get(1));
                declared.extend(
                    name.filter(|_| !code.starts_with("public import "))
                        .map(|name| name.as_str().to_owned()),
                );
            }
        }
    }
    Ok(declared)
}

/// The same for Kotlin, where the compiler demands the word public. A function may have a receiver.
fn kotlin_declared(tree: &Tree, folder: &str) -> Result<BTreeSet<String>, Failure> {
    let declaration = regex(
        r"^(?:@[^ ]+ )*public (?:[a-z]+ )*(?:class|interface|object|typealias|val|var|fun) (?:<[^>]*> )?(?:[A-Za-z0-9_<>?]+\.)?([A-Za-z0-9_]+)",
    )?;
    let sources = format!("{folder}/src/main/");
    let mut declared = BTreeSet::new();
    for file in tree
        .files
        .iter()
        .filter(|file| file.path.starts_with(&sources) && file.path.ends_with(".kt"))
    {
        let names = file.text.lines().filter_map(|line| declaration.captures(line)?.get(1));
        declared.extend(names.map(|name| name.as_str().to_owned()));
    }
    Ok(declared)
}

/// What only one of the two has. A name that is listed twice is one too many.
fn differences(page: &str, declared: &BTreeSet<String>, listed: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    if declared.is_empty() {
        found.push(format!("{page}: nothing is declared"));
    }
    let mut once = BTreeSet::new();
    for name in listed {
        if !once.insert(name) || !declared.contains(name) {
            found.push(format!("{page} lists {name} twice, or it is not public"));
        }
    }
    found.extend(
        declared
            .iter()
            .filter(|name| !once.contains(name))
            .map(|name| format!("{page} does not list {name}")),
    );
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cited_section_must_exist() {
        let tree = Tree::with(&[
            ("docs/protocol.md", "# The protocol\n## Status requests\n"),
            (
                "core/a.rs",
                "/// `docs/protocol.md`, \"Status requests\".\n/// `docs/protocol.md`, \"Status\", `docs/none.md`, \"X\"\n",
            ),
        ]);
        assert_eq!(
            cited_sections(&tree).unwrap(),
            [
                "docs/none.md has no section X",
                "docs/protocol.md has no section Status"
            ]
        );
    }

    #[test]
    fn a_product_of_one_manifest_alone_is_found() {
        let one = ".library(name: \"SaleKit\", targets: [])\n.library(name: \"SaleKitUI\", targets: [])";
        let tree = Tree::with(&[
            ("Package.swift", one),
            ("bindings/swift/Package.swift", ".library(name: \"SaleKit\", x"),
        ]);
        assert_eq!(
            same_products(&tree).unwrap(),
            ["only Package.swift has the product SaleKitUI"]
        );
        assert_eq!(same_products(&Tree::with(&[])).unwrap().len(), 1);
    }

    #[test]
    fn what_swift_declares_at_its_top_level() {
        let source = "public import Foundation\n@MainActor public final class Field {\n    public var text = 1\n}\n#if os(iOS)\n    \
                      @available(iOS 15, *) public struct Page {\n        public let url = 1\n    }\n#endif\nstruct Inner {}\npublic func pay() {}\n";
        let tree = Tree::with(&[("Sources/A/a.swift", source)]);
        let declared: Vec<String> = swift_declared(&tree, "Sources/A").unwrap().into_iter().collect();
        assert_eq!(declared, ["Field", "Page", "pay"]);
    }

    #[test]
    fn what_kotlin_declares_at_its_top_level() {
        let source = "public sealed interface Outcome\n@Suppress(\"x\") public data class Money(\n    public val a: Int\n\
                      public fun <T> List<T>.first(): T\npublic val Card.brand: Brand\ninternal class Inner\n";
        let tree = Tree::with(&[
            ("k/src/main/kotlin/a.kt", source),
            ("k/src/test/kotlin/b.kt", "public class Test"),
        ]);
        let declared: Vec<String> = kotlin_declared(&tree, "k").unwrap().into_iter().collect();
        assert_eq!(declared, ["Money", "Outcome", "brand", "first"]);
    }

    #[test]
    fn pages_list_every_name_once() {
        let declared = ["Card", "Money"].map(str::to_owned).into();
        let listed = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        assert_eq!(
            differences("page", &declared, &listed(&["Card", "Money"])),
            Vec::<String>::new()
        );
        let found = differences("page", &declared, &listed(&["Card", "Card", "Other"]));
        let twice = |name: &str| format!("page lists {name} twice, or it is not public");
        assert_eq!(
            found,
            [twice("Card"), twice("Other"), "page does not list Money".to_owned()]
        );
        assert_eq!(differences("page", &BTreeSet::new(), &[]).len(), 1);
    }

    #[test]
    fn an_entry_leads_to_what_it_names() {
        let page = "- [Card][dev.salekit.android.Card]\n- [Money][dev.salekit.android.Other]\n- Text\n";
        let tree = Tree::with(&[("Module.md", page), ("Page.md", "- ``Card``\n")]);
        let kotlin = r"^- \[([A-Za-z0-9_]+)\]\[dev\.salekit\.android\.[A-Za-z0-9_]+\]$";
        assert_eq!(listed(&tree, "Module.md", kotlin).unwrap(), ["Card"]);
        assert_eq!(listed(&tree, "Page.md", r"^- ``([A-Za-z0-9_]+)``$").unwrap(), ["Card"]);
    }
}
