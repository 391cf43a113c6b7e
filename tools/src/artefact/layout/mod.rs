//! An AAR in a Maven layout, as Gradle and Maven read it: `cargo tool check layout FOLDER KOTLIN`. The module metadata against
//! schema 1.1, the files beside it, the POM, the AAR's own metadata, and whether its classes are for KOTLIN, such as 2.2, the
//! oldest one that may read them.

#[cfg(test)]
mod tests;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use serde_json::Value;

use super::{digest, files::Files, pom::Pom};
use crate::{
    check::Checks,
    command::Outcome,
    failure::Failure,
    project::Project,
    verdict::{Verdict, report},
};

/// In the POM, it tells Gradle to read the module metadata.
const MARKER: &str = "do_not_remove: published-with-gradle-metadata";
const PROPERTIES: &str = "META-INF/com/android/build/gradle/aar-metadata.properties";
const DIGESTS: &[&str] = &["sha512", "sha256", "sha1", "md5"];
/// What is compiled against and what is run with, and the scopes of a POM that mean the same.
const USAGES: &[(&str, &[&str])] = &[("java-api", &["compile"]), ("java-runtime", &["compile", "runtime"])];

/// `check layout FOLDER KOTLIN`
pub(crate) fn run(_: &Project, arguments: &[String]) -> Outcome {
    let [folder, kotlin] = arguments else {
        return Err(Failure::Misused);
    };
    let mut checks = Checks::new();
    report(&mut checks, folder, verdicts_of(Path::new(folder), kotlin)?);
    Ok(checks.close())
}

/// What the checks say of a folder with one AAR.
pub(super) fn verdicts_of(folder: &Path, kotlin: &str) -> Result<Vec<Verdict>, Failure> {
    let files = Files::of_folder(folder)?;
    let (_, name) = the_one(&files, ".aar")?;
    let aar = Files::of_zip(&folder.join(name))?;
    let layout = Layout {
        classes: aar.inner("classes.jar")?,
        properties: aar.text(PROPERTIES),
        module: the_one(&files, ".module")?.0,
        pom: the_one(&files, ".pom")?.0,
        files: &files,
    };
    let digest = |name: &str, algorithm: &str| digest::of(&folder.join(name), algorithm);
    layout.verdicts(kotlin, &digest)
}

/// The text and the name of the only file with this ending.
fn the_one(files: &Files, ending: &str) -> Result<(String, String), Failure> {
    let found: Vec<&str> = files.names().filter(|name| name.ends_with(ending)).collect();
    match found.as_slice() {
        [name] => Ok((files.text(name), (*name).to_owned())),
        found => Err(Failure::unfit(format!(
            "the folder has {} files *{ending}, not one",
            found.len()
        ))),
    }
}

/// What is read of the folder.
struct Layout<'a> {
    files: &'a Files,
    module: String,
    pom: String,
    /// What is in the AAR's classes.jar.
    classes: Files,
    /// What Android's plugin reads before it takes the AAR.
    properties: String,
}

impl Layout<'_> {
    /// `digest` computes that of a file of the folder, by name and algorithm.
    fn verdicts(
        &self,
        kotlin: &str,
        digest: &dyn Fn(&str, &str) -> Result<String, Failure>,
    ) -> Result<Vec<Verdict>, Failure> {
        let module: Value = serde_json::from_str(&self.module)
            .map_err(|error| Failure::unfit(format!("the module metadata: {error}")))?;
        let pom = Pom::parse("the POM", &self.pom)?;
        let component = ["group", "module", "version"].map(|key| text(module.get("component"), key).to_owned());
        let variants = list(&module, "variants");
        let names: BTreeSet<&str> = variants.iter().map(|variant| text(Some(variant), "name")).collect();
        let own = [pom.group.clone(), pom.artefact.clone(), pom.version.clone()];
        let format = text(Some(&module), "formatVersion");
        let mut verdicts = vec![
            Verdict::that("the module metadata is of schema 1.1", format == "1.1", format),
            Verdict::that(
                "the POM is of the same module",
                own == component,
                format!("{own:?}, not {component:?}"),
            ),
            Verdict::that(
                "the POM names the module metadata to Gradle",
                self.pom.contains(MARKER),
                format!("no {MARKER}"),
            ),
            Verdict::that("the POM's packaging is aar", pom.packaging == "aar", &*pom.packaging),
            Verdict::that(
                "every variant has a name of its own",
                names.len() == variants.len() && !variants.is_empty(),
                format!("{} names of {} variants", names.len(), variants.len()),
            ),
        ];
        for variant in variants {
            verdicts.extend(self.variant(variant, &component, digest)?);
        }
        verdicts.extend(libraries(variants, &pom));
        verdicts.extend(metadata(&self.properties));
        verdicts.extend(self.kotlin(kotlin));
        Ok(verdicts)
    }

    /// One variant: attributes by which it is chosen, files, capabilities.
    fn variant(
        &self,
        variant: &Value,
        [group, module, version]: &[String; 3],
        digest: &dyn Fn(&str, &str) -> Result<String, Failure>,
    ) -> Result<Vec<Verdict>, Failure> {
        let name = text(Some(variant), "name");
        let attributes = variant.get("attributes");
        let wanted: &[&str] = match text(attributes, "org.gradle.category") {
            "library" => &[
                "org.gradle.libraryelements",
                "org.gradle.usage",
                "org.gradle.jvm.environment",
            ],
            "documentation" => &["org.gradle.docstype"],
            _ => &["org.gradle.category library or documentation"],
        };
        let missing = wanted.iter().filter(|key| text(attributes, key).is_empty());
        let files = list(variant, "files");
        let expected = serde_json::json!([{ "group": group, "name": module, "version": version }]);
        let capabilities = variant.get("capabilities").cloned().unwrap_or_default();
        let mut verdicts = vec![
            Verdict::new(
                format!("{name}: it can be chosen"),
                missing.map(|key| format!("no {key}")),
            ),
            Verdict::that(
                format!("{name}: it has one file"),
                files.len() == 1,
                format!("{} files", files.len()),
            ),
            Verdict::that(
                format!("{name}: its capability is its own"),
                capabilities == expected,
                format!("{capabilities}, not {expected}"),
            ),
        ];
        for file in files {
            let url = text(Some(file), "url");
            let Some(bytes) = self.files.bytes(url) else {
                verdicts.push(Verdict::new(format!("{name}: {url} is there"), [format!("no {url}")]));
                continue;
            };
            let size = file.get("size").and_then(Value::as_u64).unwrap_or_default();
            let is = bytes.len() as u64;
            verdicts.push(Verdict::that(
                format!("{name}: {url} has its size"),
                size == is,
                format!("{size}, not {is}"),
            ));
            for algorithm in DIGESTS {
                let (said, is) = (text(Some(file), algorithm), digest(url, algorithm)?);
                let otherwise = format!("{said}, not {is}");
                verdicts.push(Verdict::that(
                    format!("{name}: {url} has its {algorithm}"),
                    said == is,
                    otherwise,
                ));
            }
        }
        Ok(verdicts)
    }

    /// The version of the compiler's metadata: in META-INF/*.kotlin_module, after how many numbers it has.
    fn kotlin(&self, oldest: &str) -> [Verdict; 2] {
        let modules: Vec<_> = self
            .classes
            .iter()
            .filter(|(name, _)| name.ends_with(".kotlin_module"))
            .collect();
        let others = modules.iter().filter_map(|(name, bytes)| {
            let number = |at: usize| Some(i32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
            let version = match (number(4), number(8)) {
                (Some(major), Some(minor)) => format!("{major}.{minor}"),
                _ => "no version".to_owned(),
            };
            (version != oldest).then(|| format!("{name} is of Kotlin {version}"))
        });
        [
            Verdict::that(
                "the AAR has classes of Kotlin",
                !modules.is_empty(),
                "no *.kotlin_module",
            ),
            Verdict::new(format!("Kotlin {oldest} reads the AAR's classes"), others),
        ]
    }
}

