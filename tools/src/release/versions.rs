//! One version everywhere: what names it, and whether all of them agree.

use regex_lite::Regex;

use crate::{artefact::pom::Pom, failure::Failure, project::Project, verdict::Verdict};

const POMS: &[&str] = &[
    "bindings/kotlin/pom.xml",
    "bindings/kotlin-android/pom.xml",
    "bindings/kotlin-compose/pom.xml",
    "bindings/kotlin-testing/pom.xml",
    "android-sample/pom.xml",
];
/// Files that name the version in a line of their own: the line, with `{}` for the version.
const LINES: &[(&str, &str)] = &[
    ("Cargo.toml", "salekit-core = { path = \"core\", version = \"{}\" }"),
    (
        "Cargo.toml",
        "salekit-sandbox = { path = \"sandbox\", version = \"{}\" }",
    ),
    ("android-sample/gradle/libs.versions.toml", "salekit = \"{}\""),
    ("sandbox/src/inspector/openapi.json", "\"version\": \"{}\""),
    ("CHANGELOG.md", "## {} ("),
];
/// Documents that say what to depend on.
const DOCUMENTS: &[&str] = &["docs/android.md"];
const MANIFESTS: [&str; 2] = ["Package.swift", "bindings/swift/Package.swift"];

/// The version in the root's manifest.
pub(crate) fn of(project: &Project) -> Result<String, Failure> {
    let manifest: toml::Table = project
        .read("Cargo.toml")?
        .parse()
        .map_err(|error: toml::de::Error| Failure::unfit(format!("Cargo.toml: {error}")))?;
    let version = manifest
        .get("workspace")
        .and_then(|table| table.get("package")?.get("version")?.as_str());
    version
        .map(str::to_owned)
        .ok_or_else(|| Failure::unfit("Cargo.toml has no version in [workspace.package]"))
}

pub(super) fn verdicts(project: &Project, version: &str) -> Result<Vec<Verdict>, Failure> {
    let mut verdicts = Vec::new();
    for (file, line) in LINES {
        let line = line.replace("{}", version);
        let says = project.read(file)?.contains(&line);
        verdicts.push(Verdict::that(
            format!("{file} has version {version}"),
            says,
            format!("it does not say: {line}"),
        ));
    }
    for file in POMS {
        let found = Pom::parse(file, &project.read(file)?)?.version;
        verdicts.push(Verdict::that(
            format!("{file} has version {version}"),
            found == version,
            format!("it has {found}"),
        ));
    }
    for file in DOCUMENTS {
        let others = other_versions(&project.read(file)?, version)?;
        verdicts.push(Verdict::new(
            format!("{file} names no other version than {version}"),
            others,
        ));
    }
    let [root, beside] = [project.read(MANIFESTS[0])?, project.read(MANIFESTS[1])?];
    verdicts.extend(swift_release(&root, &beside, version));
    Ok(verdicts)
}

/// Artefacts of SaleKit in another version, in a document.
fn other_versions(document: &str, version: &str) -> Result<Vec<String>, Failure> {
    let pattern = r"dev\.salekit:salekit[a-z-]*:([0-9][0-9A-Za-z.-]*)";
    let artefact = Regex::new(pattern).map_err(|error| Failure::unfit(format!("{pattern}: {error}")))?;
    let named = artefact
        .captures_iter(document)
        .filter_map(|found| Some((found.get(0)?.as_str(), found.get(1)?.as_str())));
    // A sentence may end after it.
    let others = named.filter(|(_, found)| found.trim_end_matches(['.', '-']) != version);
    Ok(others.map(|(artefact, _)| artefact.to_owned()).collect())
}

/// The release in both manifests: none yet, or a URL that names this version.
fn swift_release(root: &str, beside: &str, version: &str) -> [Verdict; 2] {
    let release = |manifest: &str| {
        let line = manifest.lines().find(|line| line.starts_with("let release: "));
        line.unwrap_or("no line begins with `let release: `").to_owned()
    };
    let (root, beside) = (release(root), release(beside));
    let is_this = root.contains("(nil, nil)") || root.contains(&format!("/v{version}/"));
    [
        Verdict::that(
            "both Package.swift have the same release",
            root.starts_with("let ") && root == beside,
            format!("{root}\n{beside}"),
        ),
        Verdict::that("Package.swift has no release of another version", is_this, root),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::broken;

    #[test]
    fn another_version_in_a_document_is_found() {
        let document =
            "`dev.salekit:salekit-android:0.1.0`, dev.salekit:salekit:0.1.0. and dev.salekit:salekit-compose:0.1.01";
        assert_eq!(
            other_versions(document, "0.1.0").unwrap(),
            ["dev.salekit:salekit-compose:0.1.01"]
        );
    }

    #[test]
    fn a_release_is_the_same_in_both_manifests_and_of_this_version() {
        let manifest = |release: &str| format!("import PackageDescription\nlet release: (url: String?) = {release}\n");
        let (none, this, other) = (
            manifest("(nil, nil)"),
            manifest("(\"https://example.com/v0.1.0/a.zip\")"),
            manifest("(\"https://example.com/v0.2.0/a.zip\")"),
        );
        let same = "both Package.swift have the same release";
        let own = "Package.swift has no release of another version";
        for (root, beside, expected) in [
            (&none, &none, vec![]),
            (&this, &this, vec![]),
            (&this, &none, vec![same]),
            (&other, &other, vec![own]),
            (&String::new(), &String::new(), vec![same, own]),
        ] {
            assert_eq!(
                broken(&swift_release(root, beside, "0.1.0")),
                expected,
                "{root} {beside}"
            );
        }
    }
}
