//! The checkout: a basket, and below it whatever the sale has come to.

import SaleKit
import SaleKitUI
public import SwiftUI

/// The sample's one screen: shows what ``CheckoutModel`` says.
public struct CheckoutView: View {
    let model: CheckoutModel

    public init(model: CheckoutModel) { self.model = model }

    public var body: some View {
        NavigationStack {
            Form {
                BasketSection(order: model.order)
                if !model.leftOvers.isEmpty { LeftOverSection(model: model) }
                switch model.screen {
                case .card: if !model.isOrderTaken { CardSection(model: model) }
                case .savedCard(let card): if !model.isOrderTaken { SavedCardSection(model: model, card: card) }
                case .paying(let state): PayingSection(model: model, state: state)
                case .ended(let outcome): OutcomeSection(model: model, outcome: outcome)
                }
            }
            .navigationTitle(Words.shop)
        }
        .task { await model.begin() }
    }
}

struct BasketSection: View {
    let order: Order

    var body: some View {
        Section(Words.order(order.id)) {
            ForEach(order.lines) { line in AmountRow(name: line.name, amount: line.price) }
            AmountRow(name: Words.total, amount: order.total).font(.title2).bold()
        }
    }
}

private struct AmountRow: View {
    let name: String
    let amount: Money

    var body: some View {
        HStack(alignment: .firstTextBaseline, spacing: 12) {
            Text(name)
            Spacer()
            Text(Words.shown(amount)).fixedSize()
        }
    }
}

struct CardSection: View {
    let model: CheckoutModel

    var body: some View {
        Section(Words.card) { CardEntry(model.card) { model.pay() } }
        // Never disabled: it tells what is missing.
        PayButton(model: model, isEnabled: true) { model.pay() }
    }
}

/// The last row of both ways to pay.
struct PayButton: View {
    let model: CheckoutModel
    let isEnabled: Bool
    let pay: @MainActor () -> Void

    var body: some View {
        Section {
            Button(Words.pay(model.order.total), action: pay).buttonStyle(.borderedProminent).disabled(!isEnabled)
        }
        if let refusal = model.refusal {
            Section { Text(refusal).foregroundStyle(.red) }
        }
    }
}
