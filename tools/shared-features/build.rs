//! Cargo looks at build dependencies only where there is such a file.

fn main() {}
