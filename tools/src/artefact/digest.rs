//! Checksums of files, by programs that every machine has.

use std::path::Path;

use crate::{failure::Failure, process::Run};

/// The checksum of a file as hexadecimal digits: `md5`, `sha1`, `sha256` or `sha512`.
pub(super) fn of(file: &Path, algorithm: &str) -> Result<String, Failure> {
    let printed = match Run::new(format!("{algorithm}sum")).arg(file).read() {
        // Apple's systems have one program for all of them, but for the oldest.
        Err(Failure::Start { .. }) => match algorithm.strip_prefix("sha") {
            Some(bits) => Run::line("shasum -a").arg(bits).arg(file).read()?,
            None => Run::line("md5 -q").arg(file).read()?,
        },
        printed => printed?,
    };
    // A name with strange characters has a backslash in front of the line.
    let digits = printed
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .trim_start_matches('\\');
    Ok(digits.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::artefact::files::Folder;

    #[test]
    fn each_is_of_the_bytes() {
        let folder = Folder::new("digest").unwrap();
        let file = folder.path().join("a");
        std::fs::write(&file, "abc").unwrap();
        for (algorithm, expected) in [
            ("md5", "900150983cd24fb0d6963f7d28e17f72"),
            ("sha1", "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (
                "sha256",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
            ),
        ] {
            assert_eq!(of(&file, algorithm).unwrap(), expected);
        }
        assert!(of(&folder.path().join("none"), "md5").is_err());
    }
}
