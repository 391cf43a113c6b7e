//! Every async function of the contract must run on SaleKit's runtime: UniFFI polls it where there is none. Forgetting
//! that compiles, and fails only when an app calls it; so the sources are read here.

use std::{fs, path::Path};

/// The bodies of all async functions in `source`, with their names. Test modules are left out.
fn async_functions(source: &str) -> Vec<(String, String)> {
    let source = source.split("#[cfg(test)]").next().unwrap();
    let mut functions = Vec::new();
    for (start, _) in source.match_indices("async fn ") {
        let rest = &source[start + "async fn ".len()..];
        let name = rest.split(['(', '<']).next().unwrap().to_owned();
        let body = &rest[rest.find('{').unwrap()..];
        let mut depth = 0;
        let end = body
            .char_indices()
            .find(|(_, character)| {
                depth += match character {
                    '{' => 1,
                    '}' => -1,
                    _ => 0,
                };
                depth == 0
            })
            .unwrap()
            .0;
        functions.push((name, body[..end].to_owned()));
    }
    functions
}

#[test]
fn every_exported_async_function_runs_on_the_runtime() {
    let contract = include_str!("../../udl/salekit.udl");
    let promised = contract.matches("[Async").count();
    let mut found = 0;
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap() {
        let path = entry.unwrap().path();
        // The two modules that make async calls possible; nothing of them is exported.
        if ["runtime.rs", "callbacks.rs"].iter().any(|name| path.ends_with(name)) {
            continue;
        }
        for (name, body) in async_functions(&fs::read_to_string(&path).unwrap()) {
            let runs = body.matches("runtime::run(").count() == 1 && body.trim_end().ends_with(".await");
            assert!(
                runs,
                "{}: `{name}` does not end in `runtime::run(…).await`",
                path.display()
            );
            found += 1;
        }
    }
    assert!(promised > 0);
    assert_eq!(found, promised, "async functions in the sources and in the contract");
}

#[test]
fn the_scan_finds_what_it_looks_for() {
    let functions = async_functions("impl A { pub async fn b(&self) -> C { if d { e } f.await } fn g() {} }");
    assert_eq!(functions.len(), 1);
    assert_eq!(functions[0].0, "b");
    assert_eq!(functions[0].1, "{ if d { e } f.await ");
}
