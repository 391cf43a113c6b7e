//! A command of this program: its name, what may follow it, what it does. The tables in `main` hold all of them; how one is used
//! is printed from there, so a command only says that it was given something else.

use std::process::ExitCode;

use crate::{failure::Failure, project::Project};

pub(crate) type Outcome = Result<ExitCode, Failure>;

pub(crate) struct Command {
    pub(crate) name: &'static str,
    /// What it does, in one line.
    pub(crate) does: &'static str,
    pub(crate) run: Run,
}

pub(crate) enum Run {
    /// Nothing follows the name.
    Alone(fn(&Project) -> Outcome),
    With {
        arguments: &'static str,
        run: fn(&Project, &[String]) -> Outcome,
    },
}

impl Command {
    /// How it is written, after `caller`, which is what stands in front of its name.
    pub(crate) fn usage(&self, caller: &str) -> String {
        let arguments = match self.run {
            Run::Alone(_) => "",
            Run::With { arguments, .. } => arguments,
        };
        format!("{caller} {} {arguments}", self.name).trim_end().to_owned()
    }

    /// Runs the command of this name, or says which there are.
    pub(crate) fn run_one(table: &[Self], caller: &str, project: &Project, words: &[String]) -> Outcome {
        let Some((name, arguments)) = words.split_first() else {
            return Err(Failure::usage(format!("usage:\n{}", list(table, caller))));
        };
        let command = table.iter().find(|command| command.name == name);
        let command = command.ok_or_else(|| Failure::usage(format!("there is no {name}:\n{}", list(table, caller))))?;
        let outcome = match command.run {
            Run::Alone(run) if arguments.is_empty() => run(project),
            Run::Alone(_) => Err(Failure::Misused),
            Run::With { run, .. } => run(project, arguments),
        };
        outcome.map_err(|failure| match failure {
            Failure::Misused => Failure::usage(format!("usage: {}", command.usage(caller))),
            other => other,
        })
    }
}

/// Every command with what it does.
pub(crate) fn list(table: &[Command], caller: &str) -> String {
    let lines = table
        .iter()
        .map(|command| format!("  {}\n      {}", command.usage(caller), command.does));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const TABLE: &[Command] = &[
        Command {
            name: "alone",
            does: "does little",
            run: Run::Alone(|_| Ok(ExitCode::SUCCESS)),
        },
        Command {
            name: "with",
            does: "does more",
            run: Run::With {
                arguments: "FILE",
                run: |_, arguments| match arguments {
                    [_] => Ok(ExitCode::SUCCESS),
                    _ => Err(Failure::Misused),
                },
            },
        },
    ];

    /// What is said of these words, or nothing if the command ran.
    fn said(words: &[&str]) -> String {
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        let project = Project::at(Path::new("/"));
        Command::run_one(TABLE, "cargo tool", &project, &words)
            .map_or_else(|failure| failure.to_string(), |_| String::new())
    }

    #[test]
    fn a_command_runs_with_what_it_takes() {
        assert_eq!((said(&["alone"]), said(&["with", "a"])), (String::new(), String::new()));
    }

    #[test]
    fn anything_else_is_answered_by_its_usage() {
        assert_eq!(said(&["alone", "a"]), "usage: cargo tool alone");
        assert_eq!(said(&["with"]), "usage: cargo tool with FILE");
    }

    #[test]
    fn an_unknown_name_is_answered_by_the_list() {
        let expected = "  cargo tool alone\n      does little\n  cargo tool with FILE\n      does more";
        assert_eq!(said(&["none"]), format!("there is no none:\n{expected}"));
        assert_eq!(said(&[]), format!("usage:\n{expected}"));
    }
}
