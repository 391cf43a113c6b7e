//! Small libraries, good but for one thing, and whether the checks find that thing and nothing else. They are linked by the C
//! compiler that Rust links with.
#![cfg(target_os = "linux")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{Budget, symbols, verdicts};
use crate::{artefact::files::Folder, process::Run, verdict::broken};

/// Where a test makes its libraries.
struct Workshop(Folder);

impl Workshop {
    fn new(name: &str) -> Self {
        Self(Folder::new(name).unwrap())
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn source(&self, addition: &str) -> PathBuf {
        let source = self.file("source.c");
        fs::write(
            &source,
            format!("int uniffi_salekit_fn(void) {{ return 1; }}\n{addition}\n"),
        )
        .unwrap();
        source
    }

    /// A shared library that is good unless the addition or the flags make it bad.
    fn shared(&self, addition: &str, flags: &[&str]) -> PathBuf {
        let library = self.file("libsalekit.so");
        Run::line("cc -nostdlib -shared -fPIC -Wl,-z,max-page-size=16384 -Wl,--strip-all")
            .args(flags)
            .arg("-o")
            .arg(&library)
            .arg(self.source(addition))
            .read()
            .unwrap();
        library
    }

    /// The same as an archive.
    fn archive(&self, source: &str) -> PathBuf {
        let (object, library) = (self.file("source.o"), self.file("libsalekit.a"));
        fs::write(self.file("archive.c"), source).unwrap();
        Run::line("cc -c -o")
            .arg(&object)
            .arg(self.file("archive.c"))
            .read()
            .unwrap();
        Run::line("ar rcs").arg(&library).arg(&object).read().unwrap();
        library
    }
}

#[track_caller]
fn assert_broken(library: &Path, expected: &[&str]) {
    assert_eq!(broken(&verdicts(library, None).unwrap()), expected);
}

#[test]
fn a_good_library_passes() {
    let folder = Workshop::new("good");
    let verdicts = verdicts(
        &folder.shared("", &[]),
        Some(Budget {
            bytes: 100_000,
            gzip: 10_000,
        }),
    )
    .unwrap();
    assert_eq!((broken(&verdicts), verdicts.len()), (vec![], 11));
}

#[test]
fn pages_of_4_kib_are_found() {
    let folder = Workshop::new("pages");
    let library = folder.shared("", &["-Wl,-z,max-page-size=4096"]);
    assert_broken(&library, &["its segments fit pages of 16 KiB"]);
}

#[test]
fn symbols_are_found() {
    let folder = Workshop::new("symbols");
    // As the first mutant of a linker that strips everything: what comes later wins.
    let library = folder.file("libsalekit.so");
    Run::line("cc -nostdlib -shared -fPIC -Wl,-z,max-page-size=16384 -o")
        .arg(&library)
        .arg(folder.source(""))
        .read()
        .unwrap();
    assert_broken(&library, &["it is stripped"]);
}

#[test]
fn a_foreign_export_is_found() {
    let folder = Workshop::new("export");
    let library = folder.shared("int ring_core_0_17_14__gcm_init(void) { return 2; }", &[]);
    assert_broken(&library, &["it exports only what is its own"]);
}

#[test]
fn a_library_without_the_contract_is_found() {
    let folder = Workshop::new("contract");
    let library = folder.shared("", &["-fvisibility=hidden"]);
    assert_broken(&library, &["it exports its contract"]);
}

#[test]
fn a_path_of_the_build_machine_is_found() {
    let folder = Workshop::new("path");
    let text = r#"const char *uniffi_salekit_path = "panicked at /build/somebody/salekit/core/src/lib.rs";"#;
    assert_broken(&folder.shared(text, &[]), &["it does not tell where it was built"]);
}

#[test]
fn a_hook_for_tests_is_found() {
    let folder = Workshop::new("hook");
    let text = r#"const char *uniffi_salekit_hook = "salekit_sandbox::control";"#;
    assert_broken(&folder.shared(text, &[]), &["it holds nothing that only tests need"]);
}

#[test]
fn a_log_line_of_a_dependency_is_found() {
    let folder = Workshop::new("log");
    let text = r#"const char *uniffi_salekit_log = "event reqwest-0.13.5/src/connect.rs:12";"#;
    assert_broken(&folder.shared(text, &[]), &["it holds no text for developers"]);
}

#[test]
fn a_run_path_is_found() {
    let folder = Workshop::new("runpath");
    let library = folder.shared("", &["-Wl,-rpath,/opt/somewhere"]);
    assert_broken(
        &library,
        &["it does not say where its libraries lie, and can be mapped read-only"],
    );
}

#[test]
fn an_executable_stack_is_found() {
    let folder = Workshop::new("stack");
    assert_broken(
        &folder.shared("", &["-Wl,-z,execstack"]),
        &["its stack is not executable"],
    );
}

#[test]
fn a_library_above_its_budget_is_found() {
    let folder = Workshop::new("budget");
    let verdicts = verdicts(&folder.shared("", &[]), Some(Budget { bytes: 100, gzip: 10 })).unwrap();
    let too_big = ["it is as small as agreed", "it is as small to download as agreed"];
    assert_eq!(broken(&verdicts), too_big);
}

#[test]
fn an_archive_has_its_contract_and_no_foreign_name() {
    let folder = Workshop::new("archive");
    let good = "int uniffi_salekit_fn(void) { return 1; } int ring_core_0_17_14__gcm_init(void) { return 2; } \
                __attribute__((weak, visibility(\"hidden\"))) int __fixdfdi(void) { return 4; } \
                static int parse(void) { return 3; } int __aarch64_cas4(void) { return parse(); }";
    assert_broken(&folder.archive(good), &[]);
    for visible in ["", "__attribute__((weak))", "__attribute__((visibility(\"hidden\")))"] {
        let foreign = format!("int uniffi_salekit_fn(void) {{ return 1; }} {visible} int parse(void) {{ return 3; }}");
        assert_broken(
            &folder.archive(&foreign),
            &["it defines no global name that another library could have too"],
        );
    }
    assert_broken(
        &folder.archive("int rust_begin(void) { return 1; }"),
        &["it defines its contract"],
    );
}

#[test]
fn what_is_no_library_is_no_success() {
    let folder = Workshop::new("none");
    for bytes in [&b""[..], b"\x7fELF", b"MZ and what follows, longer than a header is"] {
        let file = folder.file("libsalekit.so");
        fs::write(&file, bytes).unwrap();
        assert!(verdicts(&file, None).is_err());
    }
}

/// A library as cargo leaves it, its stripped copy, and its symbols.
fn with_symbols(folder: &Workshop, name: &str, source: &str) -> [PathBuf; 3] {
    let [whole, stripped, symbols] = ["so", "stripped", "dbg"].map(|ending| folder.file(&format!("{name}.{ending}")));
    let code = folder.file(&format!("{name}.c"));
    fs::write(&code, source).unwrap();
    Run::line("cc -nostdlib -shared -fPIC -g -Wl,--build-id=sha1 -o")
        .arg(&whole)
        .arg(&code)
        .read()
        .unwrap();
    Run::line("strip --strip-all -o")
        .arg(&stripped)
        .arg(&whole)
        .read()
        .unwrap();
    Run::line("objcopy --only-keep-debug")
        .arg(&whole)
        .arg(&symbols)
        .read()
        .unwrap();
    [whole, stripped, symbols]
}

#[test]
fn symbols_belong_to_the_library_with_their_build_id() {
    let folder = Workshop::new("symbols-of");
    let [whole, stripped, own] = with_symbols(&folder, "own", "int uniffi_salekit_fn(void) { return 1; }");
    let [.., others] = with_symbols(&folder, "others", "int uniffi_salekit_fn(void) { return 2; }");
    let nameless = folder.file("nameless.so");
    Run::line("objcopy --remove-section=.note.gnu.build-id")
        .arg(&stripped)
        .arg(&nameless)
        .read()
        .unwrap();
    for (library, symbols, expected) in [
        (&stripped, &own, vec![]),
        (&stripped, &whole, vec![]),
        (&stripped, &others, vec!["they are of the library"]),
        (&stripped, &stripped, vec!["they have names and lines"]),
        (
            &nameless,
            &own,
            vec!["the library has a build id", "they are of the library"],
        ),
    ] {
        assert_eq!(broken(&symbols::verdicts(library, symbols).unwrap()), expected);
    }
}
