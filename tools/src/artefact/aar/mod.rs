//! An AAR, and every part of it that an app's build takes: `cargo tool check aar [--host] FILE`. The libraries in it are checked
//! as libraries.

#[cfg(test)]
mod tests;

use std::path::Path;

use regex_lite::Regex;
use roxmltree::Document;

use super::{
    files::Files,
    library::{
        self,
        facts::{self, Facts, Machine},
    },
};
use crate::{
    check::Checks,
    command::Outcome,
    failure::Failure,
    project::Project,
    verdict::{Verdict, report},
};

const PARTS: &[&str] = &[
    "AndroidManifest.xml",
    "META-INF",
    "R.txt",
    "classes.jar",
    "jni",
    "proguard.txt",
];
const ANDROID: &str = "http://schemas.android.com/apk/res/android";
/// Each must be a line of proguard.txt; what follows it does not matter.
const KEPT: &[(&str, &str)] = &[
    ("JNA", r"^-keep class com\.sun\.jna\.\*\* \{ \*; \}"),
    (
        "callbacks and structures",
        r"^-keep class \* (?:implements|extends) com\.sun\.jna\.\*\*",
    ),
    (
        "the generated package",
        r"^-keep class dev\.salekit\.ffi\.\*\* \{ \*; \}",
    ),
];
const CLASSES: &[(&str, &str)] = &[
    ("the public API", "dev/salekit/SaleClient.class"),
    (
        "what is for Android only",
        "dev/salekit/android/CustomTabPresenter.class",
    ),
    ("the sentences", "dev/salekit/SentencesKt.class"),
];
/// Android's tools take class files of Java 11 as they are.
const JAVA_11: [u8; 4] = [0, 0, 0, 55];

/// The ABIs that an AAR has, as its folders are named.
#[derive(Debug, Clone, Copy)]
pub(super) struct Abis {
    expected: &'static [(&'static str, Machine)],
    optional: &'static [&'static str],
}

pub(super) const FOR_APPS: Abis = Abis {
    expected: &[
        ("arm64-v8a", Machine::Arm64),
        ("armeabi-v7a", Machine::Arm),
        ("x86_64", Machine::X86_64),
    ],
    optional: &["x86"],
};
/// Of `tools/shell/build-android --host`, with the library of the machine that the tests run on.
pub(super) const OF_HOST: Abis = Abis {
    expected: &[("x86_64-linux", Machine::X86_64)],
    optional: &[],
};

/// `check aar [--host] FILE`
pub(crate) fn run(_: &Project, arguments: &[String]) -> Outcome {
    let (abis, file) = match arguments {
        [option, file] if option == "--host" => (OF_HOST, file),
        [file] if !file.starts_with('-') => (FOR_APPS, file),
        _ => return Err(Failure::Misused),
    };
    let mut checks = Checks::new();
    report(&mut checks, file, verdicts_of(Path::new(file), abis)?);
    Ok(checks.close())
}

/// What the checks say of an AAR and of the libraries in it.
pub(super) fn verdicts_of(file: &Path, abis: Abis) -> Result<Vec<Verdict>, Failure> {
    let aar = Files::of_zip(file)?;
    let mut verdicts = verdicts(&aar, &aar.inner("classes.jar")?, abis)?;
    for (name, bytes) in aar.iter().filter(|(name, _)| name.ends_with(".so")) {
        let library = library::verdicts_of(name, bytes)?;
        verdicts.extend(library.into_iter().map(|verdict| Verdict {
            holds: format!("{name}: {}", verdict.holds),
            ..verdict
        }));
    }
    Ok(verdicts)
}

fn verdicts(aar: &Files, classes: &Files, abis: Abis) -> Result<Vec<Verdict>, Failure> {
    let unknown = aar.on_top().filter(|part| !PARTS.contains(part));
    let mut verdicts = vec![Verdict::new("it has only parts that a build knows", unknown)];
    verdicts.extend(manifest(&aar.text("AndroidManifest.xml"))?);
    let empty = aar.bytes("R.txt").is_some_and(<[u8]>::is_empty);
    verdicts.push(Verdict::that(
        "R.txt is there and empty",
        empty,
        "there are no resources, and the file must say so",
    ));
    let rules = aar.text("proguard.txt");
    for (what, pattern) in KEPT {
        let rule = Regex::new(pattern).map_err(|error| Failure::unfit(format!("{pattern}: {error}")))?;
        let kept = rules.lines().any(|line| rule.is_match(line));
        verdicts.push(Verdict::that(
            format!("proguard.txt keeps {what}"),
            kept,
            format!("no line matches {pattern}"),
        ));
    }
    verdicts.extend(code(classes));
    verdicts.extend(metadata(
        &aar.text("META-INF/com/android/build/gradle/aar-metadata.properties"),
    ));
    verdicts.extend(libraries(aar, abis));
    Ok(verdicts)
}

