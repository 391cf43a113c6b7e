//! Whether the shipped crates compile for phones, without the NDK or Xcode: `cargo tool cross-check`. It shows only that they
//! compile. How they are compiled is in `tools/shell/run-cross-cargo`, and how they are linked in `tools/cross/link`.

use std::{path::PathBuf, time::Instant};

use crate::{check::Checks, command::Outcome, failure::Failure, process::Run, project::Project};

/// What is compiled if nothing is named. The last one is the library that an app links.
const SHIPPED: &[&str] = &["salekit-core", "salekit"];

#[derive(Debug, PartialEq, Eq)]
struct Options {
    /// Also link the libraries that an app would ship.
    link: bool,
    manifest: PathBuf,
    crates: Vec<String>,
}

impl Options {
    fn parse(arguments: &[String], root_manifest: PathBuf) -> Result<Self, Failure> {
        let mut options = Self {
            link: false,
            manifest: root_manifest,
            crates: Vec::new(),
        };
        let mut arguments = arguments.iter();
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--link" => options.link = true,
                "--manifest-path" => {
                    let file = arguments.next().ok_or(Failure::Misused)?;
                    options.manifest = PathBuf::from(file).canonicalize().map_err(Failure::file(file))?;
                }
                option if option.starts_with('-') => return Err(Failure::Misused),
                name => options.crates.push(name.to_owned()),
            }
        }
        if options.crates.is_empty() {
            options.crates = SHIPPED.iter().map(|name| (*name).to_owned()).collect();
        }
        Ok(options)
    }
}

/// `cross-check [--link] [--manifest-path FILE] [CRATE...]`: for a phone of each kind; in a long run for the emulator and the
/// simulator too.
pub(crate) fn run(project: &Project, arguments: &[String]) -> Outcome {
    let options = Options::parse(arguments, project.path("Cargo.toml"))?;
    Run::new(project.path("tools/shell/setup-cross")).show()?;
    let cargo = || Run::new(project.path("tools/shell/run-cross-cargo"));
    let mut checks = Checks::new();
    for target in targets(&cargo().arg("--targets").read()?, Project::long()) {
        let began = Instant::now();
        let result = cargo()
            .args([target.as_str(), "check", "--locked", "--manifest-path"])
            .arg(&options.manifest)
            .args(options.crates.iter().map(|name| format!("--package={name}")))
            .within(project.root())
            .show();
        let said = if result.is_ok() { "ok" } else { "FAILED" };
        let crates = options.crates.join(" ");
        println!(
            "check {target:<24} {said:<6} {:4} s  {crates}",
            began.elapsed().as_secs()
        );
        checks.check(format!("{crates}: they compile for {target}"), result);
    }
    if let (true, Some(library)) = (options.link, options.crates.last()) {
        let linked = Run::new(project.path("tools/cross/link"))
            .arg(&options.manifest)
            .arg(library)
            .show();
        checks.check(
            format!("{library}: it links for phones and is as an app may ship it"),
            linked,
        );
    }
    Ok(checks.close())
}

/// Of lists of targets, one a line: the first of each, or in a long run all.
fn targets(listed: &str, long: bool) -> Vec<String> {
    let of_line = |line: &str| {
        let targets: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
        targets.into_iter().take(if long { usize::MAX } else { 1 })
    };
    listed.lines().flat_map(of_line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Options, Failure> {
        let arguments: Vec<_> = line.split_whitespace().map(str::to_owned).collect();
        Options::parse(&arguments, PathBuf::from("Cargo.toml"))
    }

    #[test]
    fn what_is_shipped_is_compiled_unless_crates_are_named() {
        let options = parse("").unwrap();
        assert_eq!(
            (options.crates.join(" ").as_str(), options.link),
            ("salekit-core salekit", false)
        );
        let options = parse("a --link b").unwrap();
        assert_eq!((options.crates.join(" ").as_str(), options.link), ("a b", true));
        assert_eq!(options.manifest, PathBuf::from("Cargo.toml"));
    }

    #[test]
    fn options_that_it_does_not_know_are_refused() {
        for line in ["--all", "--manifest-path", "--manifest-path no/such/Cargo.toml"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn a_short_run_has_one_phone_of_each_kind() {
        let listed = "arm-android x86-android\narm-ios arm-ios-sim\n";
        assert_eq!(targets(listed, false), ["arm-android", "arm-ios"]);
        assert_eq!(
            targets(listed, true),
            ["arm-android", "x86-android", "arm-ios", "arm-ios-sim"]
        );
    }
}
