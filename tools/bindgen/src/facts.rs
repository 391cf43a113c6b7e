//! What the core decides and both languages must know without the native library: whether an outcome means that money
//! moved, and how many decimals a currency has. Written from the core, so that it is decided once.

use std::{collections::BTreeMap, fmt::Write as _};

use salekit_core::{
    Charge, Currency, Decline, DeclineAdvice, InputError, Money, NotCharged, NotChargedReason, SaleOutcome,
    SaleReceipt, UnknownAdvice, UnknownOutcome, UnknownReason,
};

const HEADER: &str = "// Written by scripts/generate-bindings from the core. Change that, not this file.\n";

/// One of each outcome.
fn outcomes() -> Result<[SaleOutcome; 4], InputError> {
    let receipt = SaleReceipt {
        invoice_id: String::new(),
        order_id: None,
        bank_order_id: None,
        requested_amount: Money::from_minor_units(1, "EUR")?,
        amount: None,
        commission_minor_units: None,
        order_created: None,
        transaction_created: None,
        three_d_secure: None,
        card: None,
    };
    let decline = Decline {
        invoice_id: String::new(),
        order_id: None,
        bank_order_id: None,
        error_code: None,
        gateway_message: None,
        three_d_secure: None,
        advice: DeclineAdvice::ContactBank,
    };
    let not_charged = NotCharged {
        reason: NotChargedReason::Cancelled,
        detail: String::new(),
        failure: None,
        support_reference: None,
        invoice_id: None,
    };
    let unknown = UnknownOutcome {
        reason: UnknownReason::StillProcessing,
        advice: UnknownAdvice::AskMerchant,
        invoice_id: String::new(),
        order_id: None,
        detail: String::new(),
    };
    Ok([
        SaleOutcome::Approved(Box::new(receipt)),
        SaleOutcome::Declined(Box::new(decline)),
        SaleOutcome::NotCharged(Box::new(not_charged)),
        SaleOutcome::Unknown(Box::new(unknown)),
    ])
}

/// The outcomes by their words in camel case, and what they say of the money.
fn charges() -> Result<Vec<(&'static str, Charge)>, InputError> {
    let name = |outcome: &SaleOutcome| match outcome {
        SaleOutcome::Approved(_) => "approved",
        SaleOutcome::Declined(_) => "declined",
        SaleOutcome::NotCharged(_) => "notCharged",
        SaleOutcome::Unknown(_) => "unknown",
    };
    let outcomes = outcomes()?;
    Ok(outcomes
        .iter()
        .map(|outcome| (name(outcome), outcome.charge()))
        .collect())
}

/// The codes of all currencies, withdrawn ones included, by the number of their decimals.
fn currencies() -> BTreeMap<u32, Vec<&'static str>> {
    let letters = || 'A'..='Z';
    let mut currencies: BTreeMap<u32, Vec<_>> = BTreeMap::new();
    for code in letters().flat_map(|one| letters().flat_map(move |two| letters().map(move |three| [one, two, three]))) {
        if let Ok(currency) = Currency::known(&String::from_iter(code)) {
            currencies.entry(currency.exponent()).or_default().push(currency.code());
        }
    }
    currencies
}

/// The Kotlin source.
pub(crate) fn kotlin() -> anyhow::Result<String> {
    let mut made = format!("{HEADER}\npackage dev.salekit\n\n/** What an outcome says of the money. */\n");
    made.push_str("internal object OutcomeCharges {\n");
    for (outcome, charge) in charges()? {
        let charge = match charge {
            Charge::Charged => "CHARGED",
            Charge::NotCharged => "NOT_CHARGED",
            Charge::Unknown => "UNKNOWN",
        };
        writeln!(made, "    internal val {outcome}: Charge get() = Charge.{charge}")?;
    }
    made.push_str("}\n\n/** How many decimals a currency has; `null` for what is none. */\n");
    made.push_str("@JvmSynthetic\ninternal fun exponentOf(currency: String): Int? = when (currency) {\n");
    for (exponent, codes) in currencies() {
        for line in codes.chunks(12) {
            let codes: Vec<_> = line.iter().map(|code| format!("\"{code}\"")).collect();
            writeln!(made, "    {} -> {exponent}", codes.join(", "))?;
        }
    }
    made.push_str("    else -> null\n}\n");
    Ok(made)
}

/// The Swift source. The number of decimals is asked of the library there, which is always linked.
pub(crate) fn swift() -> anyhow::Result<String> {
    let mut made = format!("{HEADER}\n/// What an outcome says of the money.\nenum OutcomeCharges {{\n");
    for (outcome, charge) in charges()? {
        let charge = match charge {
            Charge::Charged => "charged",
            Charge::NotCharged => "notCharged",
            Charge::Unknown => "unknown",
        };
        writeln!(made, "    static var {outcome}: Charge {{ .{charge} }}")?;
    }
    made.push_str("}\n");
    Ok(made)
}

#[cfg(test)]
mod tests {
    use super::{kotlin, swift};

    #[test]
    fn each_language_has_what_the_core_decides() {
        let (kotlin, swift) = (kotlin().unwrap(), swift().unwrap());
        assert!(
            kotlin.contains("val notCharged: Charge get() = Charge.NOT_CHARGED\n"),
            "{kotlin}"
        );
        assert!(kotlin.contains("\"JPY\"") && kotlin.contains("\"BYR\""), "{kotlin}");
        assert!(!kotlin.contains("\"XAU\""), "gold has no minor units");
        assert!(swift.contains("static var approved: Charge { .charged }\n"), "{swift}");
    }
}
