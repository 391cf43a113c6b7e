//! `cargo tool rules`: this project's own rules, which need no compiler. Each has a test beside it that shows that it bites.

mod layers;
mod pages;
mod scripts;
mod tree;
mod wording;

use crate::{check::Checks, command::Outcome, failure::Failure, project::Project};
use tree::Tree;

/// What finds the places at which a rule is broken.
enum Search {
    /// In the texts of the tree alone.
    Texts(fn(&Tree) -> Result<Vec<String>, Failure>),
    /// With another program.
    Program(fn(&Project) -> Result<Vec<String>, Failure>),
}

const RULES: &[(&str, Search)] = &[
    (
        "the core knows nothing of UniFFI",
        Search::Texts(layers::core_without_uniffi),
    ),
    (
        "the sandbox shares no code with the core",
        Search::Texts(layers::sandbox_without_core),
    ),
    (
        "builds with and without tests share their dependencies",
        Search::Program(layers::shared_builds),
    ),
    ("no path of one machine", Search::Texts(wording::machine_paths)),
    ("no host of a package registry", Search::Texts(wording::registry_hosts)),
    ("nothing left unfinished", Search::Texts(wording::unfinished)),
    ("no vague names", Search::Texts(wording::vague_names)),
    (
        "hand-written files have at most 400 lines",
        Search::Texts(wording::long_files),
    ),
    (
        "files of Rust and scripts say first what is in them",
        Search::Texts(wording::without_header),
    ),
    ("plain English", Search::Texts(wording::plain_english)),
    ("cited sections exist", Search::Texts(pages::cited_sections)),
    (
        "both Swift manifests have the same products",
        Search::Texts(pages::same_products),
    ),
    (
        "the pages of a module list what is public",
        Search::Texts(pages::lists_of_what_is_public),
    ),
    ("the scripts pass shellcheck", Search::Program(scripts::shellcheck)),
    ("no pipe breaks by chance", Search::Texts(scripts::broken_pipes)),
    ("scripts that are named exist", Search::Texts(scripts::named_scripts)),
];

pub(crate) fn rules(project: &Project) -> Outcome {
    let tree = Tree::of(project)?;
    let mut checks = Checks::new();
    for (name, search) in RULES {
        let found = match search {
            Search::Texts(search) => search(&tree),
            Search::Program(search) => search(project),
        };
        match found {
            Ok(found) => checks.none(name, found),
            // A rule that cannot be checked does not hold.
            Err(failure) => checks.check(name, Err(failure)),
        }
    }
    Ok(checks.close())
}
