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
            .navigationTitle(Words.checkout)
        }
        .task { await model.begin() }
    }
}

struct BasketSection: View {
    let order: Order

    var body: some View {
        Section {
            VStack(alignment: .leading, spacing: 4) {
                Text(order.title).foregroundStyle(.secondary)
                Text(Words.shown(order.amount)).font(.largeTitle).bold()
            }
        }
    }
}

struct CardSection: View {
    let model: CheckoutModel

    var body: some View {
        Section(Words.card) { CardEntry(model.card) { model.pay() } }
        PayButton(model: model) { model.pay() }
    }
}

/// The last row of both ways to pay.
struct PayButton: View {
    let model: CheckoutModel
    let pay: @MainActor () -> Void

    var body: some View {
        Section {
            Button(Words.pay(model.order.amount), action: pay).buttonStyle(.borderedProminent).disabled(!model.canPay)
        }
        if let refusal = model.refusal {
            Section { Text(refusal).foregroundStyle(.red) }
        }
    }
}
