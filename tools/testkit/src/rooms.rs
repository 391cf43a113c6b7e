//! The order of a crate's rooms, as its `lib.rs` draws it in a picture, and the arrows between its files, read from their
//! sources. What a crate asks of them, its own test says.
//!
//! Unit tests inside a file may look anywhere.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// The rooms of a crate: the folders, and the loose files, that stand in its `src`.
#[derive(Debug)]
pub struct Rooms {
    order: Vec<String>,
    files: BTreeMap<String, String>,
    one: Vec<String>,
}

impl Rooms {
    /// Reads the crate at `root`. Each folder of `one` counts as one file.
    pub fn of(root: &str, one: &[&str]) -> Self {
        let sources = Path::new(root).join("src");
        let front = fs::read_to_string(sources.join("lib.rs")).unwrap();
        let mut files = BTreeMap::new();
        collect(&sources, &sources, &mut files);
        files.retain(|place, _| place != "lib.rs" && place != "main.rs");
        Self {
            order: drawn(&front),
            files,
            one: one.iter().map(|folder| (*folder).to_owned()).collect(),
        }
    }

    /// Every source file by its path from `src`, without its unit tests and comments.
    pub fn files(&self) -> &BTreeMap<String, String> {
        &self.files
    }

    /// The rooms that the picture shows and that are not there, and those that are there and that it does not show.
    pub fn misdrawn(&self) -> Vec<String> {
        let drawn: BTreeSet<_> = self.order.iter().map(String::as_str).collect();
        let standing: BTreeSet<_> = self.files.keys().map(|place| room_of(place)).collect();
        drawn
            .symmetric_difference(&standing)
            .map(|room| (*room).to_owned())
            .collect()
    }

    /// How many imports were read, and each that does not name the room it leads to, or leads to one that stands
    /// further down in the picture.
    pub fn outward(&self) -> (usize, Vec<String>) {
        let place_of = |room: &str| self.order.iter().position(|drawn| drawn == room);
        let (mut read, mut wrong) = (0, Vec::new());
        for (place, code) in &self.files {
            let own = place_of(room_of(place)).unwrap();
            for path in paths(code) {
                let names = self.names(place, &path);
                let Some(room) = names.first() else { continue };
                read += usize::from(path[0] == "crate");
                match place_of(room) {
                    None => wrong.push(format!("{place}: name the room of {}", path.join("::"))),
                    Some(other) if other > own => {
                        wrong.push(format!("{place}: {} is further outside", path.join("::")));
                    }
                    Some(_) => {}
                }
            }
        }
        (read, wrong)
    }

    /// How many arrows between files were read, and a circle of them, if there is one.
    pub fn circle(&self) -> (usize, Option<Vec<String>>) {
        let arrows = self.arrows();
        let mut done = BTreeSet::new();
        let circle = arrows
            .keys()
            .find_map(|at| circle_at(&arrows, at, &mut Vec::new(), &mut done));
        (arrows.values().map(BTreeSet::len).sum(), circle)
    }

    /// The files, and what they import from each other, by the file that an import leads to.
    fn arrows(&self) -> BTreeMap<String, BTreeSet<String>> {
        let mut all = BTreeMap::new();
        for (place, code) in &self.files {
            let from = self.unit(place);
            let arrows: &mut BTreeSet<_> = all.entry(from.clone()).or_default();
            let own = if is_front(place) {
                paths_of_children(code)
            } else {
                Vec::new()
            };
            for path in paths(code).iter().chain(&own) {
                if let Some(to) = self.resolve(place, path) {
                    arrows.insert(self.unit(&to));
                }
            }
            arrows.remove(&from);
        }
        all
    }

    /// A file, or the folder that counts as one.
    fn unit(&self, place: &str) -> String {
        let folder = self.one.iter().find(|folder| place.starts_with(&format!("{folder}/")));
        folder.map_or_else(|| place.to_owned(), Clone::clone)
    }

    /// The names of `path`, written in the file at `place`, from the crate on.
    fn names(&self, place: &str, path: &[String]) -> Vec<String> {
        let stem = place.strip_suffix(".rs").unwrap();
        let mut names: Vec<String> = stem.split('/').map(str::to_owned).collect();
        if is_front(place) {
            names.pop();
        }
        for name in path {
            match name.as_str() {
                "crate" => names.clear(),
                "super" => drop(names.pop()),
                "self" => {}
                name => names.push(name.to_owned()),
            }
        }
        names
    }

    /// The file that `path`, written in the file at `place`, leads to: that of the module it names, or, through a front,
    /// the one that defines the name.
    fn resolve(&self, place: &str, path: &[String]) -> Option<String> {
        let names = self.names(place, path);
        let inside = (0..=names.len())
            .rev()
            .find(|length| self.file_of(&names[..*length]).is_some())?;
        let file = self.file_of(&names[..inside])?;
        let Some(name) = names.get(inside) else {
            return Some(file);
        };
        // The front hands the name on from one of its modules.
        let handed_on = paths_of_front(&self.files[&file])
            .into_iter()
            .find(|handed| handed.last() == Some(name) && handed.len() > 1)
            .and_then(|handed| self.file_of(&[&names[..inside], &handed[..handed.len() - 1]].concat()));
        Some(handed_on.unwrap_or(file))
    }

