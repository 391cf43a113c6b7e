//! Cases as the words of the scenarios: `tryAnotherCard` is `try_another_card`.

import SaleKit

/// The word of an enum's case, without what it holds.
func word<Case>(_ value: Case) -> String {
    let name = "\(value)".prefix { $0 != "(" }
    return name.map { $0.isUppercase ? "_\($0.lowercased())" : "\($0)" }.joined()
}

/// What `outcome` says, in the words of the scenarios.
func facts(_ outcome: SaleOutcome) -> [String: JSONValue] {
    let more: [String: JSONValue] =
        switch outcome {
        case .approved(let receipt):
            [
                "amount": .text("\(receipt.amountToShow)"),
                "three_d_secure": receipt.threeDSecure.map { .text(word($0).uppercased()) } ?? .null,
            ]
        case .declined(let decline):
            ["error_code": decline.errorCode.map { .number(Int($0)) } ?? .null, "advice": .text(word(decline.advice))]
        case .notCharged(let end): ["reason": .text(word(end.reason))]
        case .unknown(let end): ["reason": .text(word(end.reason)), "advice": .text(word(end.advice))]
        }
    return more.merging(["outcome": .text(word(outcome)), "charge": .text(word(outcome.charge))]) { own, _ in own }
}
