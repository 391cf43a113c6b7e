//! `cargo tool test`: runs the suites, counts their tests, and prints a table and the sum. `scripts/test` calls it.

mod count;
mod figures;
mod run;
mod set_up;
mod table;

use std::{fs, process::ExitCode, time::Instant};

use crate::{failure::Failure, project::Project};
use count::Counts;
use run::Settings;
use set_up::SetUp;
use table::{SUITES, Suite, named};

/// What the command line asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Options {
    long: bool,
    list: bool,
    /// The suites to run, in this order; none means all that a run includes.
    only: Vec<String>,
}

impl Options {
    fn read(arguments: &[String]) -> Result<Self, Failure> {
        let mut options = Self {
            long: Project::long(),
            ..Self::default()
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            let names = match (argument.as_str(), argument.strip_prefix("--only=")) {
                ("--long", _) => {
                    options.long = true;
                    continue;
                }
                ("--list", _) => {
                    options.list = true;
                    continue;
                }
                ("--only", _) => arguments
                    .next()
                    .ok_or_else(|| Failure::usage("--only needs the names of suites"))?,
                (_, Some(names)) => names,
                _ => {
                    return Err(Failure::usage(
                        "usage: scripts/test [--long] [--list] [--only SUITE[,SUITE]]",
                    ));
                }
            };
            options.only.extend(names.split(',').map(str::to_owned));
        }
        Ok(options)
    }

    fn chosen(&self) -> Result<Vec<&'static Suite>, Failure> {
        if self.only.is_empty() {
            return Ok(SUITES.iter().filter(|suite| suite.when.is_now(self.long)).collect());
        }
        let suite = |name: &String| {
            let all = || SUITES.iter().map(|suite| suite.name).collect::<Vec<_>>().join(" ");
            named(name).ok_or_else(|| Failure::usage(format!("no suite {name}; there are: {}", all())))
        };
        self.only.iter().map(suite).collect()
    }
}

/// A line of the table at the end.
struct Row {
    name: &'static str,
    counts: Counts,
    seconds: u64,
}

pub(crate) fn test(project: &Project, arguments: &[String]) -> Result<ExitCode, Failure> {
    let options = Options::read(arguments)?;
    let chosen = options.chosen()?;
    if options.list {
        for suite in chosen {
            println!("{:<15} {}", suite.name, suite.tests);
        }
        return Ok(ExitCode::SUCCESS);
    }
    let began = Instant::now();
    let settings = Settings::new(project, options.long)?;
    fs::create_dir_all(project.target()).map_err(Failure::file(project.target()))?;
    fs::write(settings.figures(), "").map_err(Failure::file(settings.figures()))?;
    let set_up = SetUp::begin(project, chosen.iter().flat_map(|suite| suite.needs.iter().copied()))?;
    let rows: Vec<Row> = chosen
        .iter()
        .map(|suite| suite_row(&settings, &set_up, suite))
        .collect();
    set_up.finish();
    let figures = fs::read_to_string(settings.figures()).map_err(Failure::file(settings.figures()))?;
    print!("\n{}", figures::table(&figures));
    Ok(close(&rows, began.elapsed().as_secs()))
}

fn suite_row(settings: &Settings<'_>, set_up: &SetUp, suite: &'static Suite) -> Row {
    println!("== {}", suite.name);
    let began = Instant::now();
    let failed = set_up.wait(suite.needs);
    let waited = began.elapsed().as_secs();
    if waited > 0 {
        println!("waited {waited} s for what it needs");
    }
    if !failed.is_empty() {
        println!(
            "what could not be set up is tried again; this was said:\n{}",
            set_up.said()
        );
    }
    let counts = run::suite(settings, suite);
    let seconds = began.elapsed().as_secs();
    println!("-- {} took {seconds} s", suite.name);
    Row {
        name: suite.name,
        counts,
        seconds,
    }
}

/// Prints the table, the time of all and, as the last line, the sum.
fn close(rows: &[Row], seconds: u64) -> ExitCode {
    let mut sum = Counts::default();
    println!("{:<16}{:>8}{:>8}{:>10}", "suite", "passed", "failed", "seconds");
    for Row { name, counts, seconds } in rows {
        println!("{name:<16}{:>8}{:>8}{seconds:>10}", counts.passed, counts.failed);
        sum += *counts;
    }
    println!(
        "\nall of it took {} min {} s\n\n{} passed, {} failed",
        seconds / 60,
        seconds % 60,
        sum.passed,
        sum.failed
    );
    if sum.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(arguments: &[&str]) -> Result<Options, Failure> {
        Options::read(
            &arguments
                .iter()
                .map(|&argument| argument.to_owned())
                .collect::<Vec<_>>(),
        )
    }

    fn names(arguments: &[&str]) -> Vec<&'static str> {
        options(arguments)
            .unwrap()
            .chosen()
            .unwrap()
            .iter()
            .map(|suite| suite.name)
            .collect()
    }

    #[test]
    fn suites_run_in_the_order_in_which_they_are_named() {
        assert_eq!(
            names(&["--only", "rust,format", "--only=fuzz"]),
            ["rust", "format", "fuzz"]
        );
    }

    #[test]
    fn a_long_run_has_more_suites() {
        assert!(names(&["--long"]).contains(&"fuzz"));
        assert!(!names(&[]).contains(&"fuzz") || Project::long());
    }

    #[test]
    fn unknown_names_and_options_are_refused() {
        let failure = options(&["--only", "rusty"]).unwrap().chosen().unwrap_err().to_string();
        assert!(
            failure.starts_with("no suite rusty; there are: format rules "),
            "{failure}"
        );
        assert!(matches!(options(&["--fast"]), Err(Failure::Usage { .. })));
        assert!(matches!(options(&["--only"]), Err(Failure::Usage { .. })));
    }
}
