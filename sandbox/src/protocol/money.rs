//! Amounts for people and for callbacks: minor units to a decimal text, exactly.

/// Digits after the point in a currency (ISO 4217). The protocol speaks of hundredths only; for the rest its
/// `amountCentis` is read as minor units.
fn minor_digits(currency: &str) -> usize {
    match currency {
        "BIF" | "BYR" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI"
        | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        "CLF" | "UYW" => 4,
        _ => 2,
    }
}

/// `1050` of `EUR` as `10.50`.
pub(crate) fn major(amount_minor: u64, currency: &str) -> String {
    let digits = minor_digits(currency);
    if digits == 0 {
        return amount_minor.to_string();
    }
    let padded = format!("{amount_minor:0>width$}", width = digits + 1);
    let (whole, part) = padded.split_at(padded.len() - digits);
    format!("{whole}.{part}")
}

#[cfg(test)]
mod tests {
    use super::{major, minor_digits};

    /// Two tables, written apart, that have to say the same: what the cardholder reads is what the app asked for.
    #[test]
    fn the_apps_table_says_the_same_of_every_currency() {
        let letters = || 'A'..='Z';
        let codes = letters().flat_map(|a| letters().flat_map(move |b| letters().map(move |c| format!("{a}{b}{c}"))));
        let mut known = 0;
        for code in codes {
            if let Ok(currency) = salekit_core::Currency::from_code(&code) {
                known += 1;
                assert_eq!(minor_digits(&code), currency.exponent() as usize, "{code}");
            }
        }
        assert!(known > 150, "{known}");
    }

    #[test]
    fn minor_units_become_exact_decimals() {
        for (amount, currency, text) in [
            (1050, "EUR", "10.50"),
            (5, "EUR", "0.05"),
            (99, "USD", "0.99"),
            (1050, "JPY", "1050"),
            (1050, "KWD", "1.050"),
            (12_345, "CLF", "1.2345"),
            (u64::MAX, "EUR", "184467440737095516.15"),
        ] {
            assert_eq!(major(amount, currency), text);
        }
    }
}
