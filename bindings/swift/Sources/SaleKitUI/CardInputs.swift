//! The fields for SwiftUI: each with its label above, and with a sentence about what is wrong below.

#if canImport(UIKit) && canImport(SwiftUI)
    import SaleKit
    public import SwiftUI
    import UIKit

    /// All fields of a card. When one is complete, typing continues in the next. With large text each field has its own
    /// line. Use it as a row of a `Form`, or anywhere else. It does not use SwiftUI's `TextField`, which does not say
    /// which part of the text is replaced.
    public struct CardEntry: View {
        private let card: CardFormHolder
        private let onDone: @MainActor () -> Void
        @Environment(\.dynamicTypeSize) private var size

        /// - Parameters:
        ///   - card: The form.
        ///   - onDone: Called when the cardholder presses the keyboard's return key in the last field.
        public init(_ card: CardFormHolder, onDone: @escaping @MainActor () -> Void = {}) {
            self.card = card
            self.onDone = onDone
        }

        public var body: some View {
            VStack(alignment: .leading, spacing: 16) {
                CardNumberInput(card)
                if size.isAccessibilitySize {
                    ExpiryInput(card)
                    SecurityCodeInput(card)
                } else {
                    HStack(alignment: .top, spacing: 16) {
                        ExpiryInput(card)
                        SecurityCodeInput(card)
                    }
                }
                HolderInput(card, onDone: onDone)
            }
        }
    }

    /// A ``CardNumberField`` with its label and the sentence about what is wrong.
    public struct CardNumberInput: View {
        private let card: CardFormHolder
        public init(_ card: CardFormHolder) { self.card = card }
        public var body: some View { LabelledField(.number, card.locale) { CardNumberField(card) } }
    }

    /// An ``ExpiryField`` with its label and the sentence about what is wrong.
    public struct ExpiryInput: View {
        private let card: CardFormHolder
        public init(_ card: CardFormHolder) { self.card = card }
        public var body: some View { LabelledField(.expiry, card.locale) { ExpiryField(card) } }
    }

    /// A ``SecurityCodeField`` with its label and the sentence about what is wrong.
    public struct SecurityCodeInput: View {
        private let card: CardFormHolder
        public init(_ card: CardFormHolder) { self.card = card }
        public var body: some View { LabelledField(.securityCode, card.locale) { SecurityCodeField(card) } }
    }

    /// A ``HolderField`` with its label and the sentence about what is wrong, or one for each name that the form asks
    /// for.
    public struct HolderInput: View {
        private let card: CardFormHolder
        private let onDone: @MainActor () -> Void
        public init(_ card: CardFormHolder, onDone: @escaping @MainActor () -> Void = {}) {
            self.card = card
            self.onDone = onDone
        }

        public var body: some View {
            if card.form.fields.contains(.printedName) {
                name(.printedName)
            } else {
                VStack(alignment: .leading, spacing: 16) {
                    name(.firstName)
                    name(.lastName)
                }
            }
        }

        private func name(_ field: CardField) -> some View {
            LabelledField(field, card.locale) {
                let view = HolderField(card, field)
                view.onDone = onDone
                return view
            }
        }
    }

    /// The field for a stored card's security code.
    public struct StoredCardCodeInput: View {
        private let code: StoredCardCode
        private let onDone: @MainActor () -> Void
        public init(_ code: StoredCardCode, onDone: @escaping @MainActor () -> Void = {}) {
            self.code = code
            self.onDone = onDone
        }

        public var body: some View {
            LabelledField(.securityCode, code.locale) {
                let view = SecurityCodeField(code)
                view.onDone = onDone
                return view
            }
        }
    }

    private struct LabelledField: View {
        private let title: String
        private let make: @MainActor () -> CardTextField
        @State private var problem: String?

        init(_ field: CardField, _ locale: Locale, make: @escaping @MainActor () -> CardTextField) {
            title = field.displayMessage(in: locale)
            self.make = make
        }

        var body: some View {
            VStack(alignment: .leading, spacing: 4) {
                // VoiceOver gets both sentences from the field.
                Text(title).font(.footnote).foregroundStyle(.secondary).accessibilityHidden(true)
                FieldView(make: make, problem: $problem)
                if let problem { Text(problem).font(.footnote).foregroundStyle(.red).accessibilityHidden(true) }
            }
        }
    }

    private struct FieldView: UIViewRepresentable {
        let make: @MainActor () -> CardTextField
        let problem: Binding<String?>

        func makeUIView(context: Context) -> CardTextField {
            let view = make()
            view.setContentHuggingPriority(.required, for: .vertical)
            // A long text must not make the field wider than its place.
            view.setContentCompressionResistancePriority(.defaultLow, for: .horizontal)
            view.onProblem = { [problem] in problem.wrappedValue = $0.problem }
            return view
        }

        func updateUIView(_ view: CardTextField, context: Context) { view.isEnabled = context.environment.isEnabled }
    }
#endif
