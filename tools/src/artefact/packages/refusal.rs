//! What the scripts that make packages refuse, and how: with one line that says what is missing or wrong.

use std::{env, fs, path::Path, process::Output};

use crate::{artefact::files::Folder, check::Checks, failure::Failure, process::Run, project::Project};

pub(super) fn check(project: &Project, checks: &mut Checks) -> Result<(), Failure> {
    let work = Folder::new("refusals")?;
    let (old, none) = (work.path().join("old-ndk"), work.path().join("no-ndk"));
    for folder in [&old, &none] {
        fs::create_dir_all(folder).map_err(Failure::file(folder))?;
    }
    let properties = old.join("source.properties");
    fs::write(&properties, "Pkg.Revision = 27.2.12479018\n").map_err(Failure::file(&properties))?;

    let android = || Run::new(project.path("tools/shell/build-android"));
    let with_ndk = |folder: &Path| {
        ["ANDROID_HOME", "ANDROID_SDK_ROOT", "ANDROID_NDK_ROOT"]
            .iter()
            .fold(android(), |run, name| run.without_env(name))
            .env("ANDROID_NDK_HOME", folder)
    };
    let framework = || Run::new(project.path("tools/shell/build-xcframework"));
    let mut refusals = vec![
        (
            "a missing NDK is named",
            "no Android NDK: install r28 or newer",
            with_ndk(Path::new("")),
        ),
        (
            "an old NDK is refused",
            "is r27: r28 or newer is needed",
            with_ndk(&old),
        ),
        ("not any folder passes for an NDK", "is no Android NDK", with_ndk(&none)),
        (
            "a framework that Xcode has not made is not released",
            "is not released",
            framework().args(["--layout-only", "--release", "https://example"]),
        ),
    ];
    if env::consts::OS != "macos" {
        let elsewhere = framework().env("CARGO_TARGET_DIR", work.path().join("target"));
        refusals.push(("a missing Xcode is named", "Xcode is not here", elsewhere));
    }
    for (name, text, run) in refusals {
        checks.check(name, refused(&run.output()?, text));
    }
    Ok(())
}

/// Whether a command failed with exactly one line, which has the text; otherwise what it did.
fn refused(output: &Output, text: &str) -> Result<(), String> {
    let said = [output.stdout.as_slice(), &output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    if output.status.success() {
        Err(format!("it succeeded:\n{said}"))
    } else if said.trim_end().lines().count() == 1 && said.contains(text) {
        Ok(())
    } else {
        Err(format!("it did not say in one line: {text}\n{said}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_failure_with_one_line_that_says_why_is_a_refusal() {
        let of = |script: &str| refused(&Run::new("sh").args(["-c", script]).output().unwrap(), "no NDK");
        assert_eq!(of("echo tool: no NDK >&2; exit 1"), Ok(()));
        for script in [
            "echo no NDK",
            "echo another reason; exit 1",
            "echo no NDK; echo more; exit 1",
            "exit 1",
        ] {
            assert!(of(script).is_err(), "{script}");
        }
    }
}
