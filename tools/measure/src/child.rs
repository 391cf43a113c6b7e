//! This program's child processes: started in a namespace or not, spoken to in lines of JSON.

use std::{ffi::OsStr, process::Stdio};

use serde::{Serialize, de::DeserializeOwned};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines},
    process::{Child, ChildStdin, ChildStdout, Command},
};

use crate::failure::Failure;

/// A child that is killed when dropped.
pub(crate) struct Talk {
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
    _child: Child,
}

impl Talk {
    /// Starts this program anew with `arguments`, in `namespace` if there is one.
    pub(crate) fn with_self(namespace: Option<&str>, arguments: &[&str]) -> Result<Self, Failure> {
        let program = std::env::current_exe()?;
        let mut command = match namespace {
            Some(namespace) => {
                let mut command = Command::new("ip");
                command.args(["netns", "exec", namespace]).arg(program);
                command
            }
            None => Command::new(program),
        };
        command.args(arguments);
        Self::start(command)
    }

    /// Starts `program` with `arguments`.
    pub(crate) fn with(program: &str, arguments: &[impl AsRef<OsStr>]) -> Result<Self, Failure> {
        let mut command = Command::new(program);
        command.args(arguments);
        Self::start(command)
    }

    fn start(mut command: Command) -> Result<Self, Failure> {
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn()?;
        let (input, output) = child
            .stdin
            .take()
            .zip(child.stdout.take())
            .ok_or("a child without pipes")?;
        Ok(Self {
            input,
            output: BufReader::new(output).lines(),
            _child: child,
        })
    }

    /// Says `value`.
    pub(crate) async fn say(&mut self, value: &impl Serialize) -> Result<(), Failure> {
        let mut line = serde_json::to_vec(value)?;
        line.push(b'\n');
        self.input.write_all(&line).await?;
        Ok(self.input.flush().await?)
    }

    /// What it says next.
    pub(crate) async fn hear<T: DeserializeOwned>(&mut self) -> Result<T, Failure> {
        let line = self.output.next_line().await?.ok_or("a child process ended early")?;
        Ok(serde_json::from_str(&line)?)
    }
}

/// What the parent says in the next line of standard input.
pub(crate) fn hear_parent<T: DeserializeOwned>() -> Result<T, Failure> {
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(serde_json::from_str(&line)?)
}

/// Answers the parent.
pub(crate) fn answer(value: &impl Serialize) -> Result<(), Failure> {
    println!("{}", serde_json::to_string(value)?);
    Ok(())
}
