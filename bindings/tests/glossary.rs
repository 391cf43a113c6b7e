//! The glossary's names are the sources' names, and none that it replaced is left.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Fewer would mean that a part of the table was not read.
const FEWEST_CONCEPTS: usize = 30;

fn project() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// All files below `place` (or the one that it is) with one of these endings.
fn files(place: &str, endings: &[&str]) -> Vec<PathBuf> {
    let path = project().join(place);
    if path.is_file() {
        return vec![path];
    }
    let mut found = Vec::new();
    let mut folders = vec![path];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() && !["target", ".build", "node_modules"].contains(&name) {
                folders.push(path);
            } else if path.is_file() && endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// One language's sources, without comments.
struct Language {
    name: &'static str,
    code: String,
    /// What stands before the name of a type.
    types: &'static [&'static str],
}

impl Language {
    fn new(name: &'static str, places: &[&str], ending: &str, types: &'static [&'static str]) -> Self {
        let code = places
            .iter()
            .flat_map(|place| files(place, &[ending]))
            .map(|file| fs::read_to_string(file).unwrap())
            .flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>())
            .filter(|line| !["//", "*", "/*"].iter().any(|mark| line.trim_start().starts_with(mark)))
            .collect::<Vec<_>>()
            .join("\n");
        assert!(code.len() > 10_000, "{name} has no sources");
        Self { name, code, types }
    }

    /// What is between the brackets after each declaration of the type `name`: members, and those of its extensions.
    fn bodies(&self, name: &str) -> Vec<&str> {
        let mut bodies = Vec::new();
        for keyword in self.types {
            let declaration = format!("{keyword} {name}");
            for (place, _) in self.code.match_indices(&declaration) {
                let after = &self.code[place + declaration.len()..];
                if !after.starts_with(is_part_of_a_name) {
                    bodies.push(bracketed(after));
                }
            }
        }
        bodies
    }

    /// Whether `path`, a type or a member of one, is declared.
    fn declares(&self, path: &str) -> bool {
        let parts: Vec<&str> = path.split('.').collect();
        match parts.as_slice() {
            [name] => !self.bodies(name).is_empty(),
            // A type within a type is found by its own name.
            [.., owner, member] => self.bodies(owner).iter().any(|body| has_word(body, member)),
            [] => false,
        }
    }
}

fn is_part_of_a_name(char: char) -> bool {
    char.is_alphanumeric() || char == '_'
}

fn has_word(text: &str, word: &str) -> bool {
    text.match_indices(word).any(|(place, _)| {
        !text[..place].ends_with(is_part_of_a_name) && !text[place + word.len()..].starts_with(is_part_of_a_name)
    })
}

/// The round and the curly brackets that a declaration opens, up to the end of the last one.
fn bracketed(after: &str) -> &str {
    let (mut depth, mut end) = (0_usize, 0);
    for (place, char) in after.char_indices() {
        match char {
            '(' | '{' => depth += 1,
            ')' | '}' if depth == 0 => break,
            ')' | '}' => {
                depth -= 1;
                end = place;
                if depth == 0 && char == '}' {
                    break;
                }
            }
            // Nothing, or nothing more, belongs to the declaration.
            '\n' | ';'
                if depth == 0
                    && !after[place..].trim_start().starts_with(['{', ':'])
                    && !after[..place].trim_end().ends_with([':', ',']) =>
            {
                break;
            }
            _ => {}
        }
    }
    &after[..end]
}

struct Concept {
    name: String,
    /// Of the core, the contract, Kotlin and Swift.
    names: Vec<String>,
    is_explained: bool,
}

/// The glossary's table of names.
fn concepts() -> Vec<Concept> {
    let glossary = fs::read_to_string(project().join("docs/glossary.md")).unwrap();
    let section = glossary
        .split("\n## ")
        .find(|part| part.starts_with("Names in each language"));
    let rows = section.unwrap().lines().filter(|line| line.starts_with('|')).skip(2);
    rows.map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 6, "{row}");
        let name = |cell: &&str| {
            cell.strip_prefix('`')
                .and_then(|cell| cell.strip_suffix('`'))
                .unwrap()
                .to_owned()
        };
        Concept {
            name: cells[0].to_owned(),
            names: cells[1..5].iter().map(name).collect(),
            is_explained: !cells[5].is_empty(),
        }
    })
    .collect()
}

