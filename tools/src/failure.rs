//! Why a tool could not do its work. A check that does not hold is no failure of the tool: see `check`.

use std::{
    fmt::{self, Display, Formatter},
    io,
    path::{Path, PathBuf},
    process::ExitStatus,
};

#[derive(Debug)]
pub(crate) enum Failure {
    /// A command was given what it does not take. How it is used stands in the table that called it: see `command`.
    Misused,
    /// It was called in a way that it does not know. The message says how to call it.
    Usage { message: String },
    /// A command could not be started.
    Start { command: String, source: io::Error },
    /// A command ended badly. `output` is what it said on both outputs, as far as it was kept.
    Command {
        command: String,
        status: ExitStatus,
        output: String,
    },
    /// A file or folder could not be read or written.
    File { path: PathBuf, source: io::Error },
    /// Something is not as it must be. The message says what, and what to do.
    Unfit { message: String },
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage {
            message: message.into(),
        }
    }

    pub(crate) fn unfit(message: impl Into<String>) -> Self {
        Self::Unfit {
            message: message.into(),
        }
    }

    /// For `map_err`: names the file that an error is about.
    pub(crate) fn file(path: impl AsRef<Path>) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::File {
            path: path.as_ref().to_path_buf(),
            source,
        }
    }
}

impl Display for Failure {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Misused => out.write_str("it does not take these arguments"),
            Self::Usage { message } | Self::Unfit { message } => out.write_str(message),
            Self::Start { command, source } => write!(out, "{command} did not start: {source}"),
            Self::Command {
                command,
                status,
                output,
            } => {
                write!(out, "{command} ended with {status}")?;
                let output = output.trim_end();
                if output.is_empty() {
                    Ok(())
                } else {
                    write!(out, ":\n{output}")
                }
            }
            Self::File { path, source } => write!(out, "{}: {source}", path.display()),
        }
    }
}

impl std::error::Error for Failure {}
