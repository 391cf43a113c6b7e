//! An XCFramework's zip, as tools/shell/build-xcframework makes it: `cargo tool check framework FOLDER`. The folder holds
//! SaleKit.xcframework.zip and the zip's checksum.

use std::{collections::BTreeSet, fs, path::Path};

use super::{digest, files::Files, plist::Plist};
use crate::{
    check::Checks,
    command::Outcome,
    failure::Failure,
    project::Project,
    verdict::{Verdict, report},
};

const ARCHIVE: &str = "SaleKit.xcframework.zip";
const ROOT: &str = "SaleKit.xcframework";

/// `check framework FOLDER`
pub(crate) fn run(_: &Project, arguments: &[String]) -> Outcome {
    let [folder] = arguments else {
        return Err(Failure::Misused);
    };
    let mut checks = Checks::new();
    report(&mut checks, folder, verdicts_of(Path::new(folder))?);
    Ok(checks.close())
}

/// What the checks say of the zip in a folder, and of its checksum.
pub(super) fn verdicts_of(folder: &Path) -> Result<Vec<Verdict>, Failure> {
    let archive = folder.join(ARCHIVE);
    let file = archive.with_extension("zip.checksum");
    let said = fs::read_to_string(&file).map_err(Failure::file(&file))?;
    let is = digest::of(&archive, "sha256")?;
    let mut verdicts = verdicts(&Files::of_zip(&archive)?)?;
    let otherwise = format!("{}, not {is}", said.trim());
    verdicts.push(Verdict::that("the checksum is the zip's", said.trim() == is, otherwise));
    Ok(verdicts)
}

fn verdicts(files: &Files) -> Result<Vec<Verdict>, Failure> {
    let information = Plist::parse("Info.plist", &files.text(&format!("{ROOT}/Info.plist")))?;
    let kind = |key: &str| information.text(key).unwrap_or("none").to_owned();
    let slices = information.list("AvailableLibraries");
    let names: Vec<&str> = slices
        .iter()
        .filter_map(|slice| slice.text("LibraryIdentifier"))
        .collect();
    let simulators = names.iter().filter(|name| name.ends_with("simulator")).count();
    let said: BTreeSet<&str> = names.iter().copied().chain(["Info.plist"]).collect();
    let found: BTreeSet<&str> = files.names().filter_map(|name| name.split('/').nth(1)).collect();
    let mut verdicts = vec![
        Verdict::that(
            "it is an XCFramework",
            kind("CFBundlePackageType") == "XFWK",
            kind("CFBundlePackageType"),
        ),
        Verdict::that(
            "its format is known",
            kind("XCFrameworkFormatVersion") == "1.0",
            format!("{}, not 1.0", kind("XCFrameworkFormatVersion")),
        ),
        Verdict::that(
            "it is for one device and one simulator",
            slices.len() == 2 && names.len() == 2 && simulators == 1,
            names.join(", "),
        ),
        Verdict::new(
            "its folders are those that Info.plist names",
            said.symmetric_difference(&found)
                .map(|name| format!("only one of them has {name}")),
        ),
        Verdict::that(
            "it is all in one folder",
            files.on_top().eq([ROOT]),
            files.on_top().collect::<Vec<_>>().join(", "),
        ),
    ];
    for slice in slices {
        verdicts.extend(slice_verdicts(slice, files)?);
    }
    Ok(verdicts)
}

