//! The card brands.
//!
//! Which brand a number belongs to is a table in `ranges`, how its cards look a table in `profiles`. Both are hints for a
//! person at a screen: no number is refused because its range is not in the table.

use serde::{Deserialize, Serialize};

use crate::json::stored_words;

/// The payment scheme of a card, by its issuer's range (IIN).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(feature = "exhaustive"), non_exhaustive)]
pub enum CardBrand {
    /// Visa.
    Visa,
    /// Mastercard.
    Mastercard,
    /// American Express.
    Amex,
    /// Discover.
    Discover,
    /// Diners Club International.
    Diners,
    /// JCB.
    Jcb,
    /// China UnionPay.
    #[serde(rename = "unionpay")]
    UnionPay,
    /// Maestro.
    Maestro,
    /// Mir.
    Mir,
    /// Troy.
    Troy,
    /// RuPay.
    #[serde(rename = "rupay")]
    RuPay,
    /// Elo.
    Elo,
    /// Hipercard.
    Hipercard,
    /// Uzcard.
    Uzcard,
    /// Humo.
    Humo,
    /// Belkart.
    Belkart,
    /// Napas.
    Napas,
    /// Verve.
    Verve,
    /// Dankort, without another brand on the card.
    Dankort,
    /// UATP (Universal Air Travel Plan).
    Uatp,
    /// Meeza.
    Meeza,
    /// A brand that this version does not know. A brand from a snapshot of a later version is also read as this. Not an
    /// error.
    #[serde(other)]
    Unknown,
}

stored_words!(CardBrand {
    Visa,
    Mastercard,
    Amex,
    Discover,
    Diners,
    Jcb,
    UnionPay,
    Maestro,
    Mir,
    Troy,
    RuPay,
    Elo,
    Hipercard,
    Uzcard,
    Humo,
    Belkart,
    Napas,
    Verve,
    Dankort,
    Uatp,
    Meeza,
    Unknown,
});

#[cfg(test)]
mod tests {
    use super::CardBrand;
    use crate::card::CardNumber;

    /// Test numbers that schemes and payment service providers publish. Their check digits were computed elsewhere.
    const PUBLISHED: &[(&str, CardBrand)] = &[
        ("4111111111111111", CardBrand::Visa),
        ("4012888888881881", CardBrand::Visa),
        ("4000056655665556", CardBrand::Visa),
        ("5555555555554444", CardBrand::Mastercard),
        ("5105105105105100", CardBrand::Mastercard),
        ("2223003122003222", CardBrand::Mastercard),
        ("2221000000000009", CardBrand::Mastercard),
        ("2720990000000007", CardBrand::Mastercard),
        ("378282246310005", CardBrand::Amex),
        ("371449635398431", CardBrand::Amex),
        ("341111111111111", CardBrand::Amex),
        ("6011111111111117", CardBrand::Discover),
        ("6011000990139424", CardBrand::Discover),
        ("6445644564456445", CardBrand::Discover),
        ("30569309025904", CardBrand::Diners),
        ("38520000023237", CardBrand::Diners),
        ("36227206271667", CardBrand::Diners),
        ("3056930009020004", CardBrand::Diners),
        ("3530111333300000", CardBrand::Jcb),
        ("3566002020360505", CardBrand::Jcb),
        ("6200000000000005", CardBrand::UnionPay),
        ("6205500000000000004", CardBrand::UnionPay),
        ("6243030000000001", CardBrand::UnionPay),
        ("8171999927660000", CardBrand::UnionPay),
        ("6759649826438453", CardBrand::Maestro),
        ("6304000000000000", CardBrand::Maestro),
        ("5018000000000009", CardBrand::Maestro),
        ("6771798021000008", CardBrand::Maestro),
        ("2200000000000004", CardBrand::Mir),
        ("9792000000000003", CardBrand::Troy),
        ("6527658900001005", CardBrand::RuPay),
        ("6362970000457013", CardBrand::Elo),
        ("4389350000000002", CardBrand::Elo),
        ("6062826786276634", CardBrand::Hipercard),
        ("5019717010103742", CardBrand::Dankort),
        ("9792030394440796", CardBrand::Troy),
    ];

