//! A document in Markdown, as far as it is checked: its sections, links, names of files, and snippets.

/// A place where a document leads elsewhere.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Link {
    pub(super) line: usize,
    pub(super) target: String,
}

/// A block between fences.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Snippet {
    pub(super) line: usize,
    /// What follows the opening fence, for example `rust,no_run`.
    pub(super) language: String,
    pub(super) code: String,
}

#[derive(Debug, Default)]
pub(super) struct Page {
    path: String,
    pub(super) anchors: Vec<String>,
    pub(super) links: Vec<Link>,
    /// What stands between backquotes in the text.
    pub(super) names: Vec<Link>,
    pub(super) snippets: Vec<Snippet>,
}

impl Page {
    pub(super) fn read(path: &str, text: &str) -> Self {
        let mut page = Self {
            path: path.to_owned(),
            ..Self::default()
        };
        let mut open: Option<Snippet> = None;
        for (index, line) in text.lines().enumerate() {
            let number = index + 1;
            if let Some(snippet) = &mut open {
                if line.trim_end() == "```" {
                    page.snippets.extend(open.take());
                } else {
                    snippet.code.push_str(line);
                    snippet.code.push('\n');
                }
            } else if let Some(language) = line.strip_prefix("```") {
                open = Some(Snippet {
                    line: number,
                    language: language.trim().to_owned(),
                    code: String::new(),
                });
            } else {
                page.text_line(number, line);
            }
        }
        // A fence that is never closed hides the rest of the page.
        page.snippets.extend(open.map(|snippet| Snippet {
            language: "an open fence".to_owned(),
            ..snippet
        }));
        page
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// The folder of the page, with a slash at its end, or nothing for the root.
    pub(super) fn folder(&self) -> &str {
        self.path.rfind('/').map_or("", |slash| &self.path[..=slash])
    }

    fn text_line(&mut self, number: usize, line: &str) {
        let heading = line.trim_start_matches('#');
        if heading.len() < line.len() && heading.starts_with(' ') {
            let anchor = anchor(heading);
            let before = self.anchors.iter().filter(|other| is_numbered(other, &anchor)).count();
            let suffix = if before == 0 {
                String::new()
            } else {
                format!("-{before}")
            };
            self.anchors.push(anchor + &suffix);
        }
        // Code is between every other pair of backquotes.
        let mut text = String::new();
        for (place, part) in line.split('`').enumerate() {
            if place % 2 == 0 {
                text += part;
            } else {
                text.push('`');
                self.names.push(Link {
                    line: number,
                    target: part.to_owned(),
                });
            }
        }
        for (opening, closing) in [("](", ')'), ("src=\"", '"'), ("srcset=\"", '"'), ("href=\"", '"')] {
            for (_, rest) in text
                .match_indices(opening)
                .map(|(place, _)| text.split_at(place + opening.len()))
            {
                if let Some((target, _)) = rest.split_once(closing) {
                    self.links.push(Link {
                        line: number,
                        target: target.trim_matches(['<', '>']).to_owned(),
                    });
                }
            }
        }
    }
}

fn is_numbered(anchor: &str, stem: &str) -> bool {
    anchor.strip_prefix(stem).is_some_and(|rest| {
        rest.is_empty()
            || rest
                .strip_prefix('-')
                .is_some_and(|number| number.parse::<u8>().is_ok())
    })
}

/// The anchor that GitHub and mdBook give a heading.
fn anchor(heading: &str) -> String {
    let letters = heading.trim().chars().filter_map(|letter| match letter {
        ' ' => Some('-'),
        letter if letter.is_alphanumeric() || matches!(letter, '-' | '_') => Some(letter),
        _ => None,
    });
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_become_anchors() {
        let page = Page::read(
            "a.md",
            "# The `Sale`, and more\n## 6. Void (extension)\n#hash\n## A\n## A\n",
        );
        assert_eq!(page.anchors, ["the-sale-and-more", "6-void-extension", "a", "a-1"]);
    }

    #[test]
    fn links_images_and_names_are_seen_and_code_is_not() {
        let text = "[a](b.md#c) ![d](e.png) `[f](g.md)` `core/src`\n<img src=\"h.png\">\n```sh\n[i](j.md)\n```\n";
        let page = Page::read("docs/a.md", text);
        let targets: Vec<&str> = page.links.iter().map(|link| link.target.as_str()).collect();
        assert_eq!(targets, ["b.md#c", "e.png", "h.png"]);
        let names: Vec<&str> = page.names.iter().map(|name| name.target.as_str()).collect();
        assert_eq!(names, ["[f](g.md)", "core/src"]);
        assert_eq!(page.folder(), "docs/");
    }

    #[test]
    fn snippets_have_a_language_and_a_line() {
        let page = Page::read("a.md", "x\n```rust,no_run\nfn a() {}\n```\n```\nb\n");
        let seen: Vec<_> = page
            .snippets
            .iter()
            .map(|one| (one.line, one.language.as_str()))
            .collect();
        assert_eq!(seen, [(2, "rust,no_run"), (5, "an open fence")]);
        assert_eq!(page.snippets[0].code, "fn a() {}\n");
    }
}