/// One library with its headers.
fn slice_verdicts(slice: &Plist, files: &Files) -> Result<Vec<Verdict>, Failure> {
    let text = |key: &str| slice.text(key).unwrap_or_default();
    let name = text("LibraryIdentifier");
    let folder = format!("{ROOT}/{name}");
    let mut architectures: Vec<_> = slice
        .list("SupportedArchitectures")
        .iter()
        .filter_map(|architecture| match architecture {
            Plist::Text(architecture) => Some(architecture.as_str()),
            _ => None,
        })
        .collect();
    architectures.sort_unstable();
    let simulator = name.ends_with("-simulator");
    let expected = format!(
        "ios-{}{}",
        architectures.join("_"),
        if simulator { "-simulator" } else { "" }
    );
    let variant = slice.text("SupportedPlatformVariant");
    let library = format!("{folder}/{}", text("LibraryPath"));

    let headers = format!("{folder}/{}/", text("HeadersPath"));
    let own = [
        format!("{headers}CSaleKit/CSaleKit.h"),
        format!("{headers}CSaleKit/module.modulemap"),
    ];
    let [header, module] = own.each_ref().map(|file| files.text(file));
    let found: Vec<&str> = files.names().filter(|file| file.starts_with(&headers)).collect();
    let said = |holds: &str| format!("{name}: {holds}");
    let mut verdicts = vec![
        Verdict::that(
            said("its library is there"),
            files.bytes(&library).is_some(),
            format!("no {library}"),
        ),
        Verdict::that(
            said("it is for iOS"),
            text("SupportedPlatform") == "ios",
            text("SupportedPlatform"),
        ),
        Verdict::that(
            said("its variant is what its name says"),
            variant == simulator.then_some("simulator"),
            variant.unwrap_or("none"),
        ),
        Verdict::that(
            said("it has arm64"),
            architectures.contains(&"arm64"),
            architectures.join(", "),
        ),
        Verdict::that(
            said("its name tells what it is"),
            name == expected,
            format!("it is {expected}"),
        ),
        // An app cannot use two frameworks that both have a module.modulemap at the top level.
        Verdict::that(
            said("its headers are in a folder of their own"),
            found == own.each_ref().map(String::as_str),
            found.join("\n"),
        ),
        Verdict::that(
            said("it is a plain module, as a static library needs"),
            module.starts_with("module CSaleKit"),
            module.lines().next().unwrap_or("the module map is empty"),
        ),
        Verdict::that(
            said("its header has functions"),
            header.contains("uniffi_salekit_"),
            "no function uniffi_salekit_ in CSaleKit.h",
        ),
    ];
    verdicts.extend(privacy(name, &files.text(&format!("{folder}/PrivacyInfo.xcprivacy")))?);
    Ok(verdicts)
}