#[test]
fn every_name_of_the_glossary_is_in_the_sources() {
    let languages = [
        Language::new("the core", &["core/src"], ".rs", &["struct", "enum", "trait", "impl"]),
        Language::new(
            "the contract",
            &["udl/salekit.udl"],
            ".udl",
            &["dictionary", "enum", "interface"],
        ),
        Language::new(
            "Kotlin",
            &["bindings/kotlin/src/main"],
            ".kt",
            &["class", "interface", "object"],
        ),
        // Records come from the contract as they are, so they are declared in what is generated, and exported.
        Language::new(
            "Swift",
            &["bindings/swift/Sources"],
            ".swift",
            &["struct", "class", "enum", "protocol", "extension"],
        ),
    ];
    let exported = Language::new(
        "Swift",
        &["bindings/swift/Sources/SaleKit"],
        ".swift",
        &[
            "public struct",
            "public final class",
            "public enum",
            "public protocol",
            "public typealias",
        ],
    );
    let concepts = concepts();
    assert!(concepts.len() >= FEWEST_CONCEPTS, "{} concepts", concepts.len());
    let mut missing = Vec::new();
    for concept in &concepts {
        for (language, name) in languages.iter().zip(&concept.names) {
            if !language.declares(name) {
                missing.push(format!("{}: no {name} in {}", concept.name, language.name));
            }
        }
        let swift = concept.names[3].split('.').next().unwrap();
        if !exported.declares(swift) {
            missing.push(format!("{}: Swift does not export {swift}", concept.name));
        }
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn a_concept_has_one_name_unless_the_glossary_says_why() {
    for concept in concepts() {
        let mut names: Vec<String> = concept
            .names
            .iter()
            .map(|name| name.rsplit('.').next().unwrap().replace('_', "").to_lowercase())
            .collect();
        names.sort();
        names.dedup();
        assert_eq!(
            names.len() > 1,
            concept.is_explained,
            "{}: {:?}",
            concept.name,
            concept.names
        );
    }
}

/// What the names of the glossary took the place of.
const FORMER: [&str; 43] = [
    "Patience",
    "HostFailed",
    "hostFailed",
    "HOST_FAILED",
    "host_failed",
    "HostError",
    "HostException",
    "HostCalls",
    "Unresolved",
    "unresolved",
    "SaleOptions",
    "CheckedOptions",
    "InitiateQuestion",
    "InvoiceQuestion",
    "SaleStore",
    "StoredCardReference",
    "StoredCardWithCode",
    "BrandProfile",
    "brand_profiles",
    "brandProfiles",
    "KeyPin",
    "warm_up",
    "warmUp",
    "WarmUp",
    "started_ms",
    "startedMs",
    "startedMillis",
    "expires_ms",
    "expiresMs",
    "commission_minor",
    "commissionMinor",
    "from_minor",
    "DamagedSnapshot",
    "with_security",
    "with_label",
    "with_time_limits",
    "askShop",
    "ask_shop",
    "contact_shop",
    "shop_unavailable",
    "shop_url",
    "shopUrl",
    "shopURL",
];

/// Types that were called after the shop.
fn is_of_a_shop(word: &str) -> bool {
    let of_people = ["ShopApp"];
    let after = |mark: &str| {
        word.match_indices(mark)
            .any(|(place, _)| word[place + mark.len()..].starts_with(|char: char| char.is_uppercase() || char == '_'))
    };
    !of_people.contains(&word) && (after("Shop") || after("shop") || word.ends_with("Shop") && word.len() > 4)
}

/// What an app or a merchant sees, and what it is made of.
const PLACES: [&str; 12] = [
    "core/src",
    "core/tests",
    "udl/salekit.udl",
    "bindings/src",
    "bindings/tests",
    "bindings/kotlin/src",
    "bindings/kotlin-android/src",
    "bindings/swift/Sources",
    "bindings/swift/Tests",
    "sandbox/src",
    "docs",
    "scripts",
];

#[test]
fn no_former_name_is_left() {
    let own = ["glossary.rs", "former_names.rs", "stored.rs"];
    let documents = [
        "README.md",
        "SECURITY.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
        "bindings/kotlin/README.md",
        "bindings/kotlin-android/README.md",
        "bindings/kotlin-compose/README.md",
        "bindings/kotlin-testing/README.md",
        "bindings/swift/README.md",
    ];
    let endings = [
        ".rs",
        ".udl",
        ".kt",
        ".java",
        ".swift",
        ".md",
        ".properties",
        ".toml",
        ".xml",
    ];
    let mut left = Vec::new();
    for file in PLACES.iter().chain(&documents).flat_map(|place| files(place, &endings)) {
        if own.iter().any(|own| file.ends_with(own)) {
            continue;
        }
        for (number, line) in fs::read_to_string(&file).unwrap().lines().enumerate() {
            for word in line.split(|char| !is_part_of_a_name(char)) {
                if FORMER.contains(&word) || is_of_a_shop(word) {
                    left.push(format!("{}:{}: {word}", file.display(), number + 1));
                }
            }
        }
    }
    assert!(left.is_empty(), "{}", left.join("\n"));
}
