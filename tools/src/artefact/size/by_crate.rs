//! Where the bytes of a library go: code by crate, the rest by section, as Markdown tables. `cargo bloat` cannot be used: it
//! builds all kinds of library at once, and cargo then leaves out link-time optimisation.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use object::{Object as _, ObjectSection as _, ObjectSymbol as _, SectionKind};

use crate::{
    artefact::library::facts::{self, Facts},
    failure::Failure,
};

/// Generic code of these counts towards the crate that uses it.
const STANDARD: &[&str] = &[
    "std",
    "core",
    "alloc",
    "compiler_builtins",
    "hashbrown",
    "gimli",
    "addr2line",
    "miniz_oxide",
    "rustc_demangle",
    "object",
    "memchr",
    "unwind",
    "panic_unwind",
    "std_detect",
    "adler2",
];
/// How the names of ring's C and assembler functions begin.
const RING: &[&str] = &[
    "ring_core",
    "bn_",
    "ecp_",
    "p256",
    "fiat_",
    "x25519",
    "gcm_",
    "aes_",
    "vpaes",
    "sha",
    "chacha",
    "poly1305",
    "LIMBS",
];
/// More sections than this are not shown: the rest is small.
const MOST_SECTIONS: usize = 10;

/// The tables of a library that still has its symbols. `name` is for the message.
pub(super) fn tables(name: &str, bytes: &[u8]) -> Result<String, Failure> {
    let Facts::Shared(library) = facts::read(name, bytes)? else {
        return Err(Failure::unfit(format!(
            "{name} is an archive: what its linker takes is not known yet"
        )));
    };
    let code = code(bytes).map_err(|error| Failure::unfit(format!("{name} cannot be read: {error}")))?;
    if code.is_empty() {
        return Err(Failure::unfit(format!(
            "{name} has no symbols: the one in target/release has them"
        )));
    }
    Ok(shown(&code, &library.loaded))
}

/// Bytes of code by crate.
fn code(bytes: &[u8]) -> object::Result<BTreeMap<String, u64>> {
    let file = object::File::parse(bytes)?;
    let mut functions = BTreeMap::new();
    for symbol in file.symbols().filter(|symbol| symbol.is_definition()) {
        let section = symbol
            .section_index()
            .map(|index| file.section_by_index(index))
            .transpose()?;
        if section.is_some_and(|section| section.kind() == SectionKind::Text) {
            functions.insert((symbol.name()?, symbol.address()), symbol.size());
        }
    }
    let (mut seen, mut code) = (BTreeSet::new(), BTreeMap::new());
    for ((name, address), size) in functions {
        // The linker has folded functions with the same code into one.
        if seen.insert(address) {
            *code
                .entry(crate_of(&format!("{:#}", rustc_demangle::demangle(name))))
                .or_default() += size;
        }
    }
    Ok(code)
}

fn shown(code: &BTreeMap<String, u64>, sections: &BTreeMap<String, u64>) -> String {
    let total = sections.get(".text").copied().unwrap_or_default();
    let named: u64 = code.values().sum();
    let mut text = format!("| crate | code, bytes | of {total} |\n| --- | ---: | ---: |\n");
    let mut row = |name: &str, size: u64| {
        let share = (1000 * size + total / 2) / total.max(1);
        let _ = writeln!(text, "| {name} | {size} | {}.{} % |", share / 10, share % 10);
    };
    let mut crates: Vec<_> = code.iter().collect();
    crates.sort_by_key(|(name, size)| (Reverse(**size), *name));
    let (big, small): (Vec<_>, Vec<_>) = crates.into_iter().partition(|(_, size)| **size * 200 >= total);
    for (name, size) in big {
        row(name, *size);
    }
    row("all others", small.into_iter().map(|(_, size)| size).sum());
    row("without a name", total.saturating_sub(named));
    text.push_str("\n| section | bytes |\n| --- | ---: |\n");
    let mut sections: Vec<_> = sections.iter().collect();
    sections.sort_by_key(|(name, size)| (Reverse(**size), *name));
    for (name, size) in sections.into_iter().take(MOST_SECTIONS) {
        let _ = writeln!(text, "| `{name}` | {size} |");
    }
    text
}

