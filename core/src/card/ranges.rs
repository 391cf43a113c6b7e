//! Issuers' ranges (IIN, ISO/IEC 7812-1) by brand: a table and how it is read, nothing else.
//!
//! Compiled from the ranges the schemes publish. Where brands overlap, the more specific (longer) range decides.

use super::brand::Brand::{self, *};

/// The first digits `from` to `to` (both included, equally many digits) belong to `brand`.
struct IssuerRange {
    from: &'static str,
    to: &'static str,
    brand: Brand,
}

const fn range(from: &'static str, to: &'static str, brand: Brand) -> IssuerRange {
    IssuerRange { from, to, brand }
}

const fn prefix(digits: &'static str, brand: Brand) -> IssuerRange {
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
    // Issued by UnionPay, processed by Discover outside China.
    range("622126", "622925", Discover),
    prefix("62", UnionPay),
    range("8100", "8171", UnionPay),
    prefix("50", Maestro),
    range("56", "58", Maestro),
    prefix("6304", Maestro),
    prefix("639", Maestro),
    prefix("67", Maestro),
    range("2200", "2204", Mir),
    prefix("9792", Troy),
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
];

/// The brand of the longest range that `digits` begin in. A range counts only when all of its digits are known.
pub(super) fn brand_of(digits: &[u8]) -> Brand {
    RANGES
        .iter()
        .filter(|range| {
            // Equally many digits: comparing the text compares the numbers.
            digits
                .get(..range.from.len())
                .is_some_and(|first| (range.from.as_bytes()..=range.to.as_bytes()).contains(&first))
        })
        .max_by_key(|range| range.from.len())
        .map_or(Unknown, |range| range.brand)
}

#[cfg(test)]
mod tests {
    use super::RANGES;

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
}
