//! How the cards of each brand look: a table, and what is asked of it.

use std::{fmt, ops::RangeInclusive};

use super::{brand::CardBrand, number::LONGEST};

/// How the cards of a brand look. The lengths come from the lists that `ranges` names; each list has the same lengths
/// or some of them.
struct Profile {
    name: &'static str,
    /// The numbers of digits that a card of the brand can have, ascending.
    lengths: &'static [u8],
    /// The number of digits nearly all of its cards have.
    usual_length: u8,
    /// The digits before which the card shows a gap.
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

/// Without 13: no such cards are issued any more, and one number in ten would look complete three digits too early.
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
const UNION_PAY: Profile = profile("UnionPay", &[14, 15, 16, 17, 18, 19], "CVN");
const MAESTRO: Profile = profile("Maestro", &[12, 13, 14, 15, 16, 17, 18, 19], "CVC");
const MIR: Profile = profile("Mir", &[16, 17, 18, 19], "CVP");
const TROY: Profile = profile("Troy", &[16], "CVV");
const RU_PAY: Profile = profile("RuPay", &[16], "CVD");
const ELO: Profile = profile("Elo", &[16], "CVE");
const HIPERCARD: Profile = profile("Hipercard", &[16], "CVC");
const UZCARD: Profile = profile("Uzcard", &[16], "CVV");
const HUMO: Profile = profile("Humo", &[16], "CVV");
const BELKART: Profile = profile("Belkart", &[16], "CVC");
const NAPAS: Profile = profile("Napas", &[16, 19], "CVV");
const VERVE: Profile = profile("Verve", &[16, 18, 19], "CVV");
const DANKORT: Profile = profile("Dankort", &[16], "CVC");
/// The lists disagree on the number of digits of its code.
const UATP: Profile = Profile {
    usual_length: 15,
    gaps: &[4, 9],
    code_lengths: 3..=4,
    ..profile("UATP", &[15], "CVV")
};
const MEEZA: Profile = profile("Meeza", &[16], "CVV");
const UNKNOWN: Profile = Profile {
    code_lengths: 3..=4,
    ..profile("", &[9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19], "CVV")
};

impl CardBrand {
    /// The brand's own name, for people: `American Express`. Empty for [`CardBrand::Unknown`].
    pub const fn name(self) -> &'static str {
        self.profile().name
    }

    /// The numbers of digits that its cards can have, ascending.
    pub const fn lengths(self) -> &'static [u8] {
        self.profile().lengths
    }

    /// The number of digits of nearly all of its cards: 15 for American Express and UATP, 14 for Diners Club, otherwise
    /// 16.
    pub const fn usual_length(self) -> usize {
        self.profile().usual_length as usize
    }

    /// The most digits that its cards can have.
    pub(crate) fn longest(self) -> usize {
        self.lengths().last().map_or(LONGEST, |length| usize::from(*length))
    }

    /// The digits before which its cards show a gap: `[4, 10]` means `3782 822463 10005`.
    pub const fn gaps(self) -> &'static [usize] {
        self.profile().gaps
    }

    /// The number of digits of its security code: 4 for American Express, 3 or 4 for UATP and [`CardBrand::Unknown`],
    /// otherwise 3.
    pub const fn security_code_lengths(self) -> RangeInclusive<usize> {
        let lengths = &self.profile().code_lengths;
        *lengths.start()..=*lengths.end()
    }

    /// The brand's name for its security code: CVV, CVC, CID …
    pub const fn security_code_name(self) -> &'static str {
        self.profile().code_name
    }

    /// How its cards look.
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
            Self::Hipercard => &HIPERCARD,
            Self::Uzcard => &UZCARD,
            Self::Humo => &HUMO,
            Self::Belkart => &BELKART,
            Self::Napas => &NAPAS,
            Self::Verve => &VERVE,
            Self::Dankort => &DANKORT,
            Self::Uatp => &UATP,
            Self::Meeza => &MEEZA,
            Self::Unknown => &UNKNOWN,
        }
    }
}

impl fmt::Display for CardBrand {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
