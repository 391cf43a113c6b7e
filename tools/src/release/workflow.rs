//! Tests of .github/workflows: YAML with a name, triggers, and jobs that call scripts which exist. A parser of YAML is for tests
//! only, so that the tools need none.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use regex_lite::Regex;
use saphyr_parser::{Event, Parser};

/// A value of YAML. An alias is empty.
#[derive(Debug, PartialEq)]
enum Yaml {
    Text(String),
    List(Vec<Yaml>),
    Table(Vec<(Yaml, Yaml)>),
}

impl Yaml {
    /// The first document of a text.
    fn parse(text: &str) -> Result<Self, String> {
        let events: Result<Vec<_>, _> = Parser::new_from_str(text).collect();
        let events = events.map_err(|error| error.to_string())?;
        let mut events = events.into_iter().map(|(event, _)| event);
        Self::next(&mut events).ok_or_else(|| "it is empty".to_owned())
    }

    /// The value that begins next; none at the end of what it is in.
    fn next<'a>(events: &mut dyn Iterator<Item = Event<'a>>) -> Option<Self> {
        match events.next()? {
            Event::Scalar(text, ..) => Some(Self::Text(text.into_owned())),
            Event::Alias(_) => Some(Self::Text(String::new())),
            Event::SequenceStart(..) => Some(Self::List(std::iter::from_fn(|| Self::next(events)).collect())),
            Event::MappingStart(..) => {
                let mut table = Vec::new();
                while let Some(key) = Self::next(events) {
                    table.push((key, Self::next(events)?));
                }
                Some(Self::Table(table))
            }
            Event::SequenceEnd | Event::MappingEnd | Event::StreamEnd => None,
            _ => Self::next(events),
        }
    }

    fn get(&self, key: &str) -> Option<&Self> {
        let Self::Table(table) = self else { return None };
        table
            .iter()
            .find(|(name, _)| *name == Self::Text(key.to_owned()))
            .map(|(_, value)| value)
    }

    fn is_empty(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::List(list) => list.is_empty(),
            Self::Table(table) => table.is_empty(),
        }
    }
}

/// What is wrong with a workflow. `is_executable` says it of a file that is named from the root.
fn wrong(text: &str, is_executable: impl Fn(&str) -> bool) -> Vec<String> {
    let mut wrong = Vec::new();
    if !text.contains("# Not run yet") {
        wrong.push("it does not say that it has not been run yet".to_owned());
    }
    let flow = match Yaml::parse(text) {
        Ok(flow) => flow,
        Err(error) => return vec![format!("it is no YAML: {error}")],
    };
    let is_missing = |value: &Yaml, key: &str| value.get(key).is_none_or(Yaml::is_empty);
    let keys = ["name", "on", "jobs"].into_iter();
    wrong.extend(keys.filter(|key| is_missing(&flow, key)).map(|key| format!("no {key}")));
    if let Some(Yaml::Table(jobs)) = flow.get("jobs") {
        for (name, job) in jobs {
            let missing = ["runs-on", "steps"].into_iter().filter(|key| is_missing(job, key));
            wrong.extend(missing.map(|key| format!("{name:?} has no {key}")));
        }
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
        ("    runs-on: x\n", "", "Text(\"build\") has no runs-on"),
        (
            "    steps:\n      - run: scripts/test\n",
            "    steps: []\n",
            "Text(\"build\") has no steps",
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
