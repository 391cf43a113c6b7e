//! Runs the commands of one suite and counts their tests.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use super::{
    count::{self, Counts},
    table::{Counted, Step, Suite},
};
use crate::{failure::Failure, process::Run, project::Project};

/// With this status a step says that this machine cannot run it. The rest of the suite is left out.
const IMPOSSIBLE_HERE: i32 = 77;
/// How the line begins with which it says why.
const LEFT_OUT: &str = "left out: ";

/// What all suites of a run share.
#[derive(Debug)]
pub(super) struct Settings<'a> {
    project: &'a Project,
    long: bool,
    /// The file to which each campaign adds a row.
    figures: PathBuf,
    /// This program. Read early: cargo may replace the file while it runs.
    tool: PathBuf,
}

impl<'a> Settings<'a> {
    pub(super) fn new(project: &'a Project, long: bool) -> Result<Self, Failure> {
        let tool = env::current_exe().map_err(Failure::file("this program"))?;
        Ok(Self {
            project,
            long,
            figures: project.target().join("figures"),
            tool,
        })
    }

    pub(super) fn figures(&self) -> &Path {
        &self.figures
    }

    /// The command of a step.
    fn command(&self, step: &Step) -> Run {
        let words: Vec<String> = step.command.split(' ').filter_map(|word| self.word(word)).collect();
        let program = match words.first().map(String::as_str).unwrap_or_default() {
            "tool" => self.tool.clone(),
            // Rust looks for a relative path from either folder, depending on the system.
            script if script.contains('/') => self.project.path(script),
            program => PathBuf::from(program),
        };
        let mut run = Run::new(program).args(words.iter().skip(1)).within(self.project.root());
        run = run.env("SALEKIT_FIGURES", &self.figures);
        if self.long {
            run = run.env("SALEKIT_PROFILE", "long");
        }
        for (name, value) in step.environment {
            run = run.env(name, self.word(value).unwrap_or_default());
        }
        run
    }

    /// A word of a command with its placeholders filled in, or nothing if it is for long runs only.
    fn word(&self, word: &str) -> Option<String> {
        if let Some(long) = word.strip_prefix("{long:").and_then(|word| word.strip_suffix('}')) {
            return self.long.then(|| long.to_owned());
        }
        let target = self.project.target();
        let filled = word
            .replace("{target}", &target.to_string_lossy())
            .replace("{libraries}", &target.join("debug").to_string_lossy())
            .replace("{profile}", if self.long { "campaign" } else { "dev" });
        Some(filled)
    }
}

/// What came of a suite.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Ran {
    pub(super) counts: Counts,
    /// Why it, or the rest of it, cannot run on this machine.
    pub(super) left_out: Option<String>,
}

/// Runs a suite. One that counts no test, and does not say why it cannot run here, has failed.
pub(super) fn suite(settings: &Settings<'_>, suite: &Suite) -> Ran {
    let mut counts = Counts::default();
    let mut left_out = None;
    for step in suite.steps {
        match run(settings, step) {
            Ok(Ended::Counted(more)) => counts += more,
            Ok(Ended::Prepared) => {}
            Ok(Ended::ImpossibleHere { why }) => {
                left_out = Some(why);
                break;
            }
            Err(failure) => {
                println!("{failure}");
                counts.failed += 1;
                break;
            }
        }
    }
    if counts == Counts::default() && left_out.is_none() {
        println!("{} counted no test", suite.name);
        counts.failed = 1;
    }
    Ran { counts, left_out }
}

/// How a step ended.
#[derive(Debug, PartialEq, Eq)]
enum Ended {
    Counted(Counts),
    /// It is not counted, and was done.
    Prepared,
    ImpossibleHere {
        why: String,
    },
}

fn run(settings: &Settings<'_>, step: &Step) -> Result<Ended, Failure> {
    let command = settings.command(step);
    let folders = match step.counted {
        Counted::Surefire(folders) => folders,
        _ => &[],
    };
    for report in reports(settings.project, folders)? {
        fs::remove_file(&report).map_err(Failure::file(&report))?;
    }
    let logged = command.log()?;
    if logged.status.code() == Some(IMPOSSIBLE_HERE) {
        let why = reason(&logged.text).map(str::to_owned);
        return why.map(|why| Ended::ImpossibleHere { why }).ok_or_else(|| {
            Failure::unfit(format!(
                "{} ended with {IMPOSSIBLE_HERE}, and with no line \"{LEFT_OUT}REASON\"",
                command.shown()
            ))
        });
    }
    let succeeded = logged.status.success();
    let counted = match step.counted {
        Counted::Not if succeeded => return Ok(Ended::Prepared),
        Counted::Not => {
            return Err(Failure::Command {
                command: command.shown(),
                status: logged.status,
                output: String::new(),
            });
        }
        Counted::Whole => Some(Counts {
            passed: u32::from(succeeded),
            failed: u32::from(!succeeded),
        }),
        Counted::Plain => count::plain(&logged.text),
        Counted::Cargo => count::cargo(&logged.text),
        Counted::Swift => count::swift(&logged.text),
        Counted::Surefire(_) => {
            let mut texts = Vec::new();
            for report in reports(settings.project, folders)? {
                texts.push(fs::read_to_string(&report).map_err(Failure::file(&report))?);
            }
            count::surefire(texts.iter().map(String::as_str))
        }
    };
    let (counts, complaint) = judged(counted, succeeded);
    if let Some(complaint) = complaint {
        println!("{}: {complaint}", command.shown());
    }
    Ok(Ended::Counted(counts))
}

/// Why a step cannot run here, by the last line that says so.
fn reason(said: &str) -> Option<&str> {
    let reason = said.lines().rev().find_map(|line| line.strip_prefix(LEFT_OUT))?.trim();
    (!reason.is_empty()).then_some(reason)
}

