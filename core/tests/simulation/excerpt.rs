//! Shortens a world's trace to the sale or invoice whose property was violated.

use std::collections::BTreeSet;

use super::invariants::Broken;

/// The most lines that are shown, the last ones.
const LINES: usize = 40;

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|character: char| !character.is_ascii_alphanumeric() && character != '-')
}

fn names(line: &str) -> impl Iterator<Item = &str> {
    words(line).filter(|word| word.starts_with("sale-") || word.starts_with("inv-"))
}

/// The lines of `trace` that concern `broken`.
pub(crate) fn of<'a>(trace: &'a [String], broken: &Broken) -> Vec<&'a str> {
    let mut about: BTreeSet<_> = names(&broken.what).collect();
    for line in trace.iter().filter(|line| line.contains("the merchant names")) {
        // A sale and its invoice, or an invoice and another sale that got it.
        if names(line).any(|name| about.contains(name)) {
            about.extend(names(line));
        }
    }
    let end = trace
        .iter()
        .position(|line| line.contains("BROKEN") && line.contains(&broken.what));
    let lines = trace
        .iter()
        .take(end.map_or(trace.len(), |end| end + 1))
        .map(String::as_str);
    let concerns = |line: &&str| {
        let is_of_a_process = line.contains("process") && (line.contains("starts") || line.contains("killed"));
        // Each request is visible in its answer, and there are many saves.
        let is_told = !line.contains(" asks ") && !line.ends_with(" saved");
        is_of_a_process || (is_told && names(line).any(|name| about.contains(name)))
    };
    let excerpt: Vec<_> = lines.filter(concerns).collect();
    excerpt[excerpt.len().saturating_sub(LINES)..].to_vec()
}