fn manifest(text: &str) -> Result<Vec<Verdict>, Failure> {
    let document =
        Document::parse(text).map_err(|error| Failure::unfit(format!("AndroidManifest.xml is no XML: {error}")))?;
    let attributes = |tag: &'static str, attribute: &'static str| {
        let nodes = document.descendants().filter(move |node| node.tag_name().name() == tag);
        nodes
            .filter_map(move |node| node.attribute((ANDROID, attribute)))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let package = document.root_element().attribute("package").unwrap_or("none");
    let least = attributes("uses-sdk", "minSdkVersion");
    let activity = document.descendants().find(|node| {
        node.tag_name().name() == "activity"
            && node.attribute((ANDROID, "name")) == Some("dev.salekit.android.BrowserActivity")
    });
    let exported = activity
        .and_then(|activity| activity.attribute((ANDROID, "exported")))
        .unwrap_or("not said");
    Ok(vec![
        Verdict::that(
            "the manifest names its package",
            package == "dev.salekit.android",
            format!("it names {package}"),
        ),
        Verdict::that(
            "the manifest asks for API 24",
            least == ["24"],
            format!("it asks for {}", least.join(", ")),
        ),
        Verdict::that(
            "the manifest asks for the network",
            attributes("uses-permission", "name")
                .iter()
                .any(|name| name == "android.permission.INTERNET"),
            "no uses-permission android.permission.INTERNET",
        ),
        Verdict::that(
            "the manifest has the activity under the page",
            activity.is_some(),
            "no BrowserActivity",
        ),
        Verdict::that(
            "the manifest lets nobody else start the activity",
            exported == "false",
            format!("exported is {exported}, not false"),
        ),
    ])
}

fn code(classes: &Files) -> Vec<Verdict> {
    let names = || classes.names().filter(|name| !name.starts_with("META-INF/"));
    let mut verdicts: Vec<_> = CLASSES
        .iter()
        .map(|(what, class)| {
            let there = classes.bytes(class).is_some();
            Verdict::that(format!("classes.jar has {what}"), there, format!("no {class}"))
        })
        .collect();
    let generated = names().any(|name| name.starts_with("dev/salekit/ffi/"));
    verdicts.push(Verdict::that(
        "classes.jar has the generated layer",
        generated,
        "nothing in dev/salekit/ffi",
    ));
    let tests = names().filter(|name| name.contains("Test") || name.contains("/junit/"));
    verdicts.push(Verdict::new("classes.jar has no tests", tests));
    let foreign = names().filter(|name| {
        ["com/sun/jna/", "kotlin/", "kotlinx/"]
            .iter()
            .any(|own| name.starts_with(own))
    });
    verdicts.push(Verdict::new("classes.jar has nobody else's classes", foreign));
    let newer = classes.iter().filter(|(name, bytes)| {
        name.ends_with(".class") && !name.contains("META-INF/") && bytes.get(4..8) != Some(&JAVA_11)
    });
    verdicts.push(Verdict::new("every class is of Java 11", newer.map(|(name, _)| name)));
    verdicts
}

/// What Android's Gradle plugin reads before it takes an AAR.
fn metadata(properties: &str) -> Vec<Verdict> {
    let wanted = [
        ("what it is compiled against", "minCompileSdk=24"),
        ("which plugin it wants", "minAndroidGradlePluginVersion=8.7.0"),
    ];
    let verdict = |(what, line): (&str, &str)| {
        let says = properties.lines().any(|found| found == line);
        Verdict::that(
            format!("aar-metadata.properties says {what}"),
            says,
            format!("no line {line}"),
        )
    };
    wanted.into_iter().map(verdict).collect()
}

fn libraries(aar: &Files, abis: Abis) -> Vec<Verdict> {
    let known = |abi: &str| abis.optional.contains(&abi) || abis.expected.iter().any(|(expected, _)| *expected == abi);
    let folders = aar
        .names()
        .filter_map(|name| name.strip_prefix("jni/")?.split('/').next());
    let mut unknown: Vec<_> = folders.filter(|abi| !known(abi)).collect();
    unknown.dedup();
    let mut verdicts = vec![Verdict::new("every library is for a known ABI", unknown)];
    for (abi, machine) in abis.expected {
        let name = format!("jni/{abi}/libsalekit.so");
        let found = match aar.bytes(&name).map(|bytes| facts::read(&name, bytes)) {
            None => "it is missing".to_owned(),
            Some(Ok(Facts::Shared(library))) if library.machine == *machine => String::new(),
            Some(Ok(Facts::Shared(library))) => format!("it is for {:?}", library.machine),
            Some(Ok(Facts::Archive(_))) => "it is an archive".to_owned(),
            Some(Err(failure)) => failure.to_string(),
        };
        verdicts.push(Verdict::that(
            format!("{name} is for {machine:?}"),
            found.is_empty(),
            found,
        ));
    }
    verdicts
}
