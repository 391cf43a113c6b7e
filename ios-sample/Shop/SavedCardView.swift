//! Paying with the card that the merchant keeps: its code only.

import SaleKit
import SaleKitUI
import SwiftUI

struct SavedCardSection: View {
    let model: CheckoutModel
    let card: StoredCard

    var body: some View {
        Section(Words.savedCard) {
            VStack(alignment: .leading, spacing: 4) {
                Text(model.savedCardName.map(Words.isolated) ?? card.bin.map { Words.savedCard($0) } ?? Words.card).font(.headline)
                Text(Words.codeOnly).font(.footnote).foregroundStyle(.secondary)
            }
            StoredCardCodeInput(model.code) { model.payWithSavedCard() }
        }
        PayButton(model: model, isEnabled: model.isCodeComplete) { model.payWithSavedCard() }
        Section { Button(Words.otherCard) { model.useAnotherCard() } }
    }
}
