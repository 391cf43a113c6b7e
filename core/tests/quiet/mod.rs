//! The `Debug` of no public type shows personal or secret data: neither of the card, nor of the payer, nor of the
//! session.
//!
//! The list of types is read from the sources. A type without a filled example fails the test, and an example whose
//! type gets another member does not compile. So nobody can add a type that leaks without noticing it.

mod examples;
mod page;
mod stored;

use std::{collections::BTreeSet, path::Path};

use salekit_testkit::public_types::shown_types;

use examples::{PERSONAL, examples};

#[tokio::test(start_paused = true)]
async fn no_public_type_shows_anything_personal() {
    let examples = examples(page::challenge().await);
    let types = shown_types(Path::new(env!("CARGO_MANIFEST_DIR")));
    assert!(types.len() > 90 && types.contains("CardForm"), "{types:?}");
    let shown: BTreeSet<String> = examples.iter().map(|(name, _)| (*name).to_owned()).collect();
    let forgotten: Vec<_> = types.difference(&shown).collect();
    assert!(forgotten.is_empty(), "give these types a filled example: {forgotten:?}");
    let gone: Vec<_> = shown.difference(&types).collect();
    assert!(gone.is_empty(), "these are no public types with `Debug`: {gone:?}");

    let telling: Vec<_> = examples
        .iter()
        .flat_map(|(name, text)| {
            let told = PERSONAL.iter().filter(move |personal| text.contains(**personal));
            told.map(move |personal| format!("{name} shows {personal}: {text}"))
        })
        .collect();
    assert!(telling.is_empty(), "{}", telling.join("\n"));
}
