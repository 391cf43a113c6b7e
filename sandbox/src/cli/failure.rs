//! What a command fails with, and the one way to report it.

use std::{
    error::Error,
    io::{self, Write as _},
};

/// What a command fails with: printed with its causes, then the process ends.
pub(crate) type Failure = Box<dyn Error + Send + Sync>;

/// Prints it.
pub(super) fn report(error: &(dyn Error + 'static)) {
    let said = format!("error: {}\n", told(error));
    let _nobody_reads = io::stderr().write_all(said.as_bytes());
}

/// An error with its causes.
pub(super) fn told(error: &(dyn Error + 'static)) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        said.push_str(&format!("\n  because: {error}"));
        cause = error.source();
    }
    said
}
