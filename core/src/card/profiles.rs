//! How the cards of each brand look: only a table.

use std::ops::RangeInclusive;

use super::brand::CardBrand;

/// How the cards of a brand look. The lengths come from the lists that `ranges` names; each list has the same lengths
/// or some of them.
pub(super) struct Profile {
    pub(super) name: &'static str,
    /// The numbers of digits that a card of the brand can have, ascending.
    pub(super) lengths: &'static [u8],
    /// The number of digits nearly all of its cards have.
    pub(super) usual_length: u8,
    /// The digits before which the card shows a gap.
    pub(super) gaps: &'static [usize],
    pub(super) code_lengths: RangeInclusive<usize>,
    pub(super) code_name: &'static str,
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

/// How the cards of `brand` look.
pub(super) const fn of(brand: CardBrand) -> &'static Profile {
    match brand {
        CardBrand::Visa => &VISA,
        CardBrand::Mastercard => &MASTERCARD,
        CardBrand::Amex => &AMEX,
        CardBrand::Discover => &DISCOVER,
        CardBrand::Diners => &DINERS,
        CardBrand::Jcb => &JCB,
        CardBrand::UnionPay => &UNION_PAY,
        CardBrand::Maestro => &MAESTRO,
        CardBrand::Mir => &MIR,
        CardBrand::Troy => &TROY,
        CardBrand::RuPay => &RU_PAY,
        CardBrand::Elo => &ELO,
        CardBrand::Hipercard => &HIPERCARD,
        CardBrand::Uzcard => &UZCARD,
        CardBrand::Humo => &HUMO,
        CardBrand::Belkart => &BELKART,
        CardBrand::Napas => &NAPAS,
        CardBrand::Verve => &VERVE,
        CardBrand::Dankort => &DANKORT,
        CardBrand::Uatp => &UATP,
        CardBrand::Meeza => &MEEZA,
        CardBrand::Unknown => &UNKNOWN,
    }
}
