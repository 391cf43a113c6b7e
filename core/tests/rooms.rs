//! The order of the core's rooms, as `core/src/lib.rs` draws it: a room imports only rooms that stand above it in that
//! list, by their names, and no two files of a room import each other in a circle.
//!
//! Unit tests inside a file may look anywhere.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects by unwrapping it"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The folders whose files count as one: the phases of a sale hand it on to one another, in circles by their nature.
const ONE: [&str; 1] = ["flow/phase"];

/// The enumerations of the public interface that may grow.
const OPEN: [&str; 15] = [
    "CardBrand",
    "Cause",
    "ClientError",
    "DeclineAdvice",
    "FailureKind",
    "GatewayState",
    "NotChargedReason",
    "Rule",
    "SaleState",
    "SnapshotError",
    "SnapshotProblem",
    "StoreError",
    "ThreeDSecureStatus",
    "UnknownAdvice",
    "UnknownReason",
];

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The rooms in the order of the picture, from the inside out.
fn drawn() -> Vec<String> {
    let front = fs::read_to_string(sources().join("lib.rs")).unwrap();
    let picture = front.split("```text").nth(1).unwrap().split("```").next().unwrap();
    let names = picture
        .lines()
        .filter_map(|line| line.strip_prefix("//!")?.split_whitespace().next());
    names.filter(|name| *name != "lib.rs").map(str::to_owned).collect()
}

/// Every source file by its path from `src`, without its unit tests and comments.
fn files() -> BTreeMap<String, String> {
    fn collect(folder: &Path, files: &mut BTreeMap<String, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                if name != "tests" {
                    collect(&path, files);
                }
            } else if name.ends_with(".rs") && name != "tests.rs" {
                let text = fs::read_to_string(&path).unwrap();
                let shipped = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
                let code: Vec<_> = shipped
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("//"))
                    .collect();
                let place = path.strip_prefix(sources()).unwrap().to_str().unwrap();
                files.insert(place.to_owned(), code.join("\n"));
            }
        }
    }
    let mut files = BTreeMap::new();
    collect(&sources(), &mut files);
    files.remove("lib.rs");
    files
}

/// The room of the file at `place`, or its own name if it stands outside of all rooms.
fn room_of(place: &str) -> &str {
    place.split('/').next().unwrap()
}

/// Every path that `code` imports or names from `crate`, `super` or `self`, in full: `{a, b::{c}}` is taken apart.
fn paths(code: &str) -> Vec<Vec<String>> {
    fn unfold(tree: &str, before: &[String], found: &mut Vec<Vec<String>>) {
        let tree = tree.trim();
        let (head, branches) = tree.split_once('{').unwrap_or((tree, ""));
        let names = head.split("::").map(|name| name.split(" as ").next().unwrap().trim());
        let path: Vec<_> = before
            .iter()
            .cloned()
            .chain(
                names
                    .filter(|name| !name.is_empty() && *name != "self" || before.is_empty())
                    .map(str::to_owned),
            )
            .filter(|name| !name.is_empty())
            .collect();
        if branches.is_empty() {
            found.push(path);
            return;
        }
        let inside = branches.strip_suffix('}').expect("a group ends its import");
        let (mut depth, mut start) = (0, 0);
        for (at, character) in inside.char_indices() {
            match character {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    unfold(&inside[start..at], &path, found);
                    start = at + 1;
                }
                _ => {}
            }
        }
        if !inside[start..].trim().is_empty() {
            unfold(&inside[start..], &path, found);
        }
    }
    let mut found = Vec::new();
    let starts = ["crate::", "super::"];
    for start in starts {
        for (at, _) in code.match_indices(start) {
            let before = &code[..at];
            // `$crate` of a macro, and the middle of a longer path.
            if before.ends_with("::") || before.ends_with(|last: char| last.is_alphanumeric() || last == '_') {
                continue;
            }
            let is_import = before.ends_with("use ");
            let rest = &code[at..];
            let end = if is_import {
                rest.find(';').unwrap()
            } else {
                rest.find(|next: char| !(next.is_alphanumeric() || matches!(next, '_' | ':')))
                    .unwrap_or(rest.len())
            };
            unfold(&rest[..end], &[], &mut found);
        }
    }
    found
}

#[test]
fn the_picture_shows_every_room() {
    let mut drawn = drawn();
    drawn.sort();
    let files = files();
    let rooms: BTreeSet<_> = files.keys().map(|place| room_of(place)).collect();
    assert_eq!(
        rooms.into_iter().collect::<Vec<_>>(),
        drawn,
        "core/src and its picture in lib.rs"
    );
}

