//! Symbols and line tables that are kept beside a stripped library, as Google Play and ndk-stack read them:
//! `cargo tool check symbols LIBRARY SYMBOLS`. The build id joins a crash report to them.

use std::{fs, path::Path};

use object::Object as _;

use crate::{
    check::Checks,
    command::Outcome,
    failure::Failure,
    project::Project,
    verdict::{Verdict, report},
};

/// What a crash report is read with.
const PARTS: &[&str] = &[".symtab", ".debug_line"];

/// `check symbols LIBRARY SYMBOLS`
pub(crate) fn run(_: &Project, arguments: &[String]) -> Outcome {
    let [library, symbols] = arguments else {
        return Err(Failure::Misused);
    };
    let mut checks = Checks::new();
    report(&mut checks, symbols, verdicts(Path::new(library), Path::new(symbols))?);
    Ok(checks.close())
}

pub(super) fn verdicts(library: &Path, symbols: &Path) -> Result<Vec<Verdict>, Failure> {
    let [library, symbols] = [read(library)?, read(symbols)?];
    let [own, others] = [build_id(&library)?, build_id(&symbols)?];
    let file = object::File::parse(&*symbols.bytes).map_err(|error| symbols.unreadable(error))?;
    let missing = PARTS.iter().filter(|part| file.section_by_name(part).is_none());
    Ok(vec![
        Verdict::that("the library has a build id", !own.is_empty(), "no note with a build id"),
        Verdict::that(
            "they are of the library",
            own == others,
            format!("build id {others}, not {own}"),
        ),
        Verdict::new(
            "they have names and lines",
            missing.map(|part| format!("no section {part}")),
        ),
    ])
}

struct Named {
    name: String,
    bytes: Vec<u8>,
}

impl Named {
    fn unreadable(&self, error: object::Error) -> Failure {
        Failure::unfit(format!("{} cannot be read: {error}", self.name))
    }
}

fn read(file: &Path) -> Result<Named, Failure> {
    let bytes = fs::read(file).map_err(Failure::file(file))?;
    Ok(Named {
        name: file.display().to_string(),
        bytes,
    })
}

/// As hexadecimal digits; empty if there is none.
fn build_id(file: &Named) -> Result<String, Failure> {
    let object = object::File::parse(&*file.bytes).map_err(|error| file.unreadable(error))?;
    let id = object.build_id().map_err(|error| file.unreadable(error))?;
    Ok(id
        .unwrap_or_default()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
}
