//! A library as an app ships it: `cargo tool check library [--target TARGET] FILE...`. Shared ones are for Android and Linux,
//! static ones for iOS.

mod archive;
pub(crate) mod budget;
pub(crate) mod facts;
#[cfg(test)]
mod mutants;
mod shared;
pub(crate) mod symbols;
mod text;

use std::{fs, path::Path};

use self::{budget::Budget, facts::Facts, text::Unwanted};
use crate::{
    check::Checks,
    command::Outcome,
    failure::Failure,
    project::Project,
    verdict::{Verdict, report},
};

/// `check library [--target TARGET] FILE...`: with a target, sizes are compared with its budget, if it has one.
pub(crate) fn run(project: &Project, arguments: &[String]) -> Outcome {
    let (target, files) = match arguments {
        [option, target, files @ ..] if option == "--target" => (Some(target.as_str()), files),
        files => (None, files),
    };
    if files.is_empty() || files.iter().any(|file| file.starts_with('-')) {
        return Err(Failure::Misused);
    }
    let budget = match target {
        Some(target) => Budget::of(project, target)?,
        None => None,
    };
    let mut checks = Checks::new();
    for file in files {
        report(&mut checks, file, verdicts(Path::new(file), budget)?);
    }
    Ok(checks.close())
}

/// What the checks say of one file.
pub(crate) fn verdicts(file: &Path, budget: Option<Budget>) -> Result<Vec<Verdict>, Failure> {
    let bytes = fs::read(file).map_err(Failure::file(file))?;
    let mut verdicts = verdicts_of(&file.display().to_string(), &bytes)?;
    if let Some(budget) = budget {
        verdicts.push(Verdict::new(
            "it is as small as agreed",
            budget.excess(bytes.len() as u64),
        ));
        verdicts.push(Verdict::new(
            "it is as small to download as agreed",
            budget.excess_zipped(budget::zipped(file)?),
        ));
    }
    Ok(verdicts)
}

/// What the checks say of a library's bytes. `name` is for the message.
pub(crate) fn verdicts_of(name: &str, bytes: &[u8]) -> Result<Vec<Verdict>, Failure> {
    let mut verdicts = match facts::read(name, bytes)? {
        Facts::Shared(library) => shared::verdicts(&library),
        Facts::Archive(library) => archive::verdicts(&library)?,
    };
    let text = text::readable(bytes);
    for (holds, unwanted) in [
        ("it does not tell where it was built", Unwanted::machine_paths()?),
        ("it holds nothing that only tests need", Unwanted::test_hooks()?),
        ("it holds no text for developers", Unwanted::developers_text()?),
    ] {
        verdicts.push(Verdict::new(holds, unwanted.among(&text)));
    }
    Ok(verdicts)
}
