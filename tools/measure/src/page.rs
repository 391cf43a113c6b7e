//! Puts the table into a page, between two marks.

use std::{fs, path::Path};

use crate::{failure::Failure, table::Table};

const BEGIN: &str = "<!-- figures: begin; written by scripts/bench --write -->";
const END: &str = "<!-- figures: end -->";

/// Replaces what stands between the marks.
pub(crate) fn write(file: &Path, table: &Table) -> Result<(), Failure> {
    let page = fs::read_to_string(file)?;
    let unmarked = || format!("{} has no marks for the figures", file.display());
    let (before, rest) = page.split_once(BEGIN).ok_or_else(unmarked)?;
    let (_, after) = rest.split_once(END).ok_or_else(unmarked)?;
    fs::write(file, format!("{before}{BEGIN}\n\n{table}\n{END}{after}"))?;
    Ok(())
}
