//! The conformance run, against our own merchant, which is right, and against the same merchant behind a server that makes one
//! mistake: each mistake is named, and nothing else.

mod bent;
mod command_line;
mod forgotten;
mod mistakes;
mod run;
mod signatures;
