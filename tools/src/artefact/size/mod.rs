//! What this machine's library weighs: `cargo tool size [--start]` builds it in the release profile, strips it for shipping, and
//! checks it like every library, with its budget. `cargo tool size --by-crate [LIBRARY]` says where the bytes go.

mod by_crate;

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
    time::Instant,
};

use super::library::{self, budget, budget::Budget};
use crate::{check::Checks, command::Outcome, failure::Failure, process::Run, project::Project, verdict::report};

/// Of which the budget speaks; its library is loaded by tests of apps.
const TARGET: &str = "x86_64-unknown-linux-gnu";

/// A library, with its symbols as cargo leaves it, and as an app gets it.
struct Built {
    whole: PathBuf,
    shipped: PathBuf,
}

/// `size [--start]`: `--start` also measures a cold start. `size --by-crate [LIBRARY]`: of a library that still has its symbols.
pub(crate) fn run(project: &Project, arguments: &[String]) -> Outcome {
    match arguments {
        [] => check(project, false),
        [option] if option == "--start" => check(project, true),
        [option] if option == "--by-crate" => show(&build(project)?.whole),
        [option, library] if option == "--by-crate" => show(Path::new(library)),
        _ => Err(Failure::Misused),
    }
}

fn show(library: &Path) -> Outcome {
    let bytes = fs::read(library).map_err(Failure::file(library))?;
    print!("{}", by_crate::tables(&library.display().to_string(), &bytes)?);
    Ok(ExitCode::SUCCESS)
}

fn check(project: &Project, start: bool) -> Outcome {
    let version = Run::line("rustc -vV").read()?;
    let host = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .unwrap_or_default();
    if host != TARGET {
        return Err(Failure::unfit(format!(
            "the budget is for {TARGET}, and this machine is {host}"
        )));
    }
    let budget = Budget::of(project, TARGET)?
        .ok_or_else(|| Failure::unfit(format!("bindings/size-budget.toml has no budget for {TARGET}")))?;
    let began = Instant::now();
    let library = build(project)?.shipped;
    println!(
        "{TARGET} {} bytes (budget {}), {} by gzip -9 (budget {}), built in {} s",
        budget::bytes(&library)?,
        budget.bytes,
        budget::zipped(&library)?,
        budget.gzip,
        began.elapsed().as_secs()
    );
    if start {
        Run::new(project.path("tools/shell/measure-start"))
            .arg(&library)
            .show()?;
    }
    let mut checks = Checks::new();
    report(
        &mut checks,
        library.display(),
        library::verdicts(&library, Some(budget))?,
    );
    Ok(checks.close())
}

fn build(project: &Project) -> Result<Built, Failure> {
    let printed = Run::new(project.path("tools/shell/build-host-library"))
        .within(project.root())
        .read()?;
    let mut paths = printed.lines().map(PathBuf::from);
    match (paths.next(), paths.next()) {
        (Some(whole), Some(shipped)) => Ok(Built { whole, shipped }),
        _ => Err(Failure::unfit(format!(
            "tools/shell/build-host-library printed: {printed}"
        ))),
    }
}
