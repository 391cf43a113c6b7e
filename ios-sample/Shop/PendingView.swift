//! A sale that runs, and those that were left.

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
            ChallengeRows(state: state) { model.showBankPage() }
            if case .recovering = state { Text(Words.doNotPayAgain).foregroundStyle(.secondary) }
        }
        Section { Button(Words.stop) { model.stop() } }
    }
}

/// A way back to the bank's page.
private struct ChallengeRows: View {
    let state: SaleState?
    let showPage: @MainActor () -> Void

    var body: some View {
        if case .challenge(_, let isOpen) = state {
            Text(isOpen ? Words.pageIsOpen : Words.pageIsClosed).foregroundStyle(.secondary)
            Button(Words.openPage, action: showPage)
        }
    }
}

struct LeftOverSection: View {
    let model: CheckoutModel

    private var canAsk: Bool {
        model.leftOvers.contains { $0.problem != nil || $0.state?.outcome?.charge == .unknown }
    }

    var body: some View {
        Section(Words.earlier) {
            ForEach(model.leftOvers) { left in
                VStack(alignment: .leading, spacing: 4) {
                    Text(Words.shown(left.amount)).font(.headline)
                    LeftOverText(left: left)
                }
                ChallengeRows(state: left.state) { model.showBankPage(of: left) }
            }
            if canAsk { Button(Words.checkAgain) { Task { await model.checkLeftOvers() } } }
            if model.isAnotherOrderOffered { OrderAgainButton(model: model) }
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
                Text(left.state.map(Words.progress) ?? Words.processing).foregroundStyle(.secondary)
            }
        }
    }
}

struct OrderAgainButton: View {
    let model: CheckoutModel

    var body: some View {
        Button(Words.nextOrder) {
            if let next = try? Order.lunch() { model.orderAgain(next) }
        }
    }
}
