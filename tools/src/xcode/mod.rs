//! The iOS sample's Xcode project, without Xcode: `cargo tool check xcode-project`. The project file can be read, its objects refer
//! to each other, and the folders, packages, products and images that it names exist. Not checked: that Xcode opens it.

mod old_style;

use std::{collections::BTreeSet, fs};

use serde_json::Value;

use crate::{
    artefact::{files::Files, plist::Plist},
    check::Checks,
    command::Outcome,
    failure::Failure,
    project::Project,
    verdict::{Verdict, report},
};

const APP: &str = "ios-sample/App";
const PROJECT: &str = "ShopApp.xcodeproj/project.pbxproj";
const SOURCE: &str = "ShopApp/ShopApp.swift";
const PRIVACY: &str = "ShopApp/PrivacyInfo.xcprivacy";
const IMAGES: &str = "ShopApp/Assets.xcassets/";
/// What SaleKit collects, which the app has to declare too.
const PRIVACY_OF_SALEKIT: &str = "bindings/swift/Sources/SaleKit/PrivacyInfo.xcprivacy";
/// That of Xcode 16, with folders in the place of lists of files.
const OBJECT_VERSION: &str = "77";

pub(crate) fn check(project: &Project) -> Outcome {
    let app = Files::of_folder(&project.path(APP))?;
    let manifest = |package: &str| fs::read_to_string(project.path(APP).join(package).join("Package.swift")).ok();
    let mut checks = Checks::new();
    report(
        &mut checks,
        APP,
        verdicts(&app, &manifest, &project.read(PRIVACY_OF_SALEKIT)?)?,
    );
    Ok(checks.close())
}

/// `manifest` is that of the Swift package in a folder, named from the app's.
fn verdicts(app: &Files, manifest: &dyn Fn(&str) -> Option<String>, privacy: &str) -> Result<Vec<Verdict>, Failure> {
    let text = app.text(PROJECT);
    let project = old_style::parse(&text).map_err(|problem| Failure::unfit(format!("{PROJECT}: {problem}")))?;
    let objects = Objects::of(&project)?;
    let mut verdicts = objects.verdicts(&project);
    verdicts.extend(folders(&objects, app));
    verdicts.extend(packages(&objects, app, manifest));
    verdicts.extend(configurations(&objects));
    verdicts.push(images(app)?);
    verdicts.push(Verdict::that(
        "the app declares what SaleKit collects",
        Plist::parse(PRIVACY, &app.text(PRIVACY))? == Plist::parse(PRIVACY_OF_SALEKIT, privacy)?,
        format!("{PRIVACY} and {PRIVACY_OF_SALEKIT} differ"),
    ));
    Ok(verdicts)
}

/// The objects of a project by their ids.
struct Objects<'a>(Vec<(&'a str, &'a Plist)>);

impl<'a> Objects<'a> {
    fn of(project: &'a Plist) -> Result<Self, Failure> {
        match project.get("objects") {
            Some(Plist::Table(objects)) => Ok(Self(objects.iter().map(|(id, object)| (id.as_str(), object)).collect())),
            _ => Err(Failure::unfit(format!("{PROJECT} has no objects"))),
        }
    }

    fn verdicts(&self, project: &Plist) -> Vec<Verdict> {
        let defined: BTreeSet<&str> = self.0.iter().map(|(id, _)| *id).collect();
        let mut used = BTreeSet::new();
        for (_, object) in &self.0 {
            ids(object, &mut used);
        }
        used.extend(project.text("rootObject"));
        let version = project.text("objectVersion").unwrap_or_default();
        vec![
            Verdict::new("every id is defined", used.difference(&defined).copied()),
            Verdict::new("every object is used", defined.difference(&used).copied()),
            Verdict::that("its version is that of Xcode 16", version == OBJECT_VERSION, version),
        ]
    }

