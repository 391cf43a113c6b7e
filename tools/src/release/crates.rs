//! What the registry of crates demands of those that are published, by what `cargo metadata` says of this workspace.

use serde_json::Value;

use crate::{failure::Failure, process::Run, project::Project};

/// What `cargo metadata` prints of the crates of this workspace.
pub(super) fn metadata(project: &Project) -> Result<Value, Failure> {
    let printed = Run::line("cargo metadata --quiet --no-deps --locked --offline --format-version 1")
        .within(project.root())
        .read()?;
    serde_json::from_str(&printed).map_err(|error| Failure::unfit(format!("cargo metadata: {error}")))
}

/// What is missing in the crates that are not kept back: a field, or the version of a dependency that stands in a folder.
pub(super) fn unfit(metadata: &Value) -> Vec<String> {
    let list = |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut found = Vec::new();
    for package in list(metadata, "packages") {
        let is_kept_back = package
            .get("publish")
            .and_then(Value::as_array)
            .is_some_and(Vec::is_empty);
        if is_kept_back {
            continue;
        }
        let name = package
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or("a crate without a name");
        for field in ["description", "license", "repository", "rust_version"] {
            if package.get(field).and_then(Value::as_str).is_none_or(str::is_empty) {
                found.push(format!("{name}: {field}"));
            }
        }
        for dependency in list(&package, "dependencies") {
            let is_here = dependency.get("path").is_some_and(|path| !path.is_null());
            // Tests' own dependencies without a version are left out when the crate is published.
            let of_tests = dependency.get("kind").and_then(Value::as_str) == Some("dev");
            if is_here && !of_tests && dependency.get("req").and_then(Value::as_str) == Some("*") {
                let dependency = dependency.get("name").and_then(Value::as_str).unwrap_or_default();
                found.push(format!("{name}: no version of {dependency}"));
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unfit_with(from: &str, to: &str) -> Vec<String> {
        let good = r#"{"packages": [
            {"name": "core", "publish": null, "description": "d", "license": "MIT", "repository": "r", "rust_version": "1.89",
             "dependencies": [{"name": "b", "path": "/b", "req": "^0.1.0", "kind": null}, {"name": "t", "path": "/t", "req": "*", "kind": "dev"}]},
            {"name": "kept", "publish": [], "description": null, "dependencies": [{"name": "b", "path": "/b", "req": "*"}]}]}"#;
        assert!(from.is_empty() || good.contains(from));
        unfit(&serde_json::from_str(&good.replacen(from, to, 1)).unwrap())
    }

    #[test]
    fn good_crates_and_those_that_are_kept_back_pass() {
        assert_eq!(unfit_with("", ""), Vec::<String>::new());
    }

    #[test]
    fn a_missing_field_and_a_missing_version_are_found() {
        assert_eq!(
            unfit_with(r#""description": "d""#, r#""description": null"#),
            ["core: description"]
        );
        assert_eq!(
            unfit_with(r#""rust_version": "1.89""#, r#""rust_version": """#),
            ["core: rust_version"]
        );
        assert_eq!(unfit_with("^0.1.0", "*"), ["core: no version of b"]);
    }
}
