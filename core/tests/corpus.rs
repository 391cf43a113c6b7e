//! Replays the fuzzers' corpus on stable, through the fuzzers' own harness (`fuzz/src`). Every file is an input that
//! once reached a new path, or a mistake that is corrected.

#[path = "../../fuzz/src/lib.rs"]
mod harness;

use std::{fs, path::Path};

/// With fewer files, a corpus would be lost.
const FEWEST: usize = 12;

fn replay(name: &str) {
    let (_, target) = harness::TARGETS.into_iter().find(|(known, _)| *known == name).unwrap();
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus").join(name);
    let mut files: Vec<_> = fs::read_dir(corpus)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() >= FEWEST, "{name} has only {} inputs", files.len());
    for file in files {
        // The test runner shows this if the next line panics.
        println!("{}", file.display());
        target(&fs::read(&file).unwrap());
    }
}

#[test]
fn initiate_answer() {
    replay("initiate_answer");
}

#[test]
fn perform_answer() {
    replay("perform_answer");
}

#[test]
fn status_answer() {
    replay("status_answer");
}

#[test]
fn merchant_answer() {
    replay("merchant_answer");
}

#[test]
fn snapshot() {
    replay("snapshot");
}

#[test]
fn redirect_url() {
    replay("redirect_url");
}

#[test]
fn card_form() {
    replay("card_form");
}

#[test]
fn money() {
    replay("money");
}

#[test]
fn every_target_is_replayed() {
    let this = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus.rs")).unwrap();
    for (name, _) in harness::TARGETS {
        assert!(this.contains(&format!("    replay(\"{name}\");")), "{name}");
    }
}
