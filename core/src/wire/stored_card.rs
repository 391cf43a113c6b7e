//! A card that the merchant's server keeps for later sales: what a repeat sale names it by, and what a person knows it by.
//! The question for it is next door, in `merchant`.

use std::{fmt, mem};

use serde::{
    Deserialize, Serialize,
    de::value::{Error as UnknownWord, StrDeserializer},
};

use crate::{
    card::{CardBrand, check_client_card_id},
    json::Members,
    value::InputError,
};

/// Most first digits that are kept beside the last four.
const BIN_BESIDE_LAST4: usize = 6;

/// A card the merchant keeps for later sales: what a repeat sale needs to name it, and what a person needs to know it by.
///
/// Nothing here has room for a card number. What the merchant does not tell is `None`, and so is what is not of the shape
/// that its member says.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct StoredCard {
    /// `sourceOfFunds.reference.clientCardId`, opaque.
    pub client_card_id: String,
    /// `sourceCard.bin`: the first digits of the card number, at most eight; six beside `last4`.
    pub bin: Option<String>,
    /// `sourceCard.brand`, for example `visa`; never [`CardBrand::Unknown`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub brand: Option<CardBrand>,
    /// `sourceCard.last4`: the last four digits of the card number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last4: Option<String>,
    /// `sourceCard.expiry`: the last month in which the card is good.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<CardExpiry>,
    /// Whether the card was mapped with an e-mail, which then must be given in every repeat sale.
    pub mapped_with_email: bool,
}

/// The last month in which a stored card is good. Not checked against any clock: a card that has expired is shown as such.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CardExpiry {
    /// `year`, for example 2030.
    pub year: u16,
    /// `month`: 1 to 12.
    pub month: u8,
}

impl CardExpiry {
    const fn is_month(self) -> bool {
        matches!((self.month, self.year), (1..=12, 2000..=9999))
    }

    /// A year of two digits is one of this century, as some write it on cards.
    fn read(answer: &Members<'_>) -> Option<Self> {
        let number = |name| answer.integer(&["sourceCard", "expiry", name]);
        let year = u16::try_from(number("year")?).ok()?;
        Some(Self {
            month: u8::try_from(number("month")?).ok()?,
            year: if year < 100 { 2000 + year } else { year },
        })
    }
}

impl StoredCard {
    /// The card in an answer, as it is written there; `None` without a name for it.
    pub(super) fn read(answer: &Members<'_>) -> Option<Self> {
        let text = |name| {
            let mut text = answer.text(&["sourceCard", name])?;
            Some(mem::take(&mut *text))
        };
        let mut id = answer.exact(&["sourceOfFunds", "reference", "clientCardId"])?;
        Some(Self {
            client_card_id: mem::take(&mut *id),
            bin: text("bin"),
            brand: answer.text(&["sourceCard", "brand"]).and_then(|word| brand(&word)),
            last4: text("last4"),
            expiry: CardExpiry::read(answer),
            mapped_with_email: answer.text(&["consumer", "email"]).is_some(),
        })
    }

    /// The card, if a repeat sale can name it. Other members that do not have the documented shape are left out: they might
    /// be a card number, and they cannot be shown.
    ///
    /// # Errors
    /// [`InputError`] for `sourceOfFunds.reference.clientCardId` (1 to 128 printable characters).
    pub fn checked(self) -> Result<Self, InputError> {
        let Self {
            client_card_id,
            bin,
            brand,
            last4,
            expiry,
            mapped_with_email,
        } = self;
        check_client_card_id(&client_card_id)?;
        let is_digits = |text: &String| text.bytes().all(|digit| digit.is_ascii_digit());
        let last4 = last4.filter(|last4| last4.len() == 4 && is_digits(last4));
        let mut bin = bin.filter(|bin| (1..=8).contains(&bin.len()) && is_digits(bin));
        if let (Some(bin), Some(_)) = (&mut bin, &last4) {
            // Eight and four are all digits of the shortest numbers.
            bin.truncate(BIN_BESIDE_LAST4);
        }
        Ok(Self {
            client_card_id,
            bin,
            brand: brand.filter(|brand| *brand != CardBrand::Unknown),
            last4,
            expiry: expiry.filter(|expiry| expiry.is_month()),
            mapped_with_email,
        })
    }
}

/// The brand that is meant by `word`, in any case and with any blanks, dashes and underscores.
fn brand(word: &str) -> Option<CardBrand> {
    let is_filler = |character: &char| matches!(character, ' ' | '-' | '_');
    let word: String = word.chars().filter(|character| !is_filler(character)).collect();
    let word = word.to_lowercase();
    CardBrand::deserialize(StrDeserializer::<UnknownWord>::new(&word)).ok()
}

/// Without the id: with the consumer's session it is equivalent to the card, and apps log what they get.
impl fmt::Debug for StoredCard {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("StoredCard")
            .field("bin", &self.bin)
            .field("brand", &self.brand)
            .field("last4", &self.last4)
            .field("mapped_with_email", &self.mapped_with_email)
            .finish_non_exhaustive()
    }
}