    #[test]
    fn published_test_numbers_have_their_brand() {
        for (text, brand) in PUBLISHED {
            let number = CardNumber::parse(text).unwrap();
            assert_eq!(number.brand(), *brand, "{text}");
            assert!(brand.lengths().contains(&u8::try_from(text.len()).unwrap()), "{text}");
        }
    }

    #[test]
    fn a_length_that_is_no_longer_issued_is_no_error() {
        let number = CardNumber::parse("4222222222222").unwrap();
        assert_eq!(number.brand(), CardBrand::Visa);
        assert!(!CardBrand::Visa.lengths().contains(&13));
    }

    #[test]
    fn an_unknown_range_is_no_error() {
        let number = CardNumber::parse("9999999999999995").unwrap();
        assert_eq!(number.brand(), CardBrand::Unknown);
        assert_eq!(CardBrand::Unknown.security_code_lengths(), 3..=4);
    }

    #[test]
    fn long_and_short_numbers_are_cards_too() {
        for (payload, brand) in [
            ("620550000000000000", CardBrand::UnionPay),
            ("6205500000000", CardBrand::UnionPay),
            ("62055000000000", CardBrand::UnionPay),
            ("860012345678901", CardBrand::Uzcard),
            ("561412345678901", CardBrand::Uzcard),
            ("986012345678901", CardBrand::Humo),
            ("911212345678901", CardBrand::Belkart),
            ("970412345678901", CardBrand::Napas),
            ("970412345678901234", CardBrand::Napas),
            ("506099123456789012", CardBrand::Verve),
            ("50609912345678901", CardBrand::Verve),
            ("10012345678901", CardBrand::Uatp),
            ("507803123456789", CardBrand::Meeza),
            ("67590000000", CardBrand::Maestro),
            ("675900000000000000", CardBrand::Maestro),
            ("220012345678901234", CardBrand::Mir),
            ("411111111111111111", CardBrand::Visa),
        ] {
            let number = with_check_digit(payload);
            assert_eq!(CardNumber::parse(&number).unwrap().brand(), brand, "{number}");
            assert!(
                brand.lengths().contains(&u8::try_from(number.len()).unwrap()),
                "{number}"
            );
        }
    }

    #[test]
    fn codes_and_groups_follow_the_brand() {
        assert_eq!(
            (
                CardBrand::Amex.security_code_lengths(),
                CardBrand::Amex.security_code_name()
            ),
            (4..=4, "CID")
        );
        assert_eq!(
            (
                CardBrand::Visa.security_code_lengths(),
                CardBrand::Visa.security_code_name()
            ),
            (3..=3, "CVV")
        );
        assert_eq!(CardBrand::Mastercard.security_code_name(), "CVC");
        assert_eq!(CardBrand::UnionPay.security_code_name(), "CVN");
        assert_eq!(
            (CardBrand::Amex.gaps(), CardBrand::Diners.gaps()),
            ([4, 10].as_slice(), [4, 10].as_slice())
        );
        assert_eq!(
            (
                CardBrand::Amex.usual_length(),
                CardBrand::Diners.usual_length(),
                CardBrand::Visa.usual_length()
            ),
            (15, 14, 16)
        );
    }

    #[test]
    fn a_brand_of_a_later_version_is_read_as_unknown() {
        assert_eq!(serde_json::to_string(&CardBrand::UnionPay).unwrap(), r#""unionpay""#);
        assert_eq!(
            serde_json::from_str::<CardBrand>(r#""rupay""#).unwrap(),
            CardBrand::RuPay
        );
        assert_eq!(serde_json::to_string(&CardBrand::Uatp).unwrap(), r#""uatp""#);
        assert_eq!(
            serde_json::from_str::<CardBrand>(r#""next_big_scheme""#).unwrap(),
            CardBrand::Unknown
        );
    }

    fn with_check_digit(payload: &str) -> String {
        (0..10)
            .map(|digit| format!("{payload}{digit}"))
            .find(|text| CardNumber::parse(text).is_ok())
            .unwrap()
    }
}
