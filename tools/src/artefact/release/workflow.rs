//! Tests of .github/workflows: YAML with a name, triggers, and jobs that call scripts which exist. A parser of YAML is for tests
//! only, so that the tools need none.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use regex_lite::Regex;
use yaml_rust2::{Yaml, YamlLoader};

/// What is wrong with a workflow. `is_executable` says it of a file that is named from the root.
fn wrong(text: &str, is_executable: impl Fn(&str) -> bool) -> Vec<String> {
    let mut wrong = Vec::new();
    if !text.contains("# Not run yet") {
        wrong.push("it does not say that it has not been run yet".to_owned());
    }
    let documents = match YamlLoader::load_from_str(text) {
        Ok(documents) => documents,
        Err(error) => return vec![format!("it is no YAML: {error}")],
    };
    let flow = documents.first().cloned().unwrap_or(Yaml::BadValue);
    let is_empty = |value: &Yaml| match value {
        Yaml::String(text) => text.is_empty(),
        Yaml::Array(list) => list.is_empty(),
        Yaml::Hash(map) => map.is_empty(),
        _ => true,
    };
    wrong.extend(
        ["name", "on", "jobs"]
            .into_iter()
            .filter(|key| is_empty(&flow[*key]))
            .map(|key| format!("no {key}")),
    );
    for (name, job) in flow["jobs"].as_hash().into_iter().flatten() {
        let missing = ["runs-on", "steps"].into_iter().filter(|key| is_empty(&job[*key]));
        wrong.extend(missing.map(|key| format!("{} has no {key}", name.as_str().unwrap_or("a job"))));
    }
    let script =
        Regex::new(r"(?:^|[^A-Za-z0-9_/.])(?:\./)?(scripts/[A-Za-z0-9_/-]+|tools/shell/[A-Za-z0-9_/-]+|\.ci/run)")
            .unwrap();
    for script in script.captures_iter(text).filter_map(|found| found.get(1)) {
        if !is_executable(script.as_str()) {
            wrong.push(format!("there is no {}", script.as_str()));
        }
    }
    wrong
}

#[test]
fn the_workflows_are_as_they_must_be() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let is_executable = |script: &str| {
        fs::metadata(root.join(script)).is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
    };
    let mut count = 0;
    for file in fs::read_dir(root.join(".github/workflows")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "yml") {
            assert_eq!(
                wrong(&fs::read_to_string(&path).unwrap(), is_executable),
                Vec::<String>::new(),
                "{}",
                path.display()
            );
            count += 1;
        }
    }
    assert!(count >= 3, "{count}");
}

#[test]
fn every_mistake_in_a_workflow_is_found() {
    let good =
        "# Not run yet\nname: a\non: [push]\njobs:\n  build:\n    runs-on: x\n    steps:\n      - run: scripts/test\n";
    assert_eq!(wrong(good, |script| script == "scripts/test"), Vec::<String>::new());
    for (from, to, expected) in [
        ("# Not run yet\n", "", "it does not say that it has not been run yet"),
        ("name: a\n", "", "no name"),
        ("on: [push]\n", "", "no on"),
        ("    runs-on: x\n", "", "build has no runs-on"),
        (
            "    steps:\n      - run: scripts/test\n",
            "    steps: []\n",
            "build has no steps",
        ),
        ("scripts/test", "./scripts/fuzz", "there is no scripts/fuzz"),
        ("scripts/test", ".ci/run", "there is no .ci/run"),
    ] {
        assert_eq!(
            wrong(&good.replace(from, to), |script| script == "scripts/test"),
            [expected]
        );
    }
    assert!(wrong(&good.replace("[push]", "[push"), |_| true)[0].starts_with("it is no YAML"));
}
