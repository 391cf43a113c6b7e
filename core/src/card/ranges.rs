//! Issuers' ranges (IIN, ISO/IEC 7812-1) by brand: only a table and how it is read.
//!
//! The schemes' own lists are for their members only. This table contains what at least two published lists agree on,
//! read in November 2026:
//!
//! - W: Wikipedia, "Payment card number", table of issuer identification numbers (revision of September 2026)
//! - B: braintree/credit-card-type, `src/lib/card-types.ts` (commit 0bac61c)
//! - A: Adyen's and C: Checkout.com's card detection for Android (2025)
//! - P: payform and jquery.payment, table of card types
//! - L: national lists that merchants keep in public repositories: Belarus, Uzbekistan, Egypt, Turkey
//!
//! A range without a letter is in W and B. If brands overlap, the more specific (longer) range decides.

use super::brand::CardBrand::{self, *};

/// The first digits `from` to `to` (both included, equally many digits) belong to `brand`.
struct IssuerRange {
    from: &'static str,
    to: &'static str,
    brand: CardBrand,
}

const fn range(from: &'static str, to: &'static str, brand: CardBrand) -> IssuerRange {
    IssuerRange { from, to, brand }
}

const fn prefix(digits: &'static str, brand: CardBrand) -> IssuerRange {
    range(digits, digits, brand)
}

const RANGES: &[IssuerRange] = &[
    prefix("4", Visa),
    range("51", "55", Mastercard),
    range("2221", "2720", Mastercard),
    prefix("34", Amex),
    prefix("37", Amex),
    range("300", "305", Diners),
    prefix("3095", Diners),
    prefix("36", Diners),
    range("38", "39", Diners),
    range("3528", "3589", Jcb),
    prefix("6011", Discover),
    range("644", "649", Discover),
    prefix("65", Discover),
    // Includes 622126 to 622925, which Discover processes outside China and some lists assign to Discover: the card is
    // UnionPay's.
    prefix("62", UnionPay),
    range("8100", "8171", UnionPay),
    prefix("50", Maestro),
    range("56", "58", Maestro),
    prefix("6304", Maestro),
    prefix("639", Maestro),
    prefix("67", Maestro),
    range("2200", "2204", Mir),
    // W, L. Troy's cards with 65 share their range with Discover, whose network they use abroad; no list separates
    // them. Both have 16 digits and a code of three.
    range("979200", "979289", Troy),
    range("508500", "508999", RuPay),
    range("606985", "607984", RuPay),
    range("608001", "608500", RuPay),
    range("652150", "653149", RuPay),
    range("8172", "8199", RuPay),
    prefix("82", RuPay),
    range("401178", "401179", Elo),
    prefix("431274", Elo),
    prefix("438935", Elo),
    prefix("451416", Elo),
    prefix("457393", Elo),
    range("457631", "457632", Elo),
    prefix("504175", Elo),
    range("506699", "506778", Elo),
    range("509000", "509999", Elo),
    prefix("627780", Elo),
    prefix("636297", Elo),
    prefix("636368", Elo),
    range("650031", "650033", Elo),
    range("650035", "650051", Elo),
    range("650405", "650439", Elo),
    range("650485", "650538", Elo),
    range("650541", "650598", Elo),
    range("650700", "650718", Elo),
    range("650720", "650727", Elo),
    range("650901", "650978", Elo),
    range("651652", "651679", Elo),
    range("655000", "655019", Elo),
    range("655021", "655058", Elo),
    prefix("606282", Hipercard),
    // W, L.
    prefix("8600", Uzcard),
    prefix("5614", Uzcard),
    // W, L.
    prefix("9860", Humo),
    // L, three of them.
    prefix("9112", Belkart),
    // W, and the bank codes of VietQR, which all begin with it.
    prefix("9704", Napas),
    // W; B has the issued ranges of the first two.
    range("506099", "506198", Verve),
    range("507865", "507964", Verve),
    range("650002", "650027", Verve),
    // W, A, P. 4571 is Dankort and Visa on one card, which counts as Visa.
    prefix("5019", Dankort),
    // W, A.
    prefix("1", Uatp),
    // C, L.
    prefix("507803", Meeza),
    range("507808", "507810", Meeza),
];

impl CardBrand {
    /// The brand for `digits`: the whole number, or its first digits while it is typed.
    pub fn of(digits: &[u8]) -> Self {
        // The longest range decides. A range counts only when all of its digits are known.
        RANGES
            .iter()
            .filter(|range| {
                // With equally many digits, comparing the text compares the numbers.
                digits
                    .get(..range.from.len())
                    .is_some_and(|first| (range.from.as_bytes()..=range.to.as_bytes()).contains(&first))
            })
            .max_by_key(|range| range.from.len())
            .map_or(Unknown, |range| range.brand)
    }
}

