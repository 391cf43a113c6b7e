//! A card's four fields, as a screen would hold them.

import Foundation
import SaleKit
import Testing
import UIKit

@testable import SaleKitUI

@MainActor struct Fields {
    let card: CardFormHolder
    let number: CardNumberField, expiry: ExpiryField, code: SecurityCodeField, holder: HolderField

    init(_ language: String = "en") throws {
        card = try CardFormHolder(locale: Locale(identifier: language))
        number = CardNumberField(card)
        expiry = ExpiryField(card)
        code = SecurityCodeField(card)
        holder = HolderField(card)
        UIAccessibility.announcements = []
    }

    var all: [CardTextField] { [number, expiry, code, holder] }

    /// Key by key, beginning in the number: focus moves on by itself.
    func typeAll(code: String = "123") {
        number.type("4111111111111111")
        keyboard?.type("1240")
        keyboard?.type(code)
        keyboard?.type("Ada Lovelace")
    }

    /// The field that the keyboard types into.
    var keyboard: UITextField? { UIResponder.first as? UITextField }

    /// Where the caret is, or the selection's ends.
    func caret(_ field: CardTextField) -> [Int] {
        guard let range = field.selectedTextRange else { return [] }
        return [range.start, range.end].map { field.offset(from: field.beginningOfDocument, to: $0) }
    }
}
