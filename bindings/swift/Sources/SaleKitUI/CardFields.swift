//! The four fields of a card, and the field of a stored card.

#if canImport(UIKit)
    import Foundation
    public import SaleKit
    import UIKit

    /// The field for the card number, with the brand's mark. Its text cannot be read, copied or spoken; see
    /// ``CardTextField``.
    @MainActor public final class CardNumberField: CardTextField {
        private let mark = BrandMark()

        /// A field for the number of `card`.
        public init(_ card: CardFormHolder) {
            super.init(source: card.source(.number), kind: .number, locale: card.locale)
            keyboardType = .numberPad
            textContentType = .creditCardNumber
            rightView = mark
            rightViewMode = .always
        }

        override func adapt() {
            mark.brandName = source.brandName
            placeholder = source.state.brand == .amex ? "1234 123456 12345" : "1234 1234 1234 1234"
        }

        /// The brand, or bullets if there is text without a known brand. Never a digit.
        override var spoken: String {
            if !source.brandName.isEmpty { return source.brandName }
            return source.state.display.isEmpty ? "" : "••••"
        }
    }

    /// The field for the expiry: month and year. See ``CardTextField``.
    @MainActor public final class ExpiryField: CardTextField {
        /// A field for the expiry of `card`.
        public init(_ card: CardFormHolder) {
            super.init(source: card.source(.expiry), kind: .expiry, locale: card.locale)
            keyboardType = .numberPad
            if #available(iOS 17.0, *) { textContentType = .creditCardExpiration }
            placeholder = expiryHint(card.locale)
        }
    }

    /// The field for the security code, which is never shown. See ``CardTextField``.
    @MainActor public final class SecurityCodeField: CardTextField {
        /// A field for the security code of `card`.
        public init(_ card: CardFormHolder) {
            super.init(source: card.source(.securityCode), kind: .securityCode, locale: card.locale)
            configureCode()
        }

        /// A field for the code of a stored card.
        public init(_ code: StoredCardCode) {
            super.init(source: code, kind: .securityCode, locale: code.locale)
            configureCode()
            returnKeyType = .done
        }

        private func configureCode() {
            keyboardType = .numberPad
            if #available(iOS 17.0, *) { textContentType = .creditCardSecurityCode }
        }

        override func adapt() { placeholder = String("1234".prefix(source.longestCode)) }
    }

    /// The field for the cardholder's name as printed on the card, or for the first or last name if the form asks for
    /// those. See ``CardTextField``.
    @MainActor public final class HolderField: CardTextField {
        /// A field for the name on the card.
        public convenience init(_ card: CardFormHolder) { self.init(card, .printedName) }

        /// A field for a name of `card`: `.printedName`, or one field for `.firstName` and one for `.lastName`.
        public init(_ card: CardFormHolder, _ name: CardField) {
            super.init(source: card.source(name), kind: name, locale: card.locale)
            autocapitalizationType = .words
            returnKeyType = name == .firstName ? .next : .done
            if #available(iOS 17.0, *) {
                textContentType =
                    switch name {
                    case .firstName: .creditCardGivenName
                    case .lastName: .creditCardFamilyName
                    default: .creditCardName
                    }
            } else {
                textContentType =
                    switch name {
                    case .firstName: .givenName
                    case .lastName: .familyName
                    default: .name
                    }
            }
        }
    }

    extension CardFormHolder {
        /// The source of a field. A field that the form does not have is empty, and refuses every edit.
        func source(_ field: CardField) -> any FieldSource {
            entries[field] ?? FormEntry(FieldState(field: field, display: "", caret: 0, validity: .empty, brand: .unknown))
        }
    }

    /// How a month and a year are abbreviated on cards. SaleKit for Android uses the same letters.
    func expiryHint(_ locale: Locale) -> String {
        switch locale.identifier.prefix(while: { $0.isLetter }).lowercased() {
        case "de": "MM/JJ"
        case "es", "fr", "it", "pt": "MM/AA"
        case "pl": "MM/RR"
        case "ru": "ММ/ГГ"
        case "tr": "AA/YY"
        case "uk": "ММ/РР"
        default: "MM/YY"
        }
    }
#endif
