//! `cargo tool test`: runs the suites, counts their tests, and prints a table and the sum. `scripts/test` calls it.

mod count;
mod figures;
mod run;
mod set_up;
mod table;

use std::{fmt::Write as _, fs, process::ExitCode, time::Instant};

use crate::{command::Outcome, failure::Failure, project::Project};
use count::Counts;
use run::{Ran, Settings};
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
                ("--only", _) => arguments.next().ok_or(Failure::Misused)?,
                (_, Some(names)) => names,
                _ => return Err(Failure::Misused),
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
    ran: Ran,
    seconds: u64,
}

pub(crate) fn test(project: &Project, arguments: &[String]) -> Outcome {
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
    let ran = run::suite(settings, suite);
    let seconds = began.elapsed().as_secs();
    println!("-- {} took {seconds} s", suite.name);
    Row {
        name: suite.name,
        ran,
        seconds,
    }
}

/// Prints the table, what was left out, the time of all and, as the last line, the sum. What a machine cannot run is no failure.
fn close(rows: &[Row], seconds: u64) -> ExitCode {
    let mut sum = Counts::default();
    for row in rows {
        sum += row.ran.counts;
    }
    println!(
        "{}\nall of it took {} min {} s\n\n{}{} passed, {} failed",
        table(rows),
        seconds / 60,
        seconds % 60,
        left_out(rows),
        sum.passed,
        sum.failed
    );
    if sum.failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn table(rows: &[Row]) -> String {
    let mut table = format!("{:<16}{:>8}{:>8}{:>10}\n", "suite", "passed", "failed", "seconds");
    for Row { name, ran, seconds } in rows {
        let Counts { passed, failed } = ran.counts;
        let note = match ran.left_out {
            None => "",
            Some(_) if ran.counts == Counts::default() => "  left out",
            Some(_) => "  left out in part",
        };
        let _ = writeln!(table, "{name:<16}{passed:>8}{failed:>8}{seconds:>10}{note}");
    }
    table
}

/// A line for each reason, with the suites that did not run for it.
fn left_out(rows: &[Row]) -> String {
    let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
    for row in rows {
        let Some(why) = row.ran.left_out.as_deref() else {
            continue;
        };
        match reasons.iter_mut().find(|(reason, _)| *reason == why) {
            Some((_, names)) => names.push(row.name),
            None => reasons.push((why, vec![row.name])),
        }
    }
    let line = |(why, names): &(&str, Vec<&str>)| format!("left out: {} ({why})\n", names.join(", "));
    reasons.iter().map(line).collect()
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
        assert!(matches!(options(&["--fast"]), Err(Failure::Misused)));
        assert!(matches!(options(&["--only"]), Err(Failure::Misused)));
    }

    #[test]
    fn what_is_left_out_is_said_in_the_table_and_with_its_reason() {
        let row = |name, passed, why: Option<&str>| Row {
            name,
            ran: Ran {
                counts: Counts { passed, failed: 0 },
                left_out: why.map(str::to_owned),
            },
            seconds: 2,
        };
        let rows = [
            row("rust", 7, None),
            row("compose", 0, Some("no AndroidX")),
            row("arm64", 3, Some("no emulator")),
            row("apk", 0, Some("no AndroidX")),
        ];
        assert_eq!(
            left_out(&rows),
            "left out: compose, apk (no AndroidX)\nleft out: arm64 (no emulator)\n"
        );
        let ends: Vec<String> = table(&rows)
            .lines()
            .map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "))
            .collect();
        assert_eq!(
            ends[1..],
            [
                "rust 7 0 2",
                "compose 0 0 2 left out",
                "arm64 3 0 2 left out in part",
                "apk 0 0 2 left out"
            ]
        );
        assert_eq!(left_out(&rows[..1]), "");
    }
}