    fn file_of(&self, module: &[String]) -> Option<String> {
        let stem = module.join("/");
        [format!("{stem}.rs"), format!("{stem}/mod.rs")]
            .into_iter()
            .find(|place| self.files.contains_key(place))
    }
}

/// The rooms in the order of the picture, from the inside out.
fn drawn(front: &str) -> Vec<String> {
    let picture = front.split("```text").nth(1).unwrap().split("```").next().unwrap();
    let names = picture
        .lines()
        .filter_map(|line| line.strip_prefix("//!")?.split_whitespace().next());
    names.filter(|name| *name != "lib.rs").map(str::to_owned).collect()
}

fn collect(sources: &Path, folder: &Path, files: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            if name != "tests" {
                collect(sources, &path, files);
            }
        } else if name.ends_with(".rs") && name != "tests.rs" {
            let text = fs::read_to_string(&path).unwrap();
            let shipped = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            let code: Vec<_> = shipped
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect();
            let place = path.strip_prefix(sources).unwrap().to_str().unwrap();
            files.insert(place.to_owned(), code.join("\n"));
        }
    }
}

/// The room of the file at `place`; a file that stands outside of all others is one.
pub fn room_of(place: &str) -> &str {
    let first = place.split('/').next().unwrap();
    first.strip_suffix(".rs").unwrap_or(first)
}

fn is_front(place: &str) -> bool {
    place.ends_with("/mod.rs")
}

fn circle_at(
    all: &BTreeMap<String, BTreeSet<String>>,
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
    for next in all.get(at).into_iter().flatten() {
        if let Some(circle) = circle_at(all, next, way, done) {
            return Some(circle);
        }
    }
    way.pop();
    None
}

/// Every path that `code` imports or names from `crate` or `super`, in full: `{a, b::{c}}` is taken apart.
fn paths(code: &str) -> Vec<Vec<String>> {
    ["crate::", "super::"]
        .iter()
        .flat_map(|start| paths_from(code, start))
        .collect()
}

/// What the code of a front names of its own modules. What it only hands on is no arrow.
fn paths_of_children(code: &str) -> Vec<Vec<String>> {
    let statements = code.split_inclusive(';');
    let own: String = statements.filter(|it| !is_handing_on(it)).collect();
    let modules = own
        .split(';')
        .filter_map(|it| it.trim().rsplit_once("mod ").map(|(_, name)| name));
    let starts = modules
        .filter(|name| is_name(name))
        .map(|name| format!("{name}::"))
        .chain(["self::".to_owned()]);
    starts.flat_map(|start| paths_from(&own, &start)).collect()
}

fn is_handing_on(statement: &str) -> bool {
    let lines = statement.lines().map(str::trim);
    let mut code = lines.filter(|line| !line.is_empty() && !line.starts_with("#["));
    code.next()
        .is_some_and(|first| first.starts_with("pub use ") || first.starts_with("pub(") && first.contains(") use "))
}

fn is_name(text: &str) -> bool {
    text.chars().all(|it| it.is_alphanumeric() || it == '_')
}

/// Every path in `code` that begins with `start`.
fn paths_from(code: &str, start: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices(start) {
        let before = &code[..at];
        // The middle of a longer path, or of a name.
        if before.ends_with("::") || before.ends_with(|last: char| last.is_alphanumeric() || last == '_') {
            continue;
        }
        let rest = &code[at..];
        let end = if before.ends_with("use ") {
            rest.find(';').unwrap()
        } else {
            rest.find(|next: char| !(next.is_alphanumeric() || matches!(next, '_' | ':')))
                .unwrap_or(rest.len())
        };
        unfold(&rest[..end], &[], &mut found);
    }
    found
}

fn unfold(tree: &str, before: &[String], found: &mut Vec<Vec<String>>) {
    let tree = tree.trim();
    let (head, branches) = tree.split_once('{').unwrap_or((tree, ""));
    let names = head.split("::").map(|name| name.split(" as ").next().unwrap().trim());
    let path: Vec<_> = before
        .iter()
        .cloned()
        .chain(
            names
                .filter(|name| !name.is_empty() && (*name != "self" || before.is_empty()))
                .map(str::to_owned),
        )
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

/// What a front hands on: `pub use module::{A, B}`.
fn paths_of_front(code: &str) -> Vec<Vec<String>> {
    let uses = code.split("\npub").filter_map(|item| {
        let item = item
            .strip_prefix("(crate)")
            .or_else(|| item.strip_prefix("(super)"))
            .unwrap_or(item);
        item.strip_prefix(" use ")?.split(';').next()
    });
    uses.flat_map(|tree| {
        let mut handed = Vec::new();
        unfold(tree.strip_prefix("self::").unwrap_or(tree), &[], &mut handed);
        handed
    })
    .collect()
}
