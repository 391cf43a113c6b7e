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
            if case .approved(let receipt) = outcome { PaidRows(receipt: receipt) }
            Text(outcome.displayMessage)
            if case .unknown(let end) = outcome { UnknownRows(model: model, end: end) }
        }
        switch outcome {
        case .approved(let receipt): ReceiptSection(model: model, receipt: receipt)
        case .declined, .notCharged: Section { Button(Words.payAgain) { model.payAgain() } }
        case .unknown: Section { OrderAgainButton(model: model) }
        }
    }
}

private struct PaidRows: View {
    let receipt: SaleReceipt

    var body: some View {
        Text(Words.shown(receipt.amountToShow)).font(.largeTitle).bold()
        if receipt.amountDiffers { Text(Words.ordered(receipt.requestedAmount)) }
    }
}

/// No way to pay again here: the payer may have been charged.
private struct UnknownRows: View {
    let model: CheckoutModel
    let end: UnknownOutcome

    var body: some View {
        Text(end.reason.displayMessage).foregroundStyle(.secondary)
        Text(Words.unknownNote).foregroundStyle(.secondary)
        if let refusal = model.refusal { Text(refusal).foregroundStyle(.orange) }
        if end.advice == .resumeOrAskMerchant { Button(Words.checkAgain) { model.checkAgain() } }
    }
}

private struct ReceiptSection: View {
    let model: CheckoutModel
    let receipt: SaleReceipt

    var body: some View {
        Section {
            if let card = receipt.card { Row(name: Words.card, value: card.display) }
            if let number = receipt.orderId { Row(name: Words.receipt, value: number) }
            Row(name: Words.invoice, value: receipt.invoiceId)
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
            Text(Words.isolated(value))
        }
    }
}

extension SaleOutcome {
    var headline: String {
        switch self {
        case .approved(let receipt): receipt.amountDiffers ? Words.approvedPart : Words.approved
        case .declined: Words.declined
        case .notCharged: Words.notCharged
        case .unknown: Words.unknown
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
