//! Runs other programs.

use std::{
    ffi::{OsStr, OsString},
    fmt::Write as _,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Output, Stdio},
};

use crate::failure::Failure;

/// A command to run. Its standard input is empty.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    program: OsString,
    arguments: Vec<OsString>,
    environment: Vec<(OsString, Option<OsString>)>,
    folder: Option<PathBuf>,
}

/// How a command ended whose output was shown, and what it had said on both outputs.
#[derive(Debug)]
pub(crate) struct Logged {
    pub(crate) status: ExitStatus,
    pub(crate) text: String,
}

impl Run {
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        let program = program.as_ref().to_os_string();
        Self {
            program,
            arguments: Vec::new(),
            environment: Vec::new(),
            folder: None,
        }
    }

    /// A command line without quotes: words and spaces.
    pub(crate) fn line(words: &str) -> Self {
        let mut words = words.split_whitespace();
        Self::new(words.next().unwrap_or_default()).args(words)
    }

    pub(crate) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_os_string());
        self
    }

    pub(crate) fn args(mut self, arguments: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Self {
        self.arguments
            .extend(arguments.into_iter().map(|argument| argument.as_ref().to_os_string()));
        self
    }

    pub(crate) fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.environment
            .push((name.as_ref().to_os_string(), Some(value.as_ref().to_os_string())));
        self
    }

    pub(crate) fn without_env(mut self, name: impl AsRef<OsStr>) -> Self {
        self.environment.push((name.as_ref().to_os_string(), None));
        self
    }

    /// The folder to run it in.
    pub(crate) fn within(mut self, folder: impl AsRef<Path>) -> Self {
        self.folder = Some(folder.as_ref().to_path_buf());
        self
    }

    /// Runs it silently. What it printed on its standard output; fails with all that it said if it ends badly.
    pub(crate) fn read(&self) -> Result<String, Failure> {
        let Output { status, stdout, stderr } = self.output()?;
        if status.success() {
            return Ok(String::from_utf8_lossy(&stdout).into_owned());
        }
        let output = format!(
            "{}{}",
            String::from_utf8_lossy(&stdout),
            String::from_utf8_lossy(&stderr)
        );
        Err(Failure::Command {
            command: self.shown(),
            status,
            output,
        })
    }

    /// Runs it silently, and leaves it to the caller what its status means.
    pub(crate) fn output(&self) -> Result<Output, Failure> {
        self.command().output().map_err(|source| self.did_not_start(source))
    }

    /// Runs it with its output where this program's is. Fails if it ends badly.
    pub(crate) fn show(&self) -> Result<(), Failure> {
        let status = self.command().status().map_err(|source| self.did_not_start(source))?;
        if status.success() {
            Ok(())
        } else {
            Err(Failure::Command {
                command: self.shown(),
                status,
                output: String::new(),
            })
        }
    }

    /// Runs it with both outputs on this program's standard output, in the order in which they are written, and keeps them.
    pub(crate) fn log(&self) -> Result<Logged, Failure> {
        let mut text = Vec::new();
        let status = self.piped(&mut text).map_err(|source| self.did_not_start(source))?;
        Ok(Logged {
            status,
            text: String::from_utf8_lossy(&text).into_owned(),
        })
    }

    fn piped(&self, text: &mut Vec<u8>) -> io::Result<ExitStatus> {
        let (said, out) = io::pipe()?;
        let mut command = self.command();
        command.stdout(out.try_clone()?).stderr(out);
        let mut child = command.spawn()?;
        // It holds the writing ends, without which reading would never end.
        drop(command);
        let mut said = BufReader::new(said);
        loop {
            let before = text.len();
            if said.read_until(b'\n', text)? == 0 {
                return child.wait();
            }
            print!("{}", String::from_utf8_lossy(text.get(before..).unwrap_or_default()));
        }
    }

    /// The command as one would type it.
    pub(crate) fn shown(&self) -> String {
        let mut shown = self.program.to_string_lossy().into_owned();
        for argument in &self.arguments {
            let _ = write!(shown, " {}", argument.to_string_lossy());
        }
        shown
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).stdin(Stdio::null());
        for (name, value) in &self.environment {
            match value {
                Some(value) => command.env(name, value),
                None => command.env_remove(name),
            };
        }
        if let Some(folder) = &self.folder {
            command.current_dir(folder);
        }
        command
    }

    fn did_not_start(&self, source: io::Error) -> Failure {
        Failure::Start {
            command: self.shown(),
            source,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_command_prints_is_read() {
        assert_eq!(Run::line("echo one two").read().unwrap(), "one two\n");
    }

    #[test]
    fn a_bad_end_says_what_was_said() {
        let failure = Run::new("sh")
            .args(["-c", "echo out; echo err >&2; exit 3"])
            .read()
            .unwrap_err();
        let Failure::Command { status, output, .. } = failure else {
            panic!("{failure}")
        };
        assert_eq!((status.code(), output.as_str()), (Some(3), "out\nerr\n"));
    }

    #[test]
    fn a_missing_program_is_named() {
        let failure = Run::new("salekit-no-such-program").read().unwrap_err().to_string();
        assert!(
            failure.starts_with("salekit-no-such-program did not start"),
            "{failure}"
        );
    }

    #[test]
    fn both_outputs_are_kept_in_order() {
        let logged = Run::new("sh")
            .args(["-c", "echo 1; echo 2 >&2; echo 3; exit 4"])
            .log()
            .unwrap();
        assert_eq!((logged.text.as_str(), logged.status.code()), ("1\n2\n3\n", Some(4)));
    }

    #[test]
    fn a_variable_can_be_taken_away() {
        let printed = Run::new("sh")
            .args(["-c", "echo ${HOME-none}"])
            .without_env("HOME")
            .read()
            .unwrap();
        assert_eq!(printed, "none\n");
    }
}
