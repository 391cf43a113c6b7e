//! What holds for a static library that the linker of an app takes apart.

use regex_lite::Regex;

use super::{facts::Archive, shared::is_own};
use crate::{failure::Failure, verdict::Verdict};

/// Other global symbols of a static library, whose objects only the app's linker joins: Rust's mangled names and run time, ring's,
/// which carry its version in the name, and the compiler's built-in functions.
const USUAL: &str = r"^_*(?:R[A-Z]|ZN)|^_?(?:rust_|ring_core_|anon\.|switch\.table|l?_?str\.|OUTLINED)|^__*(?:aarch64_|atomic|[a-z]+[dstx]?[fi][23]$)";

pub(super) fn verdicts(library: &Archive) -> Result<Vec<Verdict>, Failure> {
    let usual = Regex::new(USUAL).map_err(|error| Failure::unfit(format!("{USUAL}: {error}")))?;
    let foreign = library
        .globals
        .iter()
        .filter(|symbol| !is_own(symbol) && !usual.is_match(symbol));
    let contract = |symbol: &String| {
        symbol
            .strip_prefix('_')
            .unwrap_or(symbol)
            .starts_with("uniffi_salekit_")
    };
    Ok(vec![
        Verdict::new("it defines no global name that another library could have too", foreign),
        Verdict::that(
            "it defines its contract",
            library.globals.iter().any(contract),
            "no symbol uniffi_salekit_",
        ),
    ])
}
