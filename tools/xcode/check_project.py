"""Checks ShopApp.xcodeproj without Xcode. The last line counts the results.

Checked: the project file parses, every id that is referred to is defined, every object
is used, and the folders, packages, products and files that the project names exist. Not checked: that Xcode opens it.
"""
import json
import pathlib
import plistlib
import re
import sys

app = pathlib.Path(__file__).resolve().parents[2] / "ios-sample/App"


def parse(text):
    """Reads a property list in the old style: dictionaries, lists, and strings with or without quotes."""
    tokens = re.findall(r'"(?:[^"\\]|\\.)*"|[{}()=;,]|[^\s{}()=;,"]+', re.sub(r"//.*|/\*.*?\*/", "", text))
    tokens.reverse()

    def expect(token):
        found = tokens.pop()
        if found != token:
            raise ValueError(f"{found!r} in the place of {token!r}")

    def value():
        token = tokens.pop()
        if token == "{":
            found = {}
            while tokens[-1] != "}":
                key = value()
                expect("=")
                if key in found:
                    raise ValueError(f"{key} is there twice")
                found[key] = value()
                expect(";")
            expect("}")
            return found
        if token == "(":
            found = []
            while tokens[-1] != ")":
                found.append(value())
                if tokens[-1] != ")":
                    expect(",")
            expect(")")
            return found
        if token in "})=;,":
            raise ValueError(f"{token!r} in the place of a value")
        return token.strip('"')

    found = value()
    if tokens:
        raise ValueError("more than one value")
    return found


project = parse((app / "ShopApp.xcodeproj/project.pbxproj").read_text())
objects = project["objects"]
ID = re.compile(r"^[0-9A-F]{24}$")
results = []


def holds(name, *problems):
    results.append(not problems)
    for problem in problems:
        print(f"broken: {name}: {problem}")


def of(kind):
    return [found for found in objects.values() if found["isa"] == kind]


def ids(value):
    if isinstance(value, dict):
        return [found for each in value.values() for found in ids(each)]
    if isinstance(value, list):
        return [found for each in value for found in ids(each)]
    return [value] if isinstance(value, str) and ID.match(value) else []


used = set(ids(list(objects.values()))) | {project["rootObject"]}
holds("every id is defined", *(used - set(objects)))
holds("every object is used", *(set(objects) - used))
holds("objectVersion is Xcode 16's", *([] if project["objectVersion"] == "77" else [project["objectVersion"]]))

folders = [app / group["path"] for group in of("PBXFileSystemSynchronizedRootGroup")]
holds("the folders exist", *[folder for folder in folders if not folder.is_dir()])
holds("there is one folder", *([] if len(folders) == 1 else [folders]))
files = {file.name for folder in folders for file in folder.iterdir()}
needed = {"ShopApp.swift", "PrivacyInfo.xcprivacy", "Assets.xcassets"}
holds("the app's files exist", *(needed - files))

packages = [app / reference["relativePath"] for reference in of("XCLocalSwiftPackageReference")]
manifests = [package / "Package.swift" for package in packages]
holds("the packages exist", *[manifest for manifest in manifests if not manifest.is_file()])
declared = " ".join(manifest.read_text() for manifest in manifests if manifest.is_file())
products = [dependency["productName"] for dependency in of("XCSwiftPackageProductDependency")]
holds("the packages have the products", *[each for each in products if f'.library(name: "{each}"' not in declared])
imported = set(re.findall(r"^import (\w+)$", (app / "ShopApp/ShopApp.swift").read_text(), re.M))
holds("the app links what it imports", *(imported - set(products) - {"SwiftUI", "UIKit"}))
linked = [file["productRef"] for phase in of("PBXFrameworksBuildPhase") for file in map(objects.get, phase["files"])]
target = of("PBXNativeTarget")[0]
holds("each product is linked", *(set(target["packageProductDependencies"]) ^ set(linked)))

for configuration in of("XCConfigurationList"):
    names = [objects[each]["name"] for each in configuration["buildConfigurations"]]
    holds("debug and release", *([] if names == ["Debug", "Release"] else [names]))
release = [each["buildSettings"] for each in of("XCBuildConfiguration") if each["name"] == "Release"]
holds("no authority of a sandbox is released", *([] if any(each.get("EXCLUDED_SOURCE_FILE_NAMES") == "ca.pem" for each in release) else ["ca.pem"]))

for contents in sorted((app / "ShopApp/Assets.xcassets").rglob("Contents.json")):
    named = [image["filename"] for image in json.loads(contents.read_text()).get("images", []) if "filename" in image]
    holds(f"the images of {contents.parent.name} exist", *[name for name in named if not (contents.parent / name).is_file()])
ours = app / "ShopApp/PrivacyInfo.xcprivacy"
theirs = app.parent.parent / "bindings/swift/Sources/SaleKit/PrivacyInfo.xcprivacy"
plist = plistlib.loads(ours.read_bytes())
holds("the privacy manifest declares what SaleKit collects", *([] if plist == plistlib.loads(theirs.read_bytes()) else [ours]))

passed = sum(results)
print(f"{passed} passed, {len(results) - passed} failed")
sys.exit(passed != len(results))
