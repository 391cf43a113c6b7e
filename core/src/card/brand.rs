//! Brands of cards: whose range a number belongs to, and what its cards look like.
//!
//! The ranges themselves are a table in `ranges`. They are hints for a person at a screen: nothing is refused because
//! a range is not in them.

use std::fmt;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

use super::ranges;

/// The payment scheme a card belongs to, by its issuer's range (IIN).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Brand {
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
    /// None that this version knows (also read so from a snapshot of a later version). Not an error.
    #[serde(other)]
    Unknown,
}

/// What the cards of a brand look like.
struct Profile {
    name: &'static str,
    /// Numbers of digits a card of the brand can have, ascending.
    lengths: &'static [u8],
    /// The number of digits nearly all of its cards have.
    usual_length: u8,
    /// Before which digits the card leaves a gap.
    gaps: &'static [usize],
    code_lengths: RangeInclusive<usize>,
    code_name: &'static str,
}

const fn profile(name: &'static str, lengths: &'static [u8], code_name: &'static str) -> Profile {
    Profile {
        name,
        lengths,
        usual_length: 16,
        gaps: &[4, 8, 12, 16],
        code_lengths: 3..=3,
        code_name,
    }
}

/// Without 13: none are issued any more, and one number in ten would look complete three digits before its end.
const VISA: Profile = profile("Visa", &[16, 18, 19], "CVV");
const MASTERCARD: Profile = profile("Mastercard", &[16], "CVC");
const AMEX: Profile = Profile {
    usual_length: 15,
    gaps: &[4, 10],
    code_lengths: 4..=4,
    ..profile("American Express", &[15], "CID")
};
const DISCOVER: Profile = profile("Discover", &[16, 17, 18, 19], "CID");
const DINERS: Profile = Profile {
    usual_length: 14,
    gaps: &[4, 10],
    ..profile("Diners Club", &[14, 15, 16, 17, 18, 19], "CVV")
};
const JCB: Profile = profile("JCB", &[16, 17, 18, 19], "CVV");
const UNION_PAY: Profile = profile("UnionPay", &[16, 17, 18, 19], "CVN");
const MAESTRO: Profile = profile("Maestro", &[12, 13, 14, 15, 16, 17, 18, 19], "CVC");
const MIR: Profile = profile("Mir", &[16, 17, 18, 19], "CVP");
const TROY: Profile = profile("Troy", &[16], "CVV");
const RU_PAY: Profile = profile("RuPay", &[16], "CVD");
const ELO: Profile = profile("Elo", &[16], "CVE");
const UNKNOWN: Profile = Profile {
    code_lengths: 3..=4,
    ..profile("", &[9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19], "CVV")
};

impl Brand {
    /// The brand of a number of which `digits` are known: all of them, or the first few while it is typed.
    pub fn of(digits: &[u8]) -> Self {
        ranges::brand_of(digits)
    }

    /// The brand's own name, for people: `American Express`. Empty for [`Brand::Unknown`].
    pub const fn name(self) -> &'static str {
        self.profile().name
    }

    /// How many digits its cards can have, ascending.
    pub const fn lengths(self) -> &'static [u8] {
        self.profile().lengths
    }

    /// How many digits nearly all of its cards have: 15 for American Express, 14 for Diners Club, else 16.
    pub const fn usual_length(self) -> usize {
        self.profile().usual_length as usize
    }

    /// The most digits its cards can have.
    pub(crate) fn longest(self) -> usize {
        self.lengths()
            .last()
            .map_or(super::number::LONGEST, |length| usize::from(*length))
    }

    /// Before which digits its cards leave a gap: `[4, 10]` means `3782 822463 10005`.
    pub const fn gaps(self) -> &'static [usize] {
        self.profile().gaps
    }

    /// How many digits its security code has: 4 for American Express, 3 or 4 for [`Brand::Unknown`], else 3.
    pub const fn security_code_lengths(self) -> RangeInclusive<usize> {
        let lengths = &self.profile().code_lengths;
        *lengths.start()..=*lengths.end()
    }

    /// What the brand calls its security code: CVV, CVC, CID …
    pub const fn security_code_name(self) -> &'static str {
        self.profile().code_name
    }

    const fn profile(self) -> &'static Profile {
        match self {
            Self::Visa => &VISA,
            Self::Mastercard => &MASTERCARD,
            Self::Amex => &AMEX,
            Self::Discover => &DISCOVER,
            Self::Diners => &DINERS,
            Self::Jcb => &JCB,
            Self::UnionPay => &UNION_PAY,
            Self::Maestro => &MAESTRO,
            Self::Mir => &MIR,
            Self::Troy => &TROY,
            Self::RuPay => &RU_PAY,
            Self::Elo => &ELO,
            Self::Unknown => &UNKNOWN,
        }
    }
}

