//! A sale that runs, and those that earlier runs of the app left.

import SaleKit
import SwiftUI

struct PayingSection: View {
    let model: CheckoutModel
    let state: SaleState

    var body: some View {
        Section {
            HStack(spacing: 12) {
                ProgressView()
                Text(Words.progress(state))
            }
            if case .challenge = state { Button(Words.showPage) { model.showBankPage() } }
        }
    }
}

struct LeftOverSection: View {
    let model: CheckoutModel

    private var canAsk: Bool {
        model.leftOvers.contains { $0.problem != nil || $0.state?.outcome?.charge == .unknown }
    }

    private var isPaid: Bool { model.isOrderTaken && model.leftOvers.contains { $0.state?.outcome?.charge == .charged } }

    var body: some View {
        Section(Words.earlier) {
            ForEach(model.leftOvers) { left in
                VStack(alignment: .leading, spacing: 4) {
                    Text(Words.shown(left.amount)).font(.headline)
                    LeftOverText(left: left)
                }
                if case .challenge = left.state { Button(Words.showPage) { model.showBankPage() } }
            }
            if canAsk { Button(Words.checkAgain) { Task { await model.checkLeftOvers() } } }
            if isPaid { OrderAgainButton(model: model) }
        }
    }
}

private struct LeftOverText: View {
    let left: LeftOverSale

    var body: some View {
        if let problem = left.problem {
            Text(problem).foregroundStyle(.orange)
        } else if let outcome = left.state?.outcome {
            Text(outcome.displayMessage).foregroundStyle(outcome.color)
        } else {
            HStack(spacing: 8) {
                ProgressView()
                Text(left.state.map(Words.progress) ?? Words.asking).foregroundStyle(.secondary)
            }
        }
    }
}

struct OrderAgainButton: View {
    let model: CheckoutModel

    var body: some View {
        Button(Words.orderAgain) {
            if let next = try? Order.lunch() { model.orderAgain(next) }
        }
    }
}
