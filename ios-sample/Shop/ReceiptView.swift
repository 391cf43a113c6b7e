//! How a sale ended. Only what is proven not to be charged can be paid again.

import SaleKit
import SwiftUI

struct OutcomeSection: View {
    let model: CheckoutModel
    let outcome: SaleOutcome

    var body: some View {
        Section {
            HStack(alignment: .center, spacing: 12) {
                Image(systemName: outcome.symbol).foregroundStyle(outcome.color).accessibilityHidden(true)
                Text(outcome.headline).font(.title2).bold()
            }
            Text(outcome.displayMessage)
            if case .unknown(let end) = outcome { UnknownRows(model: model, end: end) }
        }
        switch outcome {
        case .approved(let receipt): ReceiptSection(model: model, receipt: receipt)
        case .declined, .notCharged: Section { Button(Words.payAgain) { model.payAgain() } }
        case .unknown: EmptyView()
        }
    }
}

/// No way to pay again here: the payer may have been charged.
private struct UnknownRows: View {
    let model: CheckoutModel
    let end: UnknownOutcome

    var body: some View {
        Text(end.reason.displayMessage).foregroundStyle(.secondary)
        Text(Words.shopKnows).foregroundStyle(.secondary)
        if let refusal = model.refusal { Text(refusal).foregroundStyle(.orange) }
        if end.advice == .resumeOrAskMerchant { Button(Words.checkAgain) { model.checkAgain() } }
    }
}

private struct ReceiptSection: View {
    let model: CheckoutModel
    let receipt: SaleReceipt

    var body: some View {
        Section(Words.receipt) {
            Row(name: Words.amount, value: Words.shown(receipt.amountToShow))
            if receipt.amountDiffers { Row(name: Words.ordered, value: Words.shown(receipt.requestedAmount)) }
            if let card = receipt.card { Row(name: Words.card, value: "\u{2066}\(card.display)\u{2069}") }
            Row(name: Words.order, value: model.order.id)
            Row(name: Words.reference, value: receipt.invoiceId)
            if model.savedCard != nil { Text(Words.cardIsSaved).font(.footnote).foregroundStyle(.secondary) }
        }
        Section { OrderAgainButton(model: model) }
    }
}

private struct Row: View {
    let name: String
    let value: String

    var body: some View {
        VStack(alignment: .leading, spacing: 2) {
            Text(name).font(.footnote).foregroundStyle(.secondary)
            Text(value)
        }
    }
}

extension SaleOutcome {
    var headline: String {
        switch self {
        case .approved(let receipt): Words.paid(receipt.amountToShow)
        case .declined: Words.declined
        case .notCharged: Words.notCharged
        case .unknown: Words.findingOut
        }
    }

    var symbol: String {
        switch self {
        case .approved: "checkmark.circle.fill"
        case .declined, .notCharged: "xmark.circle.fill"
        case .unknown: "questionmark.circle.fill"
        }
    }

    var color: Color {
        switch self {
        case .approved: .green
        case .declined, .notCharged: .red
        case .unknown: .orange
        }
    }
}
