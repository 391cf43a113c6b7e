//! Names, tokens and addresses in a text.

use std::ops::Range;

use super::{
    letters::fold,
    marked_text::{Mark, MarkedText},
};

/// Shorter secrets are not searched for, because they could be any word. Tokens, nonces and signatures have 32
/// characters or more.
const SHORTEST_SECRET: usize = 8;
/// A part of a secret with at least so many characters is masked, even if the rest is missing.
const TELLING: usize = 12;
/// Shorter parts of a name are masked only next to other parts, because they are also ordinary words.
const SHORTEST_NAME: usize = 3;
/// Names of at least this length are masked within other words as well.
const LONG_NAME: usize = 5;
/// Scripts from here on put no spaces between words.
const FIRST_WITHOUT_SPACES: char = '\u{2e80}';

impl MarkedText {
    /// Masks `secret`, and parts of it that are too long to be a coincidence.
    pub(super) fn hide_secret(&mut self, secret: &[char]) {
        if secret.len() >= SHORTEST_SECRET {
            self.hide_common(secret, secret.len().min(TELLING));
        }
    }

    /// Masks `word`, if it is too long to be an ordinary word.
    pub(super) fn hide_word(&mut self, word: &[char]) {
        if word.len() >= SHORTEST_SECRET || word.contains(&'@') {
            self.hide_common(word, word.len());
        }
    }

    /// Masks parts of `secret` with `telling` or more characters. They may be percent-encoded.
    fn hide_common(&mut self, secret: &[char], telling: usize) {
        let mut at = 0;
        while at < self.characters.len() {
            let (read, end) = self.common(at, secret);
            if read >= telling {
                self.hide(at..end, Mark::Word);
                at = end;
            } else {
                at += 1;
            }
        }
    }

    /// How many characters of `secret` are at `at`, and where they end.
    fn common(&self, at: usize, secret: &[char]) -> (usize, usize) {
        let mut place = at;
        for (read, expected) in secret.iter().enumerate() {
            match self.characters.get(place) {
                Some(character) if character == expected => place += 1,
                Some('%') if self.escaped(place) == Some(*expected) => place += 3,
                _ => return (read, place),
            }
        }
        (secret.len(), place)
    }

    /// The percent-encoded ASCII character at `place`.
    fn escaped(&self, place: usize) -> Option<char> {
        let digit = |at: usize| self.characters.get(at)?.to_digit(16);
        let code = 16 * digit(place + 1)? + digit(place + 2)?;
        char::from_u32(code).filter(char::is_ascii)
    }

    /// Masks the name that consists of `parts`, in any case and any order of its words.
    pub(super) fn hide_name(&mut self, parts: &[&str]) {
        let names: Vec<&str> = parts
            .iter()
            .flat_map(|part| part.split(|character: char| !character.is_alphanumeric()))
            .filter(|name| !name.is_empty())
            .collect();
        let is_alone = names.len() == 1;
        let words = self.words();
        let is_name: Vec<bool> = words
            .iter()
            .map(|word| names.iter().any(|name| self.is(word.clone(), name.chars())))
            .collect();
        for (index, word) in words.iter().enumerate() {
            let neighbour = |index: Option<usize>| index.and_then(|index| is_name.get(index)) == Some(&true);
            let is_one = is_name[index]
                && (is_alone
                    || word.len() >= SHORTEST_NAME
                    || neighbour(index.checked_sub(1))
                    || neighbour(Some(index + 1)));
            let is_all = || self.is(word.clone(), names.iter().flat_map(|name| name.chars()));
            if is_one || is_all() {
                self.hide(word.clone(), Mark::Word);
            }
        }
        for name in names.iter().filter(|name| is_found_anywhere(name)) {
            let length = name.chars().count();
            for at in 0..(self.characters.len() + 1).saturating_sub(length) {
                if self.is(at..at + length, name.chars()) {
                    self.hide(at..at + length, Mark::Word);
                }
            }
        }
    }

    fn is(&self, range: Range<usize>, name: impl Iterator<Item = char>) -> bool {
        let word = self.characters.get(range).unwrap_or_default();
        word.iter().copied().map(fold).eq(name.map(fold))
    }

    /// Masks the parts of addresses besides the page: user info, query and fragment.
    pub(super) fn hide_addresses(&mut self) {
        let mut at = 0;
        while at + 3 <= self.characters.len() {
            if self.characters[at..at + 3] != [':', '/', '/'] {
                at += 1;
                continue;
            }
            let rest = &self.characters[at + 3..];
            let ends =
                |character: &char| character.is_whitespace() || matches!(character, '"' | '\'' | '<' | '>' | ')');
            let length = rest.iter().position(ends).unwrap_or(rest.len());
            let address = &rest[..length];
            let query = address.iter().position(|character| matches!(character, '?' | '#'));
            let before_query = query.unwrap_or(length);
            let path = address.iter().position(|character| *character == '/');
            let host = &address[..path.unwrap_or(before_query).min(before_query)];
            let user = host.iter().rposition(|character| *character == '@').unwrap_or(0);
            self.hide(at + 3..at + 3 + user, Mark::Word);
            self.hide(at + 3 + before_query + 1..at + 3 + length, Mark::Word);
            at += 3 + length;
        }
    }

    /// The runs of adjacent letters and digits.
    pub(super) fn words(&self) -> Vec<Range<usize>> {
        let (mut words, mut start) = (Vec::new(), None);
        for (place, character) in self.characters.iter().enumerate() {
            match (character.is_alphanumeric(), start) {
                (true, None) => start = Some(place),
                (false, Some(first)) => {
                    words.push(first..place);
                    start = None;
                }
                (true, Some(_)) | (false, None) => {}
            }
        }
        words.extend(start.map(|first| first..self.characters.len()));
        words
    }
}

/// Whether `name` is long enough to be masked within other words, too.
fn is_found_anywhere(name: &str) -> bool {
    let length = name.chars().count();
    length >= LONG_NAME || (length >= 2 && name.chars().all(|character| character >= FIRST_WITHOUT_SPACES))
}
