//! Apple's property lists, as far as XML has them.

use std::collections::BTreeMap;

use roxmltree::{Document, Node, ParsingOptions};

use crate::failure::Failure;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Plist {
    Text(String),
    Flag(bool),
    List(Vec<Plist>),
    Table(BTreeMap<String, Plist>),
    /// A number, a date or data: nothing here asks for them.
    Other,
}

impl Plist {
    /// `name` is for the message.
    pub(crate) fn parse(name: &str, text: &str) -> Result<Self, Failure> {
        let wrong = |what: String| Failure::unfit(format!("{name} is no property list: {what}"));
        // The declaration names Apple's DTD; it defines nothing.
        let options = ParsingOptions {
            allow_dtd: true,
            ..ParsingOptions::default()
        };
        let document = Document::parse_with_options(text, options).map_err(|error| wrong(error.to_string()))?;
        let value = document.root_element().children().find(Node::is_element);
        Ok(Self::of(value.ok_or_else(|| wrong("it is empty".to_owned()))?))
    }

    fn of(node: Node<'_, '_>) -> Self {
        let mut children = node.children().filter(Node::is_element);
        match node.tag_name().name() {
            "string" => Self::Text(node.text().unwrap_or_default().to_owned()),
            "true" => Self::Flag(true),
            "false" => Self::Flag(false),
            "array" => Self::List(children.map(Self::of).collect()),
            "dict" => {
                let mut table = BTreeMap::new();
                while let (Some(key), Some(value)) = (children.next(), children.next()) {
                    table.insert(key.text().unwrap_or_default().to_owned(), Self::of(value));
                }
                Self::Table(table)
            }
            _ => Self::Other,
        }
    }

    /// What a table has for a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Table(table) => table.get(key),
            _ => None,
        }
    }

    /// The text that a table has for a key.
    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Some(Self::Text(text)) => Some(text),
            _ => None,
        }
    }

    /// The list that a table has for a key; an empty one if it has none.
    pub(crate) fn list(&self, key: &str) -> &[Self] {
        match self.get(key) {
            Some(Self::List(list)) => list,
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_is_read() {
        let text = r#"<?xml version="1.0"?><!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "https://example.com/a.dtd">
            <plist version="1.0"><dict><key>a</key><string>b</string><key>c</key><false/><key>d</key><array><true/></array>
            <key>e</key><integer>1</integer></dict></plist>"#;
        let list = Plist::parse("it", text).unwrap();
        assert_eq!(
            (list.text("a"), list.text("c"), list.get("c")),
            (Some("b"), None, Some(&Plist::Flag(false)))
        );
        assert_eq!(
            (list.list("d"), list.list("a"), list.get("e")),
            (&[Plist::Flag(true)][..], &[][..], Some(&Plist::Other))
        );
    }

    #[test]
    fn what_is_none_is_said() {
        for text in ["", "<plist>", "<plist></plist>"] {
            let failure = Plist::parse("it", text).unwrap_err().to_string();
            assert!(failure.starts_with("it is no property list"), "{failure}");
        }
    }
}
