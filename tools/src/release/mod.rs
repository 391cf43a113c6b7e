//! What a release needs, without building one: `cargo tool check release`. One version everywhere, the fields that Maven Central
//! and the registry of crates demand, a changelog, and an interface that loses nothing unless the version says so.

mod crates;
mod interface;
pub(crate) mod versions;
#[cfg(test)]
mod workflow;

use crate::{
    artefact::pom::Pom,
    check::Checks,
    command::Outcome,
    process::Run,
    project::Project,
    verdict::{Verdict, report},
};

/// What prints the POM of each artefact for Maven Central.
const POMS: &[(&str, &str)] = &[
    ("salekit", "tools/shell/print-pom salekit jar"),
    ("salekit-android", "tools/shell/print-pom salekit-android aar"),
    ("salekit-testing", "tools/shell/print-pom salekit-testing jar"),
    ("salekit-compose", "tools/shell/build-compose --pom"),
];

pub(crate) fn check(project: &Project) -> Outcome {
    let mut checks = Checks::new();
    let version = versions::of(project)?;
    report(&mut checks, "version", versions::verdicts(project, &version)?);
    for (artefact, command) in POMS {
        let pom = Run::line(command).within(project.root()).read()?;
        let missing = Pom::parse(command, &pom)?.missing;
        report(
            &mut checks,
            artefact,
            [Verdict::new(
                "its POM has what Maven Central demands",
                missing.iter().map(|field| format!("no <{field}>")),
            )],
        );
    }
    let unfit = crates::unfit(&crates::metadata(project)?);
    report(
        &mut checks,
        "crates",
        [Verdict::new(
            "each that is published has what the registry demands",
            unfit,
        )],
    );
    report(&mut checks, "interface", [interface::compared(project, &version)?]);
    Ok(checks.close())
}
