//! A Maven layout that is good but for one thing, and whether that thing is found and nothing else.

use super::*;
use crate::verdict::broken;

const POM: &str = "<project><!-- do_not_remove: published-with-gradle-metadata -->\
    <groupId>g</groupId><artifactId>m</artifactId><version>1</version><packaging>aar</packaging><dependencies>\
    <dependency><groupId>k</groupId><artifactId>stdlib</artifactId><version>2</version><scope>compile</scope></dependency>\
    <dependency><groupId>j</groupId><artifactId>jna</artifactId><version>5</version><scope>runtime</scope></dependency>\
    </dependencies></project>";

/// Stands for every algorithm: the test is about who is compared, not about arithmetic.
fn digest(name: &str, algorithm: &str) -> Result<String, Failure> {
    Ok(format!("{algorithm} of {name}"))
}

fn module() -> String {
    let file = |name: &str| {
        format!(
            r#"{{"name": "{name}", "url": "{name}", "size": 3, "sha512": "sha512 of {name}", "sha256": "sha256 of {name}",
            "sha1": "sha1 of {name}", "md5": "md5 of {name}"}}"#
        )
    };
    let variant = |name: &str, attributes: &str, dependencies: &str, file: &str| {
        format!(
            r#"{{"name": "{name}", "attributes": {{{attributes}}}, "dependencies": [{dependencies}], "files": [{file}],
            "capabilities": [{{"group": "g", "name": "m", "version": "1"}}]}}"#
        )
    };
    let library = |usage: &str| {
        format!(
            r#""org.gradle.category": "library", "org.gradle.libraryelements": "aar", "org.gradle.usage": "{usage}",
            "org.gradle.jvm.environment": "android""#
        )
    };
    let stdlib = r#"{"group": "k", "module": "stdlib", "version": {"requires": "2"}}"#;
    let jna = r#"{"group": "j", "module": "jna", "version": {"requires": "5"},
        "thirdPartyCompatibility": {"artifactSelector": {"name": "jna", "type": "aar", "extension": "aar"}}}"#;
    let documentation = r#""org.gradle.category": "documentation", "org.gradle.docstype": "sources""#;
    let variants = [
        variant("api", &library("java-api"), stdlib, &file("m-1.aar")),
        variant(
            "runtime",
            &library("java-runtime"),
            &format!("{stdlib}, {jna}"),
            &file("m-1.aar"),
        ),
        variant("sources", documentation, "", &file("m-1-sources.jar")),
    ];
    let component = r#""component": {"group": "g", "module": "m", "version": "1"}"#;
    format!(
        r#"{{"formatVersion": "1.1", {component}, "variants": [{}]}}"#,
        variants.join(", ")
    )
}

/// What does not hold after something in the module metadata, the POM and the AAR's metadata is replaced.
fn found(from: &str, to: &str) -> Vec<String> {
    let files = Files::default().with("m-1.aar", "aar").with("m-1-sources.jar", "jar");
    let properties =
        "aarFormatVersion=1.0\naarMetadataVersion=1.0\nminCompileSdk=24\nminAndroidGradlePluginVersion=8.7.0\n";
    let kotlin = [
        &[0, 0, 0, 3][..],
        &2_i32.to_be_bytes(),
        &2_i32.to_be_bytes(),
        &[0, 0, 0, 0],
    ]
    .concat();
    let changed = |text: &str| {
        if from.is_empty() {
            text.to_owned()
        } else {
            text.replacen(from, to, 1)
        }
    };
    let layout = Layout {
        files: &files,
        module: changed(&module()),
        pom: changed(POM),
        classes: Files::default().with("META-INF/m.kotlin_module", kotlin),
        properties: changed(properties),
    };
    let same = layout.module == module() && layout.pom == POM && layout.properties == properties;
    assert_eq!(same, from.is_empty(), "{from}");
    let verdicts = layout.verdicts("2.2", &digest).unwrap();
    broken(&verdicts).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_good_layout_passes() {
    assert_eq!(found("", ""), Vec::<String>::new());
}

#[test]
fn every_mistake_is_found() {
    for (from, to, expected) in [
        ("\"1.1\"", "\"1.0\"", "the module metadata is of schema 1.1"),
        (
            "<artifactId>m</artifactId>",
            "<artifactId>n</artifactId>",
            "the POM is of the same module",
        ),
        (
            " do_not_remove",
            " do_remove",
            "the POM names the module metadata to Gradle",
        ),
        ("<packaging>aar", "<packaging>jar", "the POM's packaging is aar"),
        (
            "\"name\": \"api\"",
            "\"name\": \"runtime\"",
            "every variant has a name of its own",
        ),
        ("\"org.gradle.libraryelements\": \"aar\",", "", "api: it can be chosen"),
        (
            "\"org.gradle.category\": \"documentation\"",
            "\"x\": \"y\"",
            "sources: it can be chosen",
        ),
        (
            "[{\"group\": \"g\", \"name\": \"m\"",
            "[{\"group\": \"g\", \"name\": \"n\"",
            "api: its capability is its own",
        ),
        (
            "\"url\": \"m-1-sources.jar\"",
            "\"url\": \"m-1.jar\"",
            "sources: m-1.jar is there",
        ),
        ("\"size\": 3", "\"size\": 4", "api: m-1.aar has its size"),
        ("sha512 of", "sha512 not of", "api: m-1.aar has its sha512"),
        ("md5 of", "md5 not of", "api: m-1.aar has its md5"),
        (
            "\"requires\": \"2\"",
            "\"requires\": \"3\"",
            "java-api: it depends on what the POM says",
        ),
        (
            "\"extension\": \"aar\"",
            "\"extension\": \"jar\"",
            "java-runtime: JNA comes with its library for Android",
        ),
        (
            "FormatVersion=1.0",
            "FormatVersion=2.0",
            "the format of the AAR's metadata is known",
        ),
        (
            "MetadataVersion=1.0",
            "MetadataVersion=2.0",
            "the version of the AAR's metadata is known",
        ),
        (
            "minCompileSdk=24",
            "minCompileSdk=",
            "the AAR says what it is compiled against",
        ),
        ("Version=8.7.0", "Version=8", "the AAR says which plugin it wants"),
    ] {
        assert_eq!(found(from, to), [expected], "{from}");
    }
    assert_eq!(
        found("\"files\": [{", "\"files\": [{}, {").first().unwrap(),
        "api: it has one file"
    );
    let other_usage = found("\"java-api\"", "\"java-apis\"");
    assert_eq!(
        other_usage.first().unwrap(),
        "one variant is to compile against and one to run with"
    );
}

#[test]
fn a_newer_kotlin_and_none_are_found() {
    let files = Files::default();
    let layout = |classes| Layout {
        files: &files,
        module: String::new(),
        pom: String::new(),
        classes,
        properties: String::new(),
    };
    let newer = [&[0, 0, 0, 3][..], &2_i32.to_be_bytes(), &4_i32.to_be_bytes()].concat();
    for (classes, expected) in [
        (
            Files::default().with("META-INF/m.kotlin_module", newer),
            "Kotlin 2.2 reads the AAR's classes",
        ),
        (
            Files::default().with("META-INF/m.kotlin_module", "short"),
            "Kotlin 2.2 reads the AAR's classes",
        ),
        (Files::default().with("A.class", ""), "the AAR has classes of Kotlin"),
    ] {
        assert_eq!(broken(&layout(classes).kotlin("2.2")), [expected]);
    }
}