/// What is depended on is what the POM says, and JNA's AAR is taken, which has its library for Android.
fn libraries(variants: &[Value], pom: &Pom) -> Vec<Verdict> {
    let mut libraries: BTreeMap<&str, &Value> = BTreeMap::new();
    for variant in variants {
        let attributes = variant.get("attributes");
        if text(attributes, "org.gradle.category") == "library" {
            libraries.insert(text(attributes, "org.gradle.usage"), variant);
        }
    }
    let usages = libraries.keys().copied().collect::<Vec<_>>();
    let mut verdicts = vec![Verdict::that(
        "one variant is to compile against and one to run with",
        usages == USAGES.iter().map(|(usage, _)| *usage).collect::<Vec<_>>(),
        usages.join(", "),
    )];
    for (usage, scopes) in USAGES {
        let dependencies = libraries
            .get(usage)
            .map(|variant| list(variant, "dependencies"))
            .unwrap_or_default();
        let of_module: BTreeSet<String> = dependencies
            .iter()
            .map(|one| {
                format!(
                    "{}:{}:{}",
                    text(Some(one), "group"),
                    text(Some(one), "module"),
                    text(one.get("version"), "requires")
                )
            })
            .collect();
        let of_pom: BTreeSet<String> = pom
            .dependencies
            .iter()
            .filter(|one| scopes.contains(&one.scope.as_str()))
            .map(|one| format!("{}:{}:{}", one.group, one.artefact, one.version))
            .collect();
        let different = of_module
            .symmetric_difference(&of_pom)
            .map(|one| format!("only one of them has {one}"));
        verdicts.push(Verdict::new(
            format!("{usage}: it depends on what the POM says"),
            different,
        ));
        let plain = dependencies.iter().filter(|one| {
            let selector = one
                .get("thirdPartyCompatibility")
                .and_then(|one| one.get("artifactSelector"));
            text(Some(one), "module") == "jna" && text(selector, "extension") != "aar"
        });
        let plain = plain.map(|one| format!("{one} does not select the AAR"));
        verdicts.push(Verdict::new(
            format!("{usage}: JNA comes with its library for Android"),
            plain,
        ));
    }
    verdicts
}

fn metadata(properties: &str) -> Vec<Verdict> {
    let value = |key: &str| {
        properties
            .lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix('='))
            .unwrap_or_default()
    };
    let (format, version) = (value("aarFormatVersion"), value("aarMetadataVersion"));
    let (sdk, plugin) = (value("minCompileSdk"), value("minAndroidGradlePluginVersion"));
    vec![
        Verdict::that(
            "the format of the AAR's metadata is known",
            format == "1.0",
            format!("{format}, not 1.0"),
        ),
        Verdict::that(
            "the version of the AAR's metadata is known",
            version == "1.0",
            format!("{version}, not 1.0"),
        ),
        Verdict::that(
            "the AAR says what it is compiled against",
            sdk.parse::<u32>().is_ok(),
            format!("minCompileSdk={sdk}"),
        ),
        Verdict::that(
            "the AAR says which plugin it wants",
            plugin.matches('.').count() == 2,
            format!("minAndroidGradlePluginVersion={plugin}"),
        ),
    ]
}

fn text<'a>(value: Option<&'a Value>, key: &str) -> &'a str {
    value
        .and_then(|value| value.get(key))
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    value
        .get(key)
        .and_then(Value::as_array)
        .map(Vec::as_slice)
        .unwrap_or_default()
}