#[test]
fn a_room_imports_only_rooms_further_inside() {
    let order = drawn();
    let place_of = |room: &str| order.iter().position(|drawn| drawn == room);
    let mut wrong = Vec::new();
    let mut seen = 0;
    for (place, code) in files() {
        let own = place_of(room_of(&place)).unwrap();
        for path in paths(&code).iter().filter(|path| path[0] == "crate") {
            seen += 1;
            match place_of(&path[1]) {
                None => wrong.push(format!("{place}: name the room of {}", path.join("::"))),
                Some(other) if other > own => {
                    wrong.push(format!("{place}: {} is further outside", path.join("::")));
                }
                Some(_) => {}
            }
        }
    }
    assert!(seen > 200, "only {seen} imports were read");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The files of one room and what they import from each other, by the module that an import names.
struct Neighbours(BTreeMap<String, BTreeSet<String>>);

impl Neighbours {
    fn of(files: &BTreeMap<String, String>) -> Self {
        let mut neighbours = BTreeMap::new();
        for (place, code) in files {
            let from = unit(place);
            let arrows: &mut BTreeSet<_> = neighbours.entry(from.clone()).or_default();
            for path in paths(code) {
                if let Some(to) = resolve(files, place, &path)
                    && unit(&to) != from
                    && !is_face(place)
                {
                    arrows.insert(unit(&to));
                }
            }
        }
        Self(neighbours)
    }

    /// A circle, if there is one.
    fn circle(&self) -> Option<Vec<String>> {
        fn visit(
            all: &Neighbours,
            at: &str,
            way: &mut Vec<String>,
            done: &mut BTreeSet<String>,
        ) -> Option<Vec<String>> {
            if let Some(first) = way.iter().position(|passed| passed == at) {
                return Some(way[first..].to_vec());
            }
            if !done.insert(at.to_owned()) {
                return None;
            }
            way.push(at.to_owned());
            for next in all.0.get(at).into_iter().flatten() {
                if let Some(circle) = visit(all, next, way, done) {
                    return Some(circle);
                }
            }
            way.pop();
            None
        }
        let mut done = BTreeSet::new();
        self.0.keys().find_map(|at| visit(self, at, &mut Vec::new(), &mut done))
    }
}

/// A file, or the folder that counts as one.
fn unit(place: &str) -> String {
    let folder = ONE.iter().find(|folder| place.starts_with(&format!("{folder}/")));
    folder.map_or_else(|| place.to_owned(), |folder| (*folder).to_owned())
}

/// A room's front only hands on what others define.
fn is_face(place: &str) -> bool {
    place.ends_with("/mod.rs") && !place.starts_with("flow/") && !place.starts_with("card/form/")
}

/// The file that `path`, written in the file at `place`, leads to: that of the module it names, or, through a front, the
/// one that defines the name.
fn resolve(files: &BTreeMap<String, String>, place: &str, path: &[String]) -> Option<String> {
    let stem = place.strip_suffix(".rs").unwrap();
    let mut module: Vec<String> = stem.split('/').map(str::to_owned).collect();
    if module.last().is_some_and(|last| last == "mod") {
        module.pop();
    }
    let mut names = path.iter();
    for name in names
        .by_ref()
        .take_while(|name| matches!(name.as_str(), "crate" | "super"))
    {
        if name == "crate" {
            module.clear();
        } else {
            module.pop();
        }
    }
    let skipped = path
        .iter()
        .take_while(|name| matches!(name.as_str(), "crate" | "super"))
        .count();
    for name in &path[skipped..] {
        let deeper = [module.as_slice(), std::slice::from_ref(name)].concat();
        if file_of(files, &deeper).is_some() {
            module = deeper;
            continue;
        }
        let front = file_of(files, &module)?;
        // The front hands the name on from one of its modules.
        let handed_on = paths_of_front(&files[&front])
            .into_iter()
            .find(|handed| handed.last() == Some(name) && handed.len() > 1)
            .and_then(|handed| file_of(files, &[module.as_slice(), &handed[..handed.len() - 1]].concat()));
        return handed_on.or(Some(front));
    }
    file_of(files, &module)
}

fn file_of(files: &BTreeMap<String, String>, module: &[String]) -> Option<String> {
    let stem = module.join("/");
    [format!("{stem}.rs"), format!("{stem}/mod.rs")]
        .into_iter()
        .find(|place| files.contains_key(place))
}

/// What a front hands on: `pub use module::{A, B}`.
fn paths_of_front(code: &str) -> Vec<Vec<String>> {
    let uses = code.split("\npub").filter_map(|item| {
        let item = item
            .strip_prefix("(crate)")
            .or_else(|| item.strip_prefix("(super)"))
            .unwrap_or(item);
        item.strip_prefix(" use ")?.split(';').next()
    });
    let as_own = |tree: &str| format!("use super::{};", tree.strip_prefix("self::").unwrap_or(tree));
    uses.flat_map(|tree| {
        // A group of modules at the top, `{a::A, b::B}`, is unfolded like any other.
        paths(&as_own(tree)).into_iter().map(|path| path[1..].to_vec())
    })
    .collect()
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let files = files();
    let neighbours = Neighbours::of(&files);
    let arrows: usize = neighbours.0.values().map(BTreeSet::len).sum();
    assert!(arrows > 300, "only {arrows} arrows were read");
    assert_eq!(neighbours.circle(), None);
}

/// What decides about money is told the time: the same events must always lead to the same state.
#[test]
fn no_clock_is_read_where_money_is_decided() {
    let rooms = ["json", "wire", "outcome", "flow"];
    let files = files();
    let mut read: Vec<_> = files
        .iter()
        .filter(|(place, _)| rooms.contains(&room_of(place)))
        .filter(|(_, code)| {
            ["::now(", "SystemTime", "Instant"]
                .iter()
                .any(|clock| code.contains(clock))
        })
        .map(|(place, _)| place.as_str())
        .collect();
    read.sort_unstable();
    assert!(read.is_empty(), "{read:?}");
    assert!(files["value/time.rs"].contains("SystemTime"), "the clock has moved");
}

/// The workspace builds with `exhaustive`, so no compiler would say that a growing enumeration was closed, or the other way
/// round. The ends of a sale, and whether money moved, must stay closed.
#[test]
fn growing_enumerations_are_open_and_the_ends_of_a_sale_are_not() {
    let mut open = BTreeSet::new();
    for code in files().values() {
        for after in code
            .split("#[cfg_attr(not(feature = \"exhaustive\"), non_exhaustive)]")
            .skip(1)
        {
            let name = after
                .split("pub enum ")
                .nth(1)
                .unwrap()
                .split([' ', '{'])
                .next()
                .unwrap();
            open.insert(name.to_owned());
        }
    }
    let open: Vec<_> = open.iter().map(String::as_str).collect();
    assert_eq!(open, OPEN);
}
