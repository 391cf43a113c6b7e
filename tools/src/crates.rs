//! `cargo tool crates`: what a release publishes to the registry of crates, in the order of publishing, and what it keeps back.

use std::process::ExitCode;

use serde_json::Value;

use crate::{command::Outcome, failure::Failure, process::Run, project::Project};

/// In the order of publishing: each needs those before it.
const PUBLISHED: &[&str] = &["salekit-core", "salekit-sandbox"];

pub(crate) fn crates(project: &Project, arguments: &[String]) -> Outcome {
    match arguments {
        [] => {}
        // For scripts that publish them.
        [names] if names == "--names" => {
            println!("{}", PUBLISHED.join("\n"));
            return Ok(ExitCode::SUCCESS);
        }
        _ => return Err(Failure::Misused),
    }
    let metadata =
        Run::line("cargo metadata --quiet --no-deps --locked --offline --format-version 1").within(project.root());
    let files = |name: &str| {
        // Listed, not compiled: `cargo publish` does that.
        let list = Run::line("cargo package --list --locked --offline --package")
            .arg(name)
            .within(project.root());
        list.read().map(|files| files.lines().count())
    };
    print!("{}", listed(&metadata.read()?, files)?);
    Ok(ExitCode::SUCCESS)
}

fn listed(metadata: &str, files: impl Fn(&str) -> Result<usize, Failure>) -> Result<String, Failure> {
    let metadata: Value =
        serde_json::from_str(metadata).map_err(|error| Failure::unfit(format!("cargo metadata: {error}")))?;
    let packages: Vec<&Value> = metadata["packages"].as_array().into_iter().flatten().collect();
    let text = |package: &Value, field: &str| package[field].as_str().unwrap_or("missing").to_owned();
    let mut lines = vec!["crates, in this order:".to_owned()];
    for name in PUBLISHED {
        let package = packages.iter().find(|package| package["name"] == **name);
        let package = package.ok_or_else(|| Failure::unfit(format!("there is no crate {name}")))?;
        lines.push(format!("  {name} {}: {} files", text(package, "version"), files(name)?));
        let fields = ["description", "license", "repository", "rust_version"];
        lines.extend(fields.map(|field| format!("    {field}: {}", text(package, field))));
    }
    lines.push("  not published (publish = false):".to_owned());
    for package in packages {
        let kept_back = package["publish"].as_array().is_some_and(Vec::is_empty);
        if kept_back {
            lines.push(format!(
                "    {}: {}",
                text(package, "name"),
                text(package, "description")
            ));
        } else if !PUBLISHED.iter().any(|name| package["name"] == **name) {
            let name = text(package, "name");
            return Err(Failure::unfit(format!(
                "{name} is neither published in its order nor kept back by publish = false"
            )));
        }
    }
    Ok(lines.join("\n") + "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    const METADATA: &str = r#"{"packages": [
        {"name": "salekit-sandbox", "version": "1.2.0", "publish": null, "description": "S", "license": "MIT", "repository": "R"},
        {"name": "salekit-core", "version": "1.2.0", "publish": null, "description": "C", "license": "MIT", "repository": "R", "rust_version": "1.89"},
        {"name": "salekit", "version": "1.2.0", "publish": [], "description": "Bindings"}
    ]}"#;

    #[test]
    fn crates_are_listed_in_the_order_of_publishing() {
        let listed = listed(METADATA, |_| Ok(7)).unwrap();
        let lines: Vec<&str> = listed.lines().collect();
        assert_eq!(lines[1], "  salekit-core 1.2.0: 7 files");
        assert_eq!(lines[5], "    rust_version: 1.89");
        assert_eq!(lines[6], "  salekit-sandbox 1.2.0: 7 files");
        assert_eq!(lines[10], "    rust_version: missing");
        assert_eq!(lines[12], "    salekit: Bindings");
    }

    #[test]
    fn a_crate_that_nobody_decided_on_is_refused() {
        let other = METADATA.replace("\"publish\": []", "\"publish\": null");
        assert!(
            listed(&other, |_| Ok(1))
                .unwrap_err()
                .to_string()
                .starts_with("salekit is neither")
        );
    }
}
