//! Generates Kotlin and Swift sources with the sentences for payers, from one list for each language
//! (`bindings/messages`).
//!
//! Sources instead of resources, so that an app need not package, find or decode anything at run time.

use std::{collections::BTreeMap, fs};

use anyhow::{Context, bail, ensure};
use camino::Utf8Path;

/// The language that others fall back to. It has every key.
const ENGLISH: &str = "en";

/// The sentences of a language by their keys.
type Sentences = BTreeMap<String, String>;

/// All languages by their codes of ISO 639.
pub(crate) struct Messages(BTreeMap<String, Sentences>);

impl Messages {
    /// Reads the lists in `folder`: `en.json` and a file for each other language.
    pub(crate) fn read(folder: &Utf8Path) -> anyhow::Result<Self> {
        let mut languages = BTreeMap::new();
        for entry in folder.read_dir_utf8().with_context(|| format!("no folder {folder}"))? {
            let path = entry?.into_path();
            let language = path.file_stem().unwrap_or_default().to_owned();
            let text = fs::read_to_string(&path).with_context(|| format!("no text in {path}"))?;
            let sentences: Sentences = serde_json::from_str(&text).with_context(|| format!("{path} is no list"))?;
            languages.insert(language, sentences);
        }
        let messages = Self(languages);
        messages.check()?;
        Ok(messages)
    }

    fn check(&self) -> anyhow::Result<()> {
        let Some(english) = self.0.get(ENGLISH) else {
            bail!("there is no {ENGLISH}.json, which the other languages fall back to")
        };
        for (language, sentences) in &self.0 {
            for (key, sentence) in sentences {
                ensure!(
                    english.contains_key(key),
                    "{language}: {key} is no key of {ENGLISH}.json"
                );
                let is_plain = !sentence.trim().is_empty() && !sentence.contains(char::is_control);
                ensure!(is_plain, "{language}: {key} is empty or has more than one line");
            }
        }
        Ok(())
    }

    /// The Kotlin source.
    pub(crate) fn kotlin(&self) -> String {
        let mut made = format!("{HEADER}\npackage dev.salekit\n\n{LOOK_UP}\n");
        made.push_str(
            "@JvmSynthetic\ninternal fun sentence(language: String, key: String): String? = when (language) {\n",
        );
        for language in self.0.keys() {
            made.push_str(&format!("    \"{language}\" -> {language}Sentences(key)\n"));
        }
        made.push_str("    else -> null\n}\n");
        for (language, sentences) in &self.0 {
            made.push_str(&format!(
                "\nprivate fun {language}Sentences(key: String): String? = when (key) {{\n"
            ));
            for (key, sentence) in sentences {
                made.push_str(&format!(
                    "    \"{key}\" -> \"{}\"\n",
                    escaped(sentence, &['\\', '"', '$'])
                ));
            }
            made.push_str("    else -> null\n}\n");
        }
        made
    }

    /// The Swift source.
    pub(crate) fn swift(&self) -> String {
        let mut made = format!("{HEADER}\n{LOOK_UP}\nfunc sentence(_ language: String, _ key: String) -> String? {{\n");
        made.push_str("    switch language {\n");
        for language in self.0.keys() {
            made.push_str(&format!("    case \"{language}\": {language}Sentences[key]\n"));
        }
        made.push_str("    default: nil\n    }\n}\n");
        for (language, sentences) in &self.0 {
            made.push_str(&format!("\nprivate let {language}Sentences: [String: String] = [\n"));
            for (key, sentence) in sentences {
                made.push_str(&format!("    \"{key}\": \"{}\",\n", escaped(sentence, &['\\', '"'])));
            }
            made.push_str("]\n");
        }
        made
    }
}

const HEADER: &str =
    "// Written by scripts/generate-bindings from bindings/messages. Change those files, not this one.\n";
const LOOK_UP: &str = "/// The sentence for `key` in `language` (ISO 639), if there is one.";

fn escaped(text: &str, special: &[char]) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if special.contains(&character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{Messages, Sentences};

    fn messages(languages: &[(&str, &[(&str, &str)])]) -> Messages {
        let sentences = |list: &[(&str, &str)]| -> Sentences {
            list.iter()
                .map(|(key, text)| ((*key).to_owned(), (*text).to_owned()))
                .collect()
        };
        let languages = languages
            .iter()
            .map(|(language, list)| ((*language).to_owned(), sentences(list)));
        Messages(languages.collect())
    }

    #[test]
    fn what_a_language_reads_as_more_than_text_is_escaped() {
        let messages = messages(&[("en", &[("a.b", r#"Say "$5" \(now)"#)])]);
        assert!(
            messages.kotlin().contains(r#"    "a.b" -> "Say \"\$5\" \\(now)""#),
            "{}",
            messages.kotlin()
        );
        assert!(
            messages.swift().contains(r#"    "a.b": "Say \"$5\" \\(now)","#),
            "{}",
            messages.swift()
        );
    }

    #[test]
    fn a_list_without_english_or_with_a_key_of_its_own_is_refused() {
        assert!(
            messages(&[("en", &[("a.b", "Yes.")]), ("de", &[("a.b", "Ja.")])])
                .check()
                .is_ok()
        );
        assert!(messages(&[("en", &[("a.b", "Yes.")]), ("de", &[])]).check().is_ok());
        assert!(messages(&[("de", &[("a.b", "Ja.")])]).check().is_err());
        assert!(
            messages(&[("en", &[("a.b", "Yes.")]), ("de", &[("a.c", "Ja.")])])
                .check()
                .is_err()
        );
        assert!(messages(&[("en", &[("a.b", " ")])]).check().is_err());
        assert!(messages(&[("en", &[("a.b", "Yes.\nNo.")])]).check().is_err());
    }
}
