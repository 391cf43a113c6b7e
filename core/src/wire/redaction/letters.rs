//! The letters of a text without their case, for finding words.

/// One letter of a text.
pub(super) struct Letter {
    pub(super) letter: char,
    pub(super) place: usize,
}

impl Letter {
    pub(super) fn of((place, character): (usize, &char)) -> Option<Self> {
        character.is_alphabetic().then(|| Self {
            letter: fold(*character),
            place,
        })
    }
}

/// `character` without its case, for comparing.
pub(super) fn fold(character: char) -> char {
    if character.is_ascii() {
        return character.to_ascii_lowercase();
    }
    character.to_lowercase().next().unwrap_or(character)
}

/// The letters of a text and their positions.
pub(super) fn letters_of(characters: &[char]) -> Vec<Letter> {
    characters.iter().enumerate().filter_map(Letter::of).collect()
}