impl fmt::Display for Brand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::Brand;
    use crate::CardNumber;

    /// Numbers that schemes and payment service providers publish for tests, their check digits computed elsewhere.
    const PUBLISHED: &[(&str, Brand)] = &[
        ("4111111111111111", Brand::Visa),
        ("4012888888881881", Brand::Visa),
        ("4000056655665556", Brand::Visa),
        ("5555555555554444", Brand::Mastercard),
        ("5105105105105100", Brand::Mastercard),
        ("2223003122003222", Brand::Mastercard),
        ("2221000000000009", Brand::Mastercard),
        ("2720990000000007", Brand::Mastercard),
        ("378282246310005", Brand::Amex),
        ("371449635398431", Brand::Amex),
        ("341111111111111", Brand::Amex),
        ("6011111111111117", Brand::Discover),
        ("6011000990139424", Brand::Discover),
        ("6445644564456445", Brand::Discover),
        ("30569309025904", Brand::Diners),
        ("38520000023237", Brand::Diners),
        ("36227206271667", Brand::Diners),
        ("3056930009020004", Brand::Diners),
        ("3530111333300000", Brand::Jcb),
        ("3566002020360505", Brand::Jcb),
        ("6200000000000005", Brand::UnionPay),
        ("6205500000000000004", Brand::UnionPay),
        ("6243030000000001", Brand::UnionPay),
        ("8171999927660000", Brand::UnionPay),
        ("6759649826438453", Brand::Maestro),
        ("6304000000000000", Brand::Maestro),
        ("5018000000000009", Brand::Maestro),
        ("6771798021000008", Brand::Maestro),
        ("2200000000000004", Brand::Mir),
        ("9792000000000003", Brand::Troy),
        ("6527658900001005", Brand::RuPay),
        ("6362970000457013", Brand::Elo),
        ("4389350000000002", Brand::Elo),
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
    fn ranges_begin_and_end_where_they_should() {
        use Brand::{Diners, Discover, Elo, Jcb, Maestro, Mastercard, Mir, RuPay, Troy, UnionPay, Unknown, Visa};
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
            ("622126", Discover),
            ("622925", Discover),
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
            ("9792", Troy),
            ("9793", Unknown),
            ("", Unknown),
            ("3", Unknown),
            ("6", Unknown),
            ("2", Unknown),
            ("0", Unknown),
            ("4", Visa),
        ] {
            assert_eq!(Brand::of(prefix.as_bytes()), brand, "{prefix}");
            if prefix.len() >= 6 {
                assert_eq!(
                    Brand::of(format!("{prefix}0000000000").as_bytes()),
                    brand,
                    "{prefix} and more"
                );
            }
        }
    }

    #[test]
    fn a_length_that_is_no_longer_issued_is_no_error() {
        let number = CardNumber::parse("4222222222222").unwrap();
        assert_eq!(number.brand(), Brand::Visa);
        assert!(!Brand::Visa.lengths().contains(&13));
    }

    #[test]
    fn an_unknown_range_is_no_error() {
        let number = CardNumber::parse("9999999999999995").unwrap();
        assert_eq!(number.brand(), Brand::Unknown);
        assert_eq!(Brand::Unknown.security_code_lengths(), 3..=4);
    }

    #[test]
    fn long_and_short_numbers_are_cards_too() {
        for (payload, brand) in [
            ("620550000000000000", Brand::UnionPay),
            ("67590000000", Brand::Maestro),
            ("675900000000000000", Brand::Maestro),
            ("220012345678901234", Brand::Mir),
            ("411111111111111111", Brand::Visa),
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
            (Brand::Amex.security_code_lengths(), Brand::Amex.security_code_name()),
            (4..=4, "CID")
        );
        assert_eq!(
            (Brand::Visa.security_code_lengths(), Brand::Visa.security_code_name()),
            (3..=3, "CVV")
        );
        assert_eq!(Brand::Mastercard.security_code_name(), "CVC");
        assert_eq!(Brand::UnionPay.security_code_name(), "CVN");
        assert_eq!(
            (Brand::Amex.gaps(), Brand::Diners.gaps()),
            ([4, 10].as_slice(), [4, 10].as_slice())
        );
        assert_eq!(
            (
                Brand::Amex.usual_length(),
                Brand::Diners.usual_length(),
                Brand::Visa.usual_length()
            ),
            (15, 14, 16)
        );
    }

    #[test]
    fn a_brand_of_a_later_version_is_read_as_unknown() {
        assert_eq!(serde_json::to_string(&Brand::UnionPay).unwrap(), r#""unionpay""#);
        assert_eq!(serde_json::from_str::<Brand>(r#""rupay""#).unwrap(), Brand::RuPay);
        assert_eq!(
            serde_json::from_str::<Brand>(r#""next_big_scheme""#).unwrap(),
            Brand::Unknown
        );
    }

    fn with_check_digit(payload: &str) -> String {
        (0..10)
            .map(|digit| format!("{payload}{digit}"))
            .find(|text| CardNumber::parse(text).is_ok())
            .unwrap()
    }
}
