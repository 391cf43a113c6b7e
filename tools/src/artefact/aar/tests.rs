//! An AAR that is good but for one thing, and whether that thing is found and nothing else.

use super::*;
use crate::verdict::broken;

const MANIFEST: &str = include_str!("../../../../bindings/kotlin-android/AndroidManifest.xml");
const RULES: &str = include_str!("../../../../bindings/kotlin-android/consumer-rules.pro");
const PROPERTIES: &str = "META-INF/com/android/build/gradle/aar-metadata.properties";

/// The header of an ELF file with nothing in it, for the machine of this number.
fn elf(wide: bool, machine: u16) -> Vec<u8> {
    let mut header = vec![0x7f, b'E', b'L', b'F', if wide { 2 } else { 1 }, 1, 1];
    header.resize(16, 0);
    header.extend(3_u16.to_le_bytes());
    header.extend(machine.to_le_bytes());
    header.extend(1_u32.to_le_bytes());
    header.resize(if wide { 64 } else { 52 }, 0);
    header
}

fn class(version: u8) -> Vec<u8> {
    vec![0xca, 0xfe, 0xba, 0xbe, 0, 0, 0, version, 0]
}

fn aar() -> Files {
    Files::default()
        .with("AndroidManifest.xml", MANIFEST)
        .with("R.txt", "")
        .with("proguard.txt", RULES)
        .with("classes.jar", "")
        .with(
            PROPERTIES,
            "aarFormatVersion=1.0\nminCompileSdk=24\nminAndroidGradlePluginVersion=8.7.0\n",
        )
        .with("jni/arm64-v8a/libsalekit.so", elf(true, 183))
        .with("jni/armeabi-v7a/libsalekit.so", elf(false, 40))
        .with("jni/x86_64/libsalekit.so", elf(true, 62))
}

fn classes() -> Files {
    let api = CLASSES
        .iter()
        .fold(Files::default(), |files, (_, name)| files.with(name, class(55)));
    api.with("dev/salekit/ffi/Ffi.class", class(55))
        .with("META-INF/versions/21/module-info.class", class(65))
}

#[track_caller]
fn assert_broken(aar: &Files, classes: &Files, expected: &[&str]) {
    assert_eq!(broken(&verdicts(aar, classes, FOR_APPS).unwrap()), expected);
}

#[test]
fn a_good_one_passes_and_may_be_for_old_emulators_too() {
    assert_broken(&aar(), &classes(), &[]);
    assert_broken(&aar().with("jni/x86/libsalekit.so", elf(false, 3)), &classes(), &[]);
}

#[test]
fn every_wrong_part_is_found() {
    let manifest = |from, to| aar().replaced("AndroidManifest.xml", from, to);
    let rules = |from| aar().replaced("proguard.txt", from, "-keep class other");
    for (aar, expected) in [
        (aar().with("assets/a", ""), "it has only parts that a build knows"),
        (
            manifest("package=\"dev.salekit.android\"", "package=\"dev.salekit\""),
            "the manifest names its package",
        ),
        (manifest("\"24\"", "\"21\""), "the manifest asks for API 24"),
        (
            manifest("permission.INTERNET", "permission.VIBRATE"),
            "the manifest asks for the network",
        ),
        (
            manifest("exported=\"false\"", "exported=\"true\""),
            "the manifest lets nobody else start the activity",
        ),
        (aar().without("R.txt"), "R.txt is there and empty"),
        (aar().with("R.txt", "int"), "R.txt is there and empty"),
        (rules("-keep class com.sun.jna"), "proguard.txt keeps JNA"),
        (
            rules("-keep class dev.salekit.ffi"),
            "proguard.txt keeps the generated package",
        ),
        (
            aar().replaced(PROPERTIES, "=24", "=35"),
            "aar-metadata.properties says what it is compiled against",
        ),
        (
            aar().replaced(PROPERTIES, "8.7.0", "8.0.0"),
            "aar-metadata.properties says which plugin it wants",
        ),
        (
            aar().with("jni/mips/libsalekit.so", elf(false, 8)),
            "every library is for a known ABI",
        ),
        (
            aar().without("jni/x86_64/libsalekit.so"),
            "jni/x86_64/libsalekit.so is for X86_64",
        ),
        (
            aar().with("jni/arm64-v8a/libsalekit.so", elf(true, 62)),
            "jni/arm64-v8a/libsalekit.so is for Arm64",
        ),
        (
            aar().with("jni/armeabi-v7a/libsalekit.so", "!<arch>\n"),
            "jni/armeabi-v7a/libsalekit.so is for Arm",
        ),
    ] {
        assert_broken(&aar, &classes(), &[expected]);
    }
    let callbacks = aar().with(
        "proguard.txt",
        RULES
            .lines()
            .filter(|line| !line.contains("* implements") && !line.contains("* extends"))
            .collect::<Vec<_>>()
            .join("\n"),
    );
    assert_broken(&callbacks, &classes(), &["proguard.txt keeps callbacks and structures"]);
    let missing = manifest("BrowserActivity", "OtherActivity");
    assert_broken(
        &missing,
        &classes(),
        &[
            "the manifest has the activity under the page",
            "the manifest lets nobody else start the activity",
        ],
    );
    assert!(verdicts(&aar().with("AndroidManifest.xml", "<manifest"), &classes(), FOR_APPS).is_err());
}

#[test]
fn every_wrong_class_is_found() {
    for (classes, expected) in [
        (
            classes().without("dev/salekit/SaleClient.class"),
            "classes.jar has the public API",
        ),
        (
            classes().without("dev/salekit/android/CustomTabPresenter.class"),
            "classes.jar has what is for Android only",
        ),
        (
            classes().without("dev/salekit/SentencesKt.class"),
            "classes.jar has the sentences",
        ),
        (
            classes().without("dev/salekit/ffi/Ffi.class"),
            "classes.jar has the generated layer",
        ),
        (
            classes().with("dev/salekit/SaleTest.class", class(55)),
            "classes.jar has no tests",
        ),
        (
            classes().with("org/junit/A.class", class(55)),
            "classes.jar has no tests",
        ),
        (
            classes().with("kotlin/Unit.class", class(55)),
            "classes.jar has nobody else's classes",
        ),
        (
            classes().with("com/sun/jna/Native.class", class(55)),
            "classes.jar has nobody else's classes",
        ),
        (
            classes().with("dev/salekit/New.class", class(61)),
            "every class is of Java 11",
        ),
    ] {
        assert_broken(&aar(), &classes, &[expected]);
    }
}

#[test]
fn one_for_tests_on_this_machine_does_not_pass_as_one_for_apps() {
    let host = aar()
        .without("jni/arm64-v8a/libsalekit.so")
        .without("jni/armeabi-v7a/libsalekit.so")
        .without("jni/x86_64/libsalekit.so");
    let host = host.with("jni/x86_64-linux/libsalekit.so", elf(true, 62));
    assert_eq!(
        broken(&verdicts(&host, &classes(), OF_HOST).unwrap()),
        Vec::<&str>::new()
    );
    assert_eq!(broken(&verdicts(&host, &classes(), FOR_APPS).unwrap()).len(), 4);
    assert_eq!(broken(&verdicts(&aar(), &classes(), OF_HOST).unwrap()).len(), 2);
}
