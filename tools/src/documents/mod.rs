//! `cargo tool documents`: what the documents say exists, and every snippet in them has something that checks it.
//!
//! `page` reads a document, `links` follows its links, images and paths, `snippets` asks what checks each snippet. None of
//! them compiles anything: the suites that do are named in `snippets`.

mod links;
mod page;
mod site;
mod snippets;
mod tree;

use crate::{check::Checks, command::Outcome, project::Project};
use page::Page;
pub(crate) use site::site;
use tree::Tree;

pub(crate) fn documents(project: &Project) -> Outcome {
    let tree = Tree::of(project)?;
    let pages: Vec<Page> = tree.ending(".md").map(|(path, text)| Page::read(path, text)).collect();
    let mut checks = Checks::new();
    checks.holds("there are documents", pages.len() > 20);
    for page in &pages {
        let path = page.path();
        checks.none(format!("the links of {path}"), links::broken(page, &pages, &tree));
        checks.none(
            format!("the paths that {path} names"),
            links::missing_paths(page, &tree),
        );
        checks.none(
            format!("the snippets of {path}"),
            snippets::unchecked(page, &pages, &tree)?,
        );
    }
    checks.none("every page is in docs/SUMMARY.md", links::not_in_the_site(&pages));
    Ok(checks.close())
}