/// What a run counts for, and what is wrong with it besides its failed tests.
fn judged(counted: Option<Counts>, succeeded: bool) -> (Counts, Option<&'static str>) {
    match counted {
        None => (
            Counts { passed: 0, failed: 1 },
            Some("it did not come to its end, which is a failure"),
        ),
        Some(counts) if counts.failed == 0 && !succeeded => (
            Counts { failed: 1, ..counts },
            Some("it ended badly although no test failed, which is a failure"),
        ),
        Some(counts) => (counts, None),
    }
}

/// Surefire's reports in these folders of the project.
fn reports(project: &Project, folders: &[&str]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for folder in folders {
        // Each execution of the plugin has a folder of its own.
        let Ok(entries) = fs::read_dir(project.path(folder)) else {
            continue;
        };
        for entry in entries {
            let folder = entry.map_err(Failure::file(folder))?.path();
            if !folder.is_dir()
                || !folder
                    .file_name()
                    .is_some_and(|name| name.to_string_lossy().contains("surefire-reports"))
            {
                continue;
            }
            for report in fs::read_dir(&folder).map_err(Failure::file(&folder))? {
                let report = report.map_err(Failure::file(&folder))?.path();
                let name = report.file_name().unwrap_or_default().to_string_lossy().into_owned();
                if name.starts_with("TEST-") && name.ends_with(".xml") {
                    found.push(report);
                }
            }
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::suite::table::When;

    const fn step(command: &'static str, counted: Counted) -> Step {
        Step {
            command,
            environment: &[("LIBRARIES", "{libraries}")],
            counted,
        }
    }

    /// What a suite of these steps counts.
    fn counts(steps: &'static [Step]) -> (u32, u32) {
        let Counts { passed, failed } = ran(steps).counts;
        (passed, failed)
    }

    fn ran(steps: &'static [Step]) -> Ran {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let project = Project::at(&root);
        let settings = Settings::new(&project, false).unwrap();
        let suite = Suite {
            name: "example",
            tests: "",
            when: When::Always,
            needs: &[],
            steps,
        };
        super::suite(&settings, &suite)
    }

    #[test]
    fn words_are_filled_in() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let project = Project::at(&root);
        let word = |long: bool, word: &str| Settings::new(&project, long).unwrap().word(word);
        let libraries = project.target().join("debug").to_string_lossy().into_owned();
        assert_eq!(word(false, "-L{libraries}"), Some(format!("-L{libraries}")));
        assert_eq!(
            (word(false, "{profile}"), word(true, "{profile}")),
            (Some("dev".into()), Some("campaign".into()))
        );
        assert_eq!(
            (word(false, "{long:--link}"), word(true, "{long:--link}")),
            (None, Some("--link".into()))
        );
    }

    #[test]
    fn steps_are_summed() {
        const STEPS: &[Step] = &[
            step("true", Counted::Not),
            step("true", Counted::Whole),
            step("false", Counted::Whole),
            step("echo 3 passed, 1 failed", Counted::Plain),
        ];
        assert_eq!(counts(STEPS), (4, 2));
    }

    #[test]
    fn a_suite_that_counts_nothing_has_failed() {
        assert_eq!(counts(&[]), (0, 1));
        const NONE: &[Step] = &[step("echo 0 passed, 0 failed", Counted::Plain)];
        assert_eq!(counts(NONE), (0, 1));
    }

    #[test]
    fn a_run_without_its_end_has_failed() {
        const STEPS: &[Step] = &[step("echo 3 tests", Counted::Plain), step("true", Counted::Whole)];
        assert_eq!(counts(STEPS), (1, 1));
    }

    #[test]
    fn after_a_failed_preparation_nothing_is_run() {
        const STEPS: &[Step] = &[step("false", Counted::Not), step("true", Counted::Whole)];
        assert_eq!(counts(STEPS), (0, 1));
        const MISSING: &[Step] = &[
            step("salekit-no-such-program", Counted::Whole),
            step("true", Counted::Whole),
        ];
        assert_eq!(counts(MISSING), (0, 1));
    }

    #[test]
    fn what_cannot_run_here_is_neither_passed_nor_failed_and_says_why() {
        const STEPS: &[Step] = &[
            step("true", Counted::Whole),
            step(
                "sh -c echo${IFS}left${IFS}out:${IFS}there${IFS}is${IFS}no${IFS}NDK;exit${IFS}77",
                Counted::Plain,
            ),
            step("false", Counted::Whole),
        ];
        let expected = |passed| Ran {
            counts: Counts { passed, failed: 0 },
            left_out: Some("there is no NDK".to_owned()),
        };
        assert_eq!(ran(STEPS), expected(1));
        assert_eq!(ran(&STEPS[1..]), expected(0));
    }

    #[test]
    fn what_leaves_itself_out_without_a_reason_has_failed() {
        const SILENT: &[Step] = &[step("sh -c exit${IFS}77", Counted::Plain)];
        assert_eq!(counts(SILENT), (0, 1));
        assert_eq!(reason("left out: \n"), None);
        assert_eq!(reason("left out: one\nleft out: two\nand more\n"), Some("two"));
    }

    #[test]
    fn a_bad_end_without_a_failed_test_is_a_failure() {
        let counts = |passed, failed| Some(Counts { passed, failed });
        assert_eq!(judged(counts(3, 0), false).0, Counts { passed: 3, failed: 1 });
        assert_eq!(judged(counts(3, 2), false).0, Counts { passed: 3, failed: 2 });
        assert_eq!(judged(counts(3, 0), true), (Counts { passed: 3, failed: 0 }, None));
    }
}