#[cfg(test)]
mod tests {
    use super::{CardBrand, RANGES};

    #[test]
    fn the_table_is_well_formed() {
        for range in RANGES {
            assert_eq!(range.from.len(), range.to.len(), "{}", range.from);
            assert!(range.from <= range.to, "{}", range.from);
            assert!(
                range
                    .from
                    .bytes()
                    .chain(range.to.bytes())
                    .all(|byte| byte.is_ascii_digit()),
                "{}",
                range.from
            );
        }
    }

    #[test]
    fn ranges_of_one_length_do_not_overlap() {
        for (index, range) in RANGES.iter().enumerate() {
            for other in RANGES[index + 1..]
                .iter()
                .filter(|other| other.from.len() == range.from.len())
            {
                assert!(
                    range.to < other.from || other.to < range.from,
                    "{} and {}",
                    range.from,
                    other.from
                );
            }
        }
    }

    #[test]
    fn ranges_begin_and_end_where_they_should() {
        use CardBrand::{
            Belkart, Dankort, Diners, Discover, Elo, Hipercard, Humo, Jcb, Maestro, Mastercard, Meeza, Mir, Napas,
            RuPay, Troy, Uatp, UnionPay, Unknown, Uzcard, Verve, Visa,
        };
        for (prefix, brand) in [
            ("2199", Unknown),
            ("2200", Mir),
            ("2204", Mir),
            ("2205", Unknown),
            ("2220", Unknown),
            ("2221", Mastercard),
            ("2720", Mastercard),
            ("2721", Unknown),
            ("299", Unknown),
            ("300", Diners),
            ("305", Diners),
            ("306", Unknown),
            ("36", Diners),
            ("38", Diners),
            ("3527", Unknown),
            ("3528", Jcb),
            ("3589", Jcb),
            ("3590", Unknown),
            ("401177", Visa),
            ("401178", Elo),
            ("401179", Elo),
            ("401180", Visa),
            ("50", Maestro),
            ("51", Mastercard),
            ("55", Mastercard),
            ("56", Maestro),
            ("504175", Elo),
            ("506699", Elo),
            ("506778", Elo),
            ("506779", Maestro),
            ("509000", Elo),
            ("508499", Maestro),
            ("508500", RuPay),
            ("508999", RuPay),
            ("6011", Discover),
            ("6012", Unknown),
            ("643", Unknown),
            ("644", Discover),
            ("649", Discover),
            ("650030", Discover),
            ("650031", Elo),
            ("650033", Elo),
            ("650034", Discover),
            ("652149", Discover),
            ("652150", RuPay),
            ("653149", RuPay),
            ("653150", Discover),
            ("606985", RuPay),
            ("607984", RuPay),
            ("608001", RuPay),
            ("608500", RuPay),
            ("608501", Unknown),
            ("622125", UnionPay),
            ("622126", UnionPay),
            ("622925", UnionPay),
            ("622926", UnionPay),
            ("627780", Elo),
            ("636368", Elo),
            ("67", Maestro),
            ("8100", UnionPay),
            ("8171", UnionPay),
            ("8172", RuPay),
            ("82", RuPay),
            ("83", Unknown),
            ("9791", Unknown),
            ("9792", Unknown),
            ("979200", Troy),
            ("979289", Troy),
            ("979290", Unknown),
            ("9793", Unknown),
            ("1", Uatp),
            ("501899", Maestro),
            ("5019", Dankort),
            ("5020", Maestro),
            ("506098", Maestro),
            ("506099", Verve),
            ("506198", Verve),
            ("506199", Maestro),
            ("507802", Maestro),
            ("507803", Meeza),
            ("507804", Maestro),
            ("507808", Meeza),
            ("507810", Meeza),
            ("507811", Maestro),
            ("507864", Maestro),
            ("507865", Verve),
            ("507964", Verve),
            ("507965", Maestro),
            ("5613", Maestro),
            ("5614", Uzcard),
            ("5615", Maestro),
            ("606281", Unknown),
            ("606282", Hipercard),
            ("606283", Unknown),
            ("650001", Discover),
            ("650002", Verve),
            ("650027", Verve),
            ("650028", Discover),
            ("8600", Uzcard),
            ("8601", Unknown),
            ("9111", Unknown),
            ("9112", Belkart),
            ("9704", Napas),
            ("9705", Unknown),
            ("9859", Unknown),
            ("9860", Humo),
            ("", Unknown),
            ("3", Unknown),
            ("6", Unknown),
            ("2", Unknown),
            ("0", Unknown),
            ("4", Visa),
        ] {
            assert_eq!(CardBrand::of(prefix.as_bytes()), brand, "{prefix}");
            if prefix.len() >= 6 {
                assert_eq!(
                    CardBrand::of(format!("{prefix}0000000000").as_bytes()),
                    brand,
                    "{prefix} and more"
                );
            }
        }
    }
}