    /// The objects of a kind.
    fn kind(&self, kind: &'static str) -> impl Iterator<Item = &'a Plist> {
        self.0
            .iter()
            .map(|(_, object)| *object)
            .filter(move |object| object.text("isa") == Some(kind))
    }

    /// What the objects of a kind have for a key.
    fn texts(&self, kind: &'static str, key: &str) -> Vec<&'a str> {
        self.kind(kind).filter_map(|object| object.text(key)).collect()
    }

    fn get(&self, id: &str) -> Option<&'a Plist> {
        self.0.iter().find(|(one, _)| *one == id).map(|(_, object)| *object)
    }
}

/// Every id in a value: 24 digits.
fn ids<'a>(value: &'a Plist, found: &mut BTreeSet<&'a str>) {
    match value {
        Plist::Text(text) => {
            let is_digit = |byte: u8| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte);
            if text.len() == 24 && text.bytes().all(is_digit) {
                found.insert(text);
            }
        }
        Plist::List(list) => list.iter().for_each(|value| ids(value, found)),
        Plist::Table(table) => table.values().for_each(|value| ids(value, found)),
        Plist::Flag(_) | Plist::Other => {}
    }
}

fn list<'a>(object: Option<&'a Plist>, key: &str) -> Vec<&'a str> {
    let values = object.map(|object| object.list(key)).unwrap_or_default();
    values
        .iter()
        .filter_map(|value| match value {
            Plist::Text(text) => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

fn folders(objects: &Objects<'_>, app: &Files) -> Vec<Verdict> {
    let folders = objects.texts("PBXFileSystemSynchronizedRootGroup", "path");
    let has = |folder: &str, file: &str| app.names().any(|name| name.starts_with(&format!("{folder}/{file}")));
    let needed = ["ShopApp.swift", "PrivacyInfo.xcprivacy", "Assets.xcassets/"];
    let missing = needed
        .iter()
        .filter(|file| !folders.iter().any(|folder| has(folder, file)));
    vec![
        Verdict::that("there is one folder", folders.len() == 1, folders.join(", ")),
        Verdict::new(
            "the folder exists",
            folders.iter().filter(|folder| !has(folder, "")).copied(),
        ),
        Verdict::new("the app's files are in it", missing.copied()),
    ]
}

fn packages(objects: &Objects<'_>, app: &Files, manifest: &dyn Fn(&str) -> Option<String>) -> Vec<Verdict> {
    let packages = objects.texts("XCLocalSwiftPackageReference", "relativePath");
    let manifests: Vec<(&str, Option<String>)> = packages.iter().map(|package| (*package, manifest(package))).collect();
    let missing = manifests
        .iter()
        .filter(|(_, text)| text.is_none())
        .map(|(package, _)| *package);
    let declares = |product: &str| {
        let declaration = format!(".library(name: \"{product}\"");
        manifests
            .iter()
            .any(|(_, text)| text.as_ref().is_some_and(|text| text.contains(&declaration)))
    };
    let products = objects.texts("XCSwiftPackageProductDependency", "productName");
    let source = app.text(SOURCE);
    let of_apple = ["SwiftUI", "UIKit"];
    let imported = source.lines().filter_map(|line| line.strip_prefix("import "));
    let unlinked = imported.filter(|module| !products.contains(module) && !of_apple.contains(module));
    let files = objects
        .kind("PBXFrameworksBuildPhase")
        .flat_map(|phase| list(Some(phase), "files"));
    let linked: BTreeSet<&str> = files.filter_map(|file| objects.get(file)?.text("productRef")).collect();
    let wanted: BTreeSet<&str> = list(objects.kind("PBXNativeTarget").next(), "packageProductDependencies")
        .into_iter()
        .collect();
    vec![
        Verdict::new("the packages exist", missing),
        Verdict::new(
            "the packages have the products",
            products.iter().filter(|product| !declares(product)).copied(),
        ),
        Verdict::new("the app links what it imports", unlinked),
        Verdict::new(
            "each product is linked, and nothing else",
            wanted.symmetric_difference(&linked).copied(),
        ),
    ]
}

fn configurations(objects: &Objects<'_>) -> Vec<Verdict> {
    let name = |id: &str| objects.get(id).and_then(|configuration| configuration.text("name"));
    let others = objects.kind("XCConfigurationList").filter_map(|one| {
        let names: Vec<&str> = list(Some(one), "buildConfigurations")
            .into_iter()
            .filter_map(name)
            .collect();
        (names != ["Debug", "Release"]).then(|| names.join(", "))
    });
    let excludes = |configuration: &Plist| {
        let settings = configuration.get("buildSettings");
        settings.and_then(|settings| settings.text("EXCLUDED_SOURCE_FILE_NAMES")) == Some("ca.pem")
    };
    let mut releases = objects
        .kind("XCBuildConfiguration")
        .filter(|configuration| configuration.text("name") == Some("Release"));
    vec![
        Verdict::new("everything is built for debugging and for release", others),
        Verdict::that(
            "no sandbox's authority is released",
            releases.any(excludes),
            "ca.pem is not excluded",
        ),
    ]
}

/// The images that the catalog names are in it.
fn images(app: &Files) -> Result<Verdict, Failure> {
    let mut missing = Vec::new();
    let mut catalogs = 0;
    for (path, bytes) in app.iter() {
        let Some(folder) = path
            .strip_suffix("Contents.json")
            .filter(|folder| folder.starts_with(IMAGES))
        else {
            continue;
        };
        catalogs += 1;
        let contents: Value =
            serde_json::from_slice(bytes).map_err(|error| Failure::unfit(format!("{path}: {error}")))?;
        let images = contents["images"].as_array().into_iter().flatten();
        let names = images.filter_map(|image| image["filename"].as_str());
        missing.extend(
            names
                .map(|name| format!("{folder}{name}"))
                .filter(|image| app.bytes(image).is_none()),
        );
    }
    if catalogs == 0 {
        missing.push(format!("{IMAGES} has no Contents.json"));
    }
    Ok(Verdict::new("the images exist", missing))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::verdict::broken;

    /// What does not hold of the sample after a change to it.
    fn after(change: impl FnOnce(Files) -> Files) -> Vec<String> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let app = change(Files::of_folder(&root.join(APP)).unwrap());
        let manifest = |package: &str| fs::read_to_string(root.join(APP).join(package).join("Package.swift")).ok();
        let privacy = fs::read_to_string(root.join(PRIVACY_OF_SALEKIT)).unwrap();
        let verdicts = verdicts(&app, &manifest, &privacy).unwrap();
        broken(&verdicts).into_iter().map(str::to_owned).collect()
    }

    #[test]
    fn the_sample_is_whole() {
        assert_eq!(after(|app| app), Vec::<String>::new());
    }

    #[test]
    fn each_fault_of_the_project_file_is_found() {
        for (from, to, expected) in [
            (
                "rootObject = 5A1E00000000000000000001",
                "rootObject = 5A1E000000000000000000FF",
                &["every id is defined", "every object is used"][..],
            ),
            (
                "objectVersion = 77",
                "objectVersion = 60",
                &["its version is that of Xcode 16"],
            ),
            (
                "path = ShopApp;",
                "path = Shop;",
                &["the folder exists", "the app's files are in it"],
            ),
            (
                "relativePath = ..;",
                "relativePath = ../gone;",
                &["the packages exist", "the packages have the products"],
            ),
            (
                "productName = SaleKit;",
                "productName = SaleKitten;",
                &["the packages have the products", "the app links what it imports"],
            ),
            (
                "				5A1E00000000000000000021 /* Shop */,\n",
                "",
                &["each product is linked, and nothing else"],
            ),
            (
                "				5A1E00000000000000000014 /* Debug */,\n				5A1E00000000000000000015 /* Release */,",
                "				5A1E00000000000000000015 /* Release */,\n				5A1E00000000000000000014 /* Debug */,",
                &["everything is built for debugging and for release"],
            ),
            (
                "EXCLUDED_SOURCE_FILE_NAMES = ca.pem;",
                "",
                &["no sandbox's authority is released"],
            ),
        ] {
            assert_eq!(after(|app| app.replaced(PROJECT, from, to)), expected, "{from}");
        }
    }

    #[test]
    fn each_missing_file_is_found() {
        let icon = format!("{IMAGES}AppIcon.appiconset/icon.png");
        assert_eq!(after(|app| app.without(&icon)), ["the images exist"]);
        assert_eq!(after(|app| app.without(SOURCE)), ["the app's files are in it"]);
        let other = after(|app| app.replaced(PRIVACY, "<false/>", "<true/>"));
        assert_eq!(other, ["the app declares what SaleKit collects"]);
        let imports = after(|app| app.replaced(SOURCE, "import SwiftUI\n", "import SwiftUI\nimport Charts\n"));
        assert_eq!(imports, ["the app links what it imports"]);
    }
}