/// The crate that a function belongs to: of `<a::B as c::D>::e` it is a, unless that is the standard library.
fn crate_of(name: &str) -> String {
    let begins_with_one_of = |beginnings: &[&str]| beginnings.iter().any(|beginning| name.starts_with(beginning));
    if begins_with_one_of(RING) {
        return "ring".to_owned();
    }
    if begins_with_one_of(&["ffi_salekit", "uniffi_salekit"]) {
        return "salekit".to_owned();
    }
    let crates = crates_in(name);
    let first = crates.iter().find(|name| !STANDARD.contains(name));
    match (first, crates.is_empty()) {
        (Some(name), _) => (*name).to_owned(),
        (None, false) => "std".to_owned(),
        (None, true) => "(C and run time)".to_owned(),
    }
}

/// Every name that begins a path `NAME::`.
fn crates_in(name: &str) -> Vec<&str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '$';
    let mut found = Vec::new();
    for (at, _) in name.match_indices("::") {
        let before = name.get(..at).unwrap_or_default();
        let start = before.rfind(|c| !is_part(c)).map_or(0, |last| last + 1);
        let word = before.get(start..).unwrap_or_default();
        let inside_a_path = before.get(..start).unwrap_or_default().ends_with(':');
        if !inside_a_path && word.starts_with(|c: char| c.is_ascii_lowercase() || c == '_') {
            found.push(word);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_belongs_to_the_crate_that_made_it_be_there() {
        for (name, expected) in [
            ("salekit_core::flow::step", "salekit_core"),
            ("<salekit_core::flow::Step as core::fmt::Debug>::fmt", "salekit_core"),
            (
                "<alloc::vec::Vec<rustls::msgs::Payload> as core::clone::Clone>::clone",
                "rustls",
            ),
            ("core::ptr::drop_in_place::<tokio::net::TcpStream>", "tokio"),
            ("core::fmt::write", "std"),
            ("<&str as core::fmt::Display>::fmt", "std"),
            ("ring_core_0_17_14__gcm_init", "ring"),
            ("uniffi_salekit_fn_func_pending", "salekit"),
            ("memcpy", "(C and run time)"),
            ("__rust_alloc", "(C and run time)"),
        ] {
            assert_eq!(crate_of(name), expected, "{name}");
        }
    }

    #[test]
    fn small_crates_and_code_without_a_name_have_a_row_each() {
        let code = BTreeMap::from([("a", 600_u64), ("b", 3), ("c", 1)].map(|(name, size)| (name.to_owned(), size)));
        let sections =
            BTreeMap::from([(".text", 1000_u64), (".rodata", 2000)].map(|(name, size)| (name.to_owned(), size)));
        let expected = "| crate | code, bytes | of 1000 |\n| --- | ---: | ---: |\n| a | 600 | 60.0 % |\n\
                        | all others | 4 | 0.4 % |\n| without a name | 396 | 39.6 % |\n\n\
                        | section | bytes |\n| --- | ---: |\n| `.rodata` | 2000 |\n| `.text` | 1000 |\n";
        assert_eq!(shown(&code, &sections), expected);
    }

    /// This program is one that has its symbols.
    #[test]
    #[cfg(target_os = "linux")]
    fn the_crates_of_a_program_are_found() {
        let bytes = std::fs::read("/proc/self/exe").unwrap();
        let code = code(&bytes).unwrap();
        for name in ["tool", "std", "toml", "object"] {
            assert!(code.contains_key(name) || STANDARD.contains(&name), "{name}");
        }
        assert!(code.get("tool").is_some_and(|size| *size > 1000));
    }
}
