//! The packages for apps, as far as they can be made and checked without the NDK and Xcode: `cargo tool check packages`. What the
//! scripts say where these are missing, the layouts of the AARs and of the XCFramework, and a sale by a project that has only
//! the artefacts in target/maven.

mod pages;
mod refusal;

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{
    aar,
    files::{Files, Folder},
    framework, layout,
    pom::Pom,
};
use crate::{
    check::Checks,
    command::Outcome,
    failure::Failure,
    process::Run,
    project::Project,
    release::versions,
    verdict::{Verdict, report},
};

const ARCHIVE: &str = "ios/SaleKit.xcframework.zip";
/// What the card fields for Compose bring with them.
const BROUGHT: &[&str] = &[
    "androidx.compose.material3:material3",
    "androidx.lifecycle:lifecycle-viewmodel",
    "dev.salekit:salekit-android",
];

pub(crate) fn run(project: &Project) -> Outcome {
    let mut packages = Packages {
        project,
        version: versions::of(project)?,
        classes: Folder::new("classes")?,
        checks: Checks::new(),
    };
    refusal::check(project, &mut packages.checks)?;
    packages.framework()?;
    packages.android()?;
    packages.jvm();
    packages.compose()?;
    packages.api_24()?;
    let sale = Run::new(project.path("tools/shell/check-consumer")).read();
    packages
        .checks
        .check("a project can sell with target/maven alone", sale.map(drop));
    Ok(packages.checks.close())
}

struct Packages<'a> {
    project: &'a Project,
    version: String,
    /// The classes of all AARs.
    classes: Folder,
    checks: Checks,
}

