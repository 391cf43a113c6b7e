//! The public types of a crate, read from its sources: what `lib.rs` exports with `pub use`, and the contents of its
//! public modules. There is no list to maintain, so a new type is noticed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// The names of the structs and enumerations with `Debug` that the crate at `root` exports.
pub fn shown_types(root: &Path) -> BTreeSet<String> {
    let source = root.join("src");
    let mut files = BTreeMap::new();
    read(&source, &mut files);
    let everything: String = files.values().map(|text| format!("{text}\n")).collect();
    let mut names = BTreeSet::new();
    public_names(&source.join("lib.rs"), &files, &mut names);
    names.retain(|name| is_type(&everything, name) && has_debug(&everything, name));
    names
}

/// All files below `folder`, without their unit tests.
fn read(folder: &Path, files: &mut BTreeMap<PathBuf, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let shipped = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
            files.insert(path, shipped.to_owned());
        }
    }
}

/// The names that the module in `file` exports, and those of the public modules below it.
fn public_names(file: &Path, files: &BTreeMap<PathBuf, String>, names: &mut BTreeSet<String>) {
    let text = &files[file];
    let folder = match file.file_stem().unwrap().to_str().unwrap() {
        "lib" | "mod" => file.parent().unwrap().to_owned(),
        _ => file.with_extension(""),
    };
    for item in text.split(['\n', ';']).map(str::trim) {
        if let Some(module) = item.strip_prefix("pub mod ") {
            let candidates = [
                folder.join(module).with_extension("rs"),
                folder.join(module).join("mod.rs"),
            ];
            let below = candidates.iter().find(|path| files.contains_key(*path)).unwrap();
            public_names(below, files, names);
        }
        for keyword in ["pub struct ", "pub enum "] {
            names.extend(item.strip_prefix(keyword).map(first_word));
        }
    }
    for uses in text.split("pub use ").skip(1) {
        let uses = uses.split(';').next().unwrap_or_default();
        let words = uses.split(|character: char| !(character.is_alphanumeric() || character == '_'));
        names.extend(
            words
                .filter(|word| word.starts_with(char::is_uppercase))
                .map(str::to_owned),
        );
    }
}

fn first_word(text: &str) -> String {
    text.chars()
        .take_while(|character| character.is_alphanumeric() || *character == '_')
        .collect()
}

fn definition<'a>(text: &'a str, name: &str) -> Option<(&'a str, &'a str)> {
    ["struct", "enum"].iter().find_map(|keyword| {
        let found = format!("pub {keyword} {name}");
        text.match_indices(&found).find_map(|(at, _)| {
            let behind = &text[at + found.len()..];
            let is_whole = !behind.starts_with(|next: char| next.is_alphanumeric() || next == '_');
            is_whole.then(|| text.split_at(at))
        })
    })
}

fn is_type(text: &str, name: &str) -> bool {
    definition(text, name).is_some()
}

/// Whether `name` derives or implements `Debug`.
fn has_debug(text: &str, name: &str) -> bool {
    let (before, _) = definition(text, name).unwrap();
    // The text between the item before and this one: comments and attributes.
    let attributes = before.rsplit_once("\n}").map_or(before, |(_, attributes)| attributes);
    let derives = attributes
        .rsplit_once("#[derive(")
        .is_some_and(|(_, derives)| derives.split(')').next().unwrap_or_default().contains("Debug"));
    let writes = text.match_indices("Debug for ").any(|(at, found)| {
        let behind = &text[at + found.len()..];
        first_word(behind.rsplit("::").next().unwrap_or(behind)) == name || first_word(behind) == name
    });
    derives || writes
}
