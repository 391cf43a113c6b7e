//! Property lists in the old style, as Xcode's project files are: dictionaries, lists, and texts with or without quotes.

use std::collections::BTreeMap;

use crate::artefact::plist::Plist;

/// The one value of a text. The error says what is wrong.
pub(super) fn parse(text: &str) -> Result<Plist, String> {
    let mut reader = Reader { rest: text };
    let value = reader.value()?;
    match reader.token()? {
        None => Ok(value),
        Some(token) => Err(format!("more than one value: {token}")),
    }
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    /// The next token, without what stands before it: white space and comments.
    fn token(&mut self) -> Result<Option<&'a str>, String> {
        loop {
            self.rest = self.rest.trim_start();
            if let Some(comment) = self.rest.strip_prefix("//") {
                self.rest = comment.split_once('\n').map_or("", |(_, rest)| rest);
            } else if let Some(comment) = self.rest.strip_prefix("/*") {
                self.rest = comment.split_once("*/").ok_or("a comment has no end")?.1;
            } else {
                break;
            }
        }
        let length = match self.rest.chars().next() {
            None => return Ok(None),
            Some('"') => self.quoted()?,
            Some(mark) if is_mark(mark) => 1,
            Some(_) => {
                let is_end = |character: char| character.is_whitespace() || character == '"' || is_mark(character);
                self.rest.find(is_end).unwrap_or(self.rest.len())
            }
        };
        let (token, rest) = self.rest.split_at(length);
        self.rest = rest;
        Ok(Some(token))
    }

    /// The length of a text in quotes, with them.
    fn quoted(&self) -> Result<usize, String> {
        let mut is_escaped = false;
        for (at, character) in self.rest.char_indices().skip(1) {
            match character {
                _ if is_escaped => is_escaped = false,
                '\\' => is_escaped = true,
                '"' => return Ok(at + 1),
                _ => {}
            }
        }
        Err("a text has no end".to_owned())
    }

    fn expect(&mut self, mark: &str) -> Result<(), String> {
        match self.token()? {
            Some(token) if token == mark => Ok(()),
            other => Err(format!("{} in the place of {mark}", other.unwrap_or("the end"))),
        }
    }

    /// Whether the next token is this one, which is then read.
    fn has(&mut self, mark: &str) -> Result<bool, String> {
        let before = self.rest;
        let is_next = self.token()? == Some(mark);
        if !is_next {
            self.rest = before;
        }
        Ok(is_next)
    }

    fn value(&mut self) -> Result<Plist, String> {
        match self.token()? {
            Some("{") => {
                let mut table = BTreeMap::new();
                while !self.has("}")? {
                    let Plist::Text(key) = self.value()? else {
                        return Err("a key is no text".to_owned());
                    };
                    self.expect("=")?;
                    let value = self.value()?;
                    self.expect(";")?;
                    if table.insert(key.clone(), value).is_some() {
                        return Err(format!("{key} is there twice"));
                    }
                }
                Ok(Plist::Table(table))
            }
            Some("(") => {
                let mut list = Vec::new();
                while !self.has(")")? {
                    list.push(self.value()?);
                    if !self.has(",")? {
                        self.expect(")")?;
                        break;
                    }
                }
                Ok(Plist::List(list))
            }
            Some(token) if token.starts_with(is_mark) => Err(format!("{token} in the place of a value")),
            Some(token) => Ok(Plist::Text(token.trim_matches('"').to_owned())),
            None => Err("a value is missing".to_owned()),
        }
    }
}

fn is_mark(character: char) -> bool {
    "{}()=;,".contains(character)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_is_read() {
        let text = "// !$*UTF8*$!\n{ a = b; /* c = d; */ \"e f\" = \"g;\\\" h\"; i = ( ); j = (1, {k = l;}, m); }\n";
        let read = parse(text).unwrap();
        assert_eq!((read.text("a"), read.text("c")), (Some("b"), None));
        assert_eq!(read.text("e f"), Some("g;\\\" h"));
        assert_eq!((read.list("i").len(), read.list("j").len()), (0, 3));
        assert_eq!(read.list("j")[1].text("k"), Some("l"));
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in [
            "",
            "{ a = b }",
            "{ a = b; a = c; }",
            "{ a = ; }",
            "{ a b; }",
            "{ (a) = b; }",
            "( a b )",
            "( a, b",
            "{ a = \"b; }",
            "{ a = b; } c",
            "{ /* a = b; }",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