impl Packages<'_> {
    /// With the static libraries of `cargo tool cross-check --link` if they exist, otherwise with empty ones.
    fn framework(&mut self) -> Result<(), Failure> {
        let shipped = self.project.shipped();
        let linked = ["aarch64-apple-ios", "aarch64-apple-ios-sim"]
            .iter()
            .all(|target| shipped.join("cross").join(target).join("libsalekit.a").is_file());
        let build = Run::new(self.project.path("tools/shell/build-xcframework")).arg("--layout-only");
        let build = if linked { build } else { build.arg("--stand-in") };
        println!("XCFramework with {} libraries", if linked { "linked" } else { "empty" });
        self.checks
            .check("the XCFramework can be put together", build.read().map(drop));
        self.verdicts("the XCFramework", framework::verdicts_of(&shipped.join("ios")));
        let first = fs::read(shipped.join(ARCHIVE)).unwrap_or_default();
        self.checks
            .check("the XCFramework can be put together again", build.read().map(drop));
        let second = fs::read(shipped.join(ARCHIVE)).map_err(Failure::file(shipped.join(ARCHIVE)))?;
        self.checks
            .holds("the same XCFramework has the same checksum", first == second);
        Ok(())
    }

    /// The AAR with this machine's library, in a repository of its own, which nobody takes for one of apps.
    fn android(&mut self) -> Result<(), Failure> {
        let build = Run::new(self.project.path("tools/shell/build-android"))
            .arg("--host")
            .read();
        self.checks.check("an AAR can be assembled", build.map(drop));
        let folder = self.folder(&self.project.shipped().join("host/maven"), "salekit-android");
        let file = folder.join(format!("salekit-android-{}.aar", self.version));
        self.verdicts("the AAR", aar::verdicts_of(&file, aar::OF_HOST));
        let for_apps = aar::verdicts_of(&file, aar::FOR_APPS);
        let passes = for_apps.is_ok_and(|verdicts| verdicts.iter().all(|verdict| verdict.broken_by.is_empty()));
        self.checks
            .holds("an AAR with a Linux library does not pass for one of apps", !passes);
        self.layout(&folder)?;
        self.classes_of(&file)?;
        let pages = [
            "dev/salekit/SaleClient",
            "dev/salekit/android/AppHooks",
            "dev/salekit/android/CustomTabPresenter",
        ];
        self.pages(&folder, "salekit-android", &pages);
        Ok(())
    }

    fn jvm(&mut self) {
        let build = Run::new(self.project.path("tools/shell/build-android"))
            .arg("--jvm")
            .read();
        self.checks
            .check("the artefacts for the JVM can be made", build.map(drop));
        for (artefact, pages) in [
            (
                "salekit",
                [
                    "dev/salekit/CardForm",
                    "dev/salekit/SaleClient",
                    "dev/salekit/SaleOutcome",
                ],
            ),
            (
                "salekit-testing",
                [
                    "dev/salekit/testing/FakeSale",
                    "dev/salekit/testing/FakeSales",
                    "dev/salekit/testing/Outcomes",
                ],
            ),
        ] {
            let folder = self.folder(&self.project.maven(), artefact);
            self.pages(&folder, artefact, &pages);
        }
    }

    /// As far as AndroidX is served.
    fn compose(&mut self) -> Result<(), Failure> {
        if let Err(failure) = Run::new(self.project.path("tools/shell/setup-androidx")).read() {
            println!("the card fields for Compose are not checked: {failure}");
            return Ok(());
        }
        let build = Run::new(self.project.path("tools/shell/build-compose")).read();
        self.checks
            .check("the card fields for Compose can be made", build.map(drop));
        let folder = self.folder(&self.project.maven(), "salekit-compose");
        self.layout(&folder)?;
        self.classes_of(&folder.join(format!("salekit-compose-{}.aar", self.version)))?;
        self.pages(&folder, "salekit-compose", &["dev/salekit/compose/CardFormHolder"]);
        let pom = folder.join(format!("salekit-compose-{}.pom", self.version));
        let text = fs::read_to_string(&pom).map_err(Failure::file(&pom))?;
        let missing = not_brought(&Pom::parse("the POM", &text)?);
        report(
            &mut self.checks,
            "salekit-compose",
            [Verdict::new("it brings what it needs", missing)],
        );
        Ok(())
    }

    /// Android's and Java's classes as API 24 has them.
    fn api_24(&mut self) -> Result<(), Failure> {
        let sniff = |classes: &Path| {
            let check = Run::line("mvn -q -B animal-sniffer:check -f").arg(self.project.path("tools/api-24/pom.xml"));
            check.arg(format!("-Dclasses={}", classes.display())).read()
        };
        let own = sniff(self.classes.path());
        let newer = Folder::new("newer")?;
        let source = newer.path().join("Newer.java");
        let text = "class Newer {\n    boolean blank() { return \" \".isBlank(); }\n}\n";
        fs::write(&source, text).map_err(Failure::file(&source))?;
        Run::line("javac --release 11").arg(&source).read()?;
        let found = matches!(sniff(newer.path()),
            Err(Failure::Command { output, .. }) if output.contains("Undefined reference: boolean String.isBlank()"));
        self.checks.check("no class needs more than API 24 has", own.map(drop));
        self.checks.holds("what API 24 does not have is found", found);
        Ok(())
    }

    /// Where a repository has an artefact in this version.
    fn folder(&self, repository: &Path, artefact: &str) -> PathBuf {
        repository.join("dev/salekit").join(artefact).join(&self.version)
    }

    /// As Gradle and Maven read it.
    fn layout(&mut self, folder: &Path) -> Result<(), Failure> {
        let pom = self.project.read("bindings/kotlin/pom.xml")?;
        let kotlin = Pom::parse("bindings/kotlin/pom.xml", &pom)?.property("kotlin.oldest")?;
        self.verdicts(&folder.display().to_string(), layout::verdicts_of(folder, &kotlin));
        Ok(())
    }

    fn classes_of(&self, aar: &Path) -> Result<(), Failure> {
        Files::of_zip(aar)?.inner("classes.jar")?.write_to(self.classes.path())
    }

    fn pages(&mut self, folder: &Path, artefact: &str, classes: &[&str]) {
        let jar = folder.join(format!("{artefact}-{}-javadoc.jar", self.version));
        self.verdicts(
            artefact,
            Files::of_zip(&jar).map(|files| pages::verdicts(&files, classes)),
        );
    }

    /// What cannot be read does not hold.
    fn verdicts(&mut self, name: &str, verdicts: Result<Vec<Verdict>, Failure>) {
        match verdicts {
            Ok(verdicts) => report(&mut self.checks, name, verdicts),
            Err(failure) => self.checks.check(format!("{name} can be read"), Err(failure)),
        }
    }
}

fn not_brought(pom: &Pom) -> Vec<String> {
    let names = |module: &&&str| {
        pom.dependencies
            .iter()
            .any(|one| format!("{}:{}", one.group, one.artefact) == **module)
    };
    BROUGHT
        .iter()
        .filter(|module| !names(module))
        .map(|module| format!("the POM does not name {module}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_pom_does_not_name_is_found() {
        let dependency = |module: &str| {
            let (group, artefact) = module.split_once(':').unwrap();
            format!("<dependency><groupId>{group}</groupId><artifactId>{artefact}</artifactId></dependency>")
        };
        let pom = |modules: &[&str]| {
            let dependencies: String = modules.iter().map(|module| dependency(module)).collect();
            let text = format!("<project><dependencies>{dependencies}</dependencies></project>");
            Pom::parse("pom", &text).unwrap()
        };
        assert_eq!(not_brought(&pom(BROUGHT)), Vec::<String>::new());
        assert_eq!(
            not_brought(&pom(&BROUGHT[..2])),
            ["the POM does not name dev.salekit:salekit-android"]
        );
    }
}
