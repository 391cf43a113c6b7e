//! The pages of an API, in a javadoc jar.

use crate::{artefact::files::Files, verdict::Verdict};

/// How a page says that it does not know a type.
const UNKNOWN: &[&str] = &["Error class", "ERROR CLASS", "&lt;Error"];

/// `classes` each must have a page of their own, by path without ending.
pub(super) fn verdicts(files: &Files, classes: &[&str]) -> Vec<Verdict> {
    let has_page = |class: &&&str| {
        files
            .bytes(&format!("{class}.html"))
            .is_some_and(|page| !page.is_empty())
    };
    let missing = classes
        .iter()
        .filter(|class| !has_page(class))
        .map(|class| format!("no page for {class}"));
    let generated = files.names().filter(|name| name.starts_with("dev/salekit/ffi/"));
    let unknown = files.names().filter(|name| {
        let page = files.text(name);
        UNKNOWN.iter().any(|mark| page.contains(mark))
    });
    vec![
        Verdict::new("the API has its pages", missing),
        Verdict::new("the generated layer has no pages", generated),
        Verdict::new("every type on a page is known", unknown),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::verdict::broken;

    #[test]
    fn every_mistake_is_found() {
        let good = || {
            Files::default()
                .with("dev/salekit/Sale.html", "A sale")
                .with("dev/salekit/Card.html", "A card")
        };
        for (files, expected) in [
            (good(), vec![]),
            (good().without("dev/salekit/Sale.html"), vec!["the API has its pages"]),
            (good().with("dev/salekit/Sale.html", ""), vec!["the API has its pages"]),
            (
                good().with("dev/salekit/ffi/Ffi.html", "generated"),
                vec!["the generated layer has no pages"],
            ),
            (
                good().with("dev/salekit/Card.html", "fun pay(): &lt;Error&gt;"),
                vec!["every type on a page is known"],
            ),
            (
                good().with("index.html", "ERROR CLASS: x"),
                vec!["every type on a page is known"],
            ),
        ] {
            assert_eq!(
                broken(&verdicts(&files, &["dev/salekit/Sale", "dev/salekit/Card"])),
                expected
            );
        }
    }
}
