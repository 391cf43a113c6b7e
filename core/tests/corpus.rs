//! The fuzzers' corpus, replayed on stable through the fuzzers' own harness (`fuzz/src`). Every file there is an input
//! that once led to a new path, or to a mistake that is mended.

#[path = "../../fuzz/src/lib.rs"]
mod harness;

use std::{fs, path::Path};

/// Fewer would mean that a corpus was lost.
const FEWEST: usize = 12;

#[test]
fn no_input_of_the_corpus_breaks_a_promise() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    for (name, target) in harness::TARGETS {
        let mut files: Vec<_> = fs::read_dir(corpus.join(name))
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .collect();
        files.sort();
        assert!(files.len() >= FEWEST, "{name} has only {} inputs", files.len());
        for file in files {
            // Printed by the test's runner when the next line panics.
            eprintln!("{name}: {}", file.display());
            target(&fs::read(&file).unwrap());
        }
    }
}