/// The privacy manifest, for the answers to Apple's questions about the app.
fn privacy(slice: &str, text: &str) -> Result<[Verdict; 2], Failure> {
    let manifest = match text {
        "" => Plist::Other,
        text => Plist::parse("PrivacyInfo.xcprivacy", text)?,
    };
    let kinds: Vec<_> = manifest
        .list("NSPrivacyCollectedDataTypes")
        .iter()
        .filter_map(|kind| kind.text("NSPrivacyCollectedDataType"))
        .collect();
    let tracking = manifest.get("NSPrivacyTracking");
    Ok([
        Verdict::that(
            format!("{slice}: its privacy manifest says that it does not track"),
            tracking == Some(&Plist::Flag(false)),
            format!("NSPrivacyTracking is {tracking:?}"),
        ),
        Verdict::that(
            format!("{slice}: its privacy manifest names payments"),
            kinds.contains(&"NSPrivacyCollectedDataTypePaymentInfo"),
            kinds.join(", "),
        ),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::broken;

    const PRIVACY: &str = include_str!("../../../bindings/swift/Sources/SaleKit/PrivacyInfo.xcprivacy");
    const INFO: &str = "SaleKit.xcframework/Info.plist";
    const DEVICE: &str = "SaleKit.xcframework/ios-arm64";

    fn entry(name: &str, variant: &str) -> String {
        format!(
            "<dict><key>HeadersPath</key><string>Headers</string><key>LibraryIdentifier</key><string>{name}</string>\
             <key>LibraryPath</key><string>libsalekit.a</string><key>SupportedArchitectures</key>\
             <array><string>arm64</string></array><key>SupportedPlatform</key><string>ios</string>{variant}</dict>"
        )
    }

    fn framework() -> Files {
        let simulator = "<key>SupportedPlatformVariant</key><string>simulator</string>";
        let information = format!(
            "<plist><dict><key>AvailableLibraries</key><array>{}{}</array><key>CFBundlePackageType</key><string>XFWK</string>\
             <key>XCFrameworkFormatVersion</key><string>1.0</string></dict></plist>",
            entry("ios-arm64", ""),
            entry("ios-arm64-simulator", simulator)
        );
        let mut files = Files::default().with(INFO, information);
        for folder in [DEVICE.to_owned(), format!("{DEVICE}-simulator")] {
            files = files
                .with(&format!("{folder}/libsalekit.a"), "!<arch>\n")
                .with(
                    &format!("{folder}/Headers/CSaleKit/CSaleKit.h"),
                    "void uniffi_salekit_fn(void);",
                )
                .with(
                    &format!("{folder}/Headers/CSaleKit/module.modulemap"),
                    "module CSaleKit {}",
                )
                .with(&format!("{folder}/PrivacyInfo.xcprivacy"), PRIVACY);
        }
        files
    }

    #[test]
    fn a_good_one_passes() {
        let verdicts = verdicts(&framework()).unwrap();
        assert_eq!((broken(&verdicts), verdicts.len()), (vec![], 25));
    }

    #[test]
    fn every_wrong_part_is_found() {
        let information = |from, to| framework().replaced(INFO, from, to);
        let header = format!("{DEVICE}/Headers/CSaleKit/CSaleKit.h");
        let module = format!("{DEVICE}/Headers/CSaleKit/module.modulemap");
        let privacy = format!("{DEVICE}/PrivacyInfo.xcprivacy");
        for (files, expected) in [
            (information("XFWK", "FMWK"), vec!["it is an XCFramework"]),
            (information(">1.0<", ">2.0<"), vec!["its format is known"]),
            (
                framework().with("SaleKit.xcframework/ios-x86/libsalekit.a", ""),
                vec!["its folders are those that Info.plist names"],
            ),
            (
                framework().with("README.md/a", ""),
                vec!["its folders are those that Info.plist names", "it is all in one folder"],
            ),
            (
                framework().without(&format!("{DEVICE}/libsalekit.a")),
                vec!["ios-arm64: its library is there"],
            ),
            (
                information("<key>SupportedPlatformVariant</key><string>simulator</string>", ""),
                vec!["ios-arm64-simulator: its variant is what its name says"],
            ),
            (
                information(">simulator<", ">maccatalyst<"),
                vec!["ios-arm64-simulator: its variant is what its name says"],
            ),
            (
                information(">ios<", ">macos<"),
                vec!["ios-arm64: it is for iOS", "ios-arm64-simulator: it is for iOS"],
            ),
            (
                information("<string>arm64</string>", "<string>x86_64</string>"),
                vec![
                    "ios-arm64: it has arm64",
                    "ios-arm64: its name tells what it is",
                    "ios-arm64-simulator: it has arm64",
                    "ios-arm64-simulator: its name tells what it is",
                ],
            ),
            (
                framework().with(&format!("{DEVICE}/Headers/module.modulemap"), ""),
                vec!["ios-arm64: its headers are in a folder of their own"],
            ),
            (
                framework().with(&module, "framework module CSaleKit {}"),
                vec!["ios-arm64: it is a plain module, as a static library needs"],
            ),
            (
                framework().with(&header, "int x;"),
                vec!["ios-arm64: its header has functions"],
            ),
            (
                framework().without(&privacy),
                vec![
                    "ios-arm64: its privacy manifest says that it does not track",
                    "ios-arm64: its privacy manifest names payments",
                ],
            ),
            (
                framework().replaced(
                    &privacy,
                    "<key>NSPrivacyTracking</key>\n\t<false/>",
                    "<key>NSPrivacyTracking</key>\n\t<true/>",
                ),
                vec!["ios-arm64: its privacy manifest says that it does not track"],
            ),
            (
                framework().replaced(&privacy, "PaymentInfo", "Health"),
                vec!["ios-arm64: its privacy manifest names payments"],
            ),
        ] {
            assert_eq!(broken(&verdicts(&files).unwrap()), expected);
        }
        assert!(verdicts(&framework().without(INFO)).is_err());
    }

    #[test]
    fn two_devices_are_not_a_device_and_a_simulator() {
        let verdicts = verdicts(&framework().replaced(INFO, "ios-arm64-simulator", "ios-arm64")).unwrap();
        assert!(broken(&verdicts).contains(&"it is for one device and one simulator"));
    }
}
