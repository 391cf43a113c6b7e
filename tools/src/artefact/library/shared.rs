//! What holds for a shared library that an app carries.

use super::facts::Shared;
use crate::verdict::Verdict;

/// Android 15 and later require pages of this size in 64-bit libraries.
const PAGE: u64 = 16_384;
/// The contract's functions and their descriptions, and what Java's own interface would need.
const OWN: &[&str] = &[
    "ffi_salekit_",
    "uniffi_salekit_",
    "UNIFFI_META_",
    "JNI_OnLoad",
    "JNI_OnUnload",
    "Java_",
];

/// Whether a global symbol is part of the interface that the library is there for. Apple's objects have `_` before each name.
pub(super) fn is_own(symbol: &str) -> bool {
    let symbol = symbol.strip_prefix('_').unwrap_or(symbol);
    OWN.iter().any(|own| symbol.starts_with(own))
}

pub(super) fn verdicts(library: &Shared) -> Vec<Verdict> {
    let debugging = library.sections.iter().filter(|section| {
        section.as_str() == ".symtab" || section.starts_with(".debug_") || section.starts_with(".zdebug_")
    });
    let narrow = library
        .alignments
        .iter()
        .filter(|alignment| library.wide && **alignment < PAGE);
    let (own, foreign): (Vec<_>, Vec<_>) = library.exports.iter().partition(|symbol| is_own(symbol));
    vec![
        Verdict::new("it is stripped", debugging.map(|section| format!("section {section}"))),
        Verdict::new(
            "its segments fit pages of 16 KiB",
            narrow.map(|alignment| format!("aligned to {alignment} bytes, not to {PAGE}")),
        ),
        Verdict::new("it exports only what is its own", foreign),
        Verdict::that("it exports its contract", !own.is_empty(), "no symbol uniffi_salekit_"),
        Verdict::new(
            "it does not say where its libraries lie, and can be mapped read-only",
            library.unwanted_entries.iter().map(|entry| format!("entry {entry}")),
        ),
        Verdict::that(
            "its stack is not executable",
            !library.executable_stack,
            "GNU_STACK has the flag E",
        ),
    ]
}
