//! Which values of the generated Swift an app can encode: those that hold neither card data nor a token. `Codable` is written
//! into their declarations, because Swift makes the code for it only there.

use anyhow::ensure;

/// Values that an app keeps or hands on. What is not here cannot be encoded: the rest holds secrets, or is of a moment.
const KEPT: [&str; 20] = [
    "CardBrand",
    "CardExpiry",
    "CardSummary",
    "Charge",
    "DamagedSale",
    "Decline",
    "DeclineAdvice",
    "FailureKind",
    "MerchantServer",
    "Money",
    "NotCharged",
    "NotChargedReason",
    "Parties",
    "SaleLocation",
    "SaleReceipt",
    "StoredCard",
    "ThreeDSecureStatus",
    "UnknownAdvice",
    "UnknownOutcome",
    "UnknownReason",
];

/// The source with `Codable` where it belongs.
pub(crate) fn codable(source: &str) -> anyhow::Result<String> {
    let mut made = source.to_owned();
    for name in KEPT {
        let found: Vec<String> = ["struct", "enum"]
            .iter()
            .map(|kind| format!("public {kind} {name}: Equatable, Hashable"))
            .filter(|declaration| made.contains(&format!("{declaration} {{")))
            .collect();
        ensure!(found.len() == 1, "the generated Swift has no value {name}");
        for declaration in found {
            made = made.replace(&format!("{declaration} {{"), &format!("{declaration}, Codable {{"));
        }
    }
    Ok(made)
}
