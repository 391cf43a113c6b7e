//! A card form that fields share. A change in one field updates the others, and a field shows what is wrong once the
//! cardholder has left it.

#if canImport(UIKit)
    public import Foundation
    public import SaleKit

    /// A ``CardForm`` that the fields of this module show and edit. Make one for each checkout and keep it in the
    /// checkout's model; releasing it wipes the card. It offers no way to read the number either.
    @MainActor public final class CardFormHolder: CustomStringConvertible, CustomReflectable {
        /// The form itself, for `SaleClient.start(_:with:)`. Call ``refresh()`` after a sale has taken the card, and
        /// after an edit that does not come from a field.
        public let form: CardForm
        /// Called after each change that may affect ``isComplete``, ``hints`` or a field.
        public var onChange: (@MainActor () -> Void)?
        /// The language of labels and sentences. It also decides the letters of the expiry field's hint.
        public let locale: Locale

        let entries: [CardField: FormEntry]
        private let fields: [CardField]
        private var background: NotificationToken?

        /// A holder of an empty form. When the app leaves the foreground, a number that is being typed is hidden, so
        /// that it is not on the picture that iOS takes for the app switcher.
        ///
        /// - Throws: `SaleKitError.internal(detail:)` only.
        public convenience init(locale: Locale = .current) throws(SaleKitError) {
            try self.init(holder: .printedName, locale: locale)
        }

        /// A holder of an empty form that asks for these names.
        public init(holder: HolderFields, locale: Locale = .current) throws(SaleKitError) {
            let form = try CardForm(holder: holder)
            self.form = form
            self.locale = locale
            fields = form.fields
            var entries: [CardField: FormEntry] = [:]
            for field in fields { entries[field] = FormEntry(try form.state(of: field)) }
            self.entries = entries
            for entry in entries.values { entry.holder = self }
            background = NotificationToken.whenTheAppIsLeft { [weak self] in self?.conceal() }
        }

        /// Whether nothing is missing or wrong, so that a sale can be started.
        public var isComplete: Bool { form.missing.isEmpty }

        /// What the number typed so far says about the card; `nil` only if SaleKit itself has failed.
        public var hints: CardHints? { try? form.hints }

        /// The validity of `field`, without its text; `nil` if the form has no such field.
        public func validity(of field: CardField) -> Validity? { entries[field]?.state.validity }

        /// Shows what is missing or wrong in every field, also in those that the cardholder has not entered. Returns
        /// true if nothing is.
        @discardableResult public func check() -> Bool {
            for entry in entries.values { entry.isChecked = true }
            refresh()
            return isComplete
        }

        /// Reads the form again: after a sale has taken the card, or the app has edited the form itself.
        public func refresh() { refresh(but: nil) }

        /// The same as ``refresh()``, except for a field whose state is known: the form does not store carets.
        func refresh(but known: CardField?) {
            for (field, entry) in entries where field != known {
                if let state = try? form.state(of: field) { entry.state = state }
            }
            for entry in entries.values { entry.show() }
            onChange?()
        }

        /// Empties and wipes all fields, and forgets what was wrong with them.
        public func wipe() {
            form.wipe()
            for entry in entries.values {
                entry.wasLeft = false
                entry.isChecked = false
            }
            refresh()
        }

        /// Hides a number that is being typed, until the next keystroke.
        public func conceal() {
            form.conceal()
            refresh()
        }

        /// The next text field on the screen, in the form's order.
        func next(after field: CardField) -> CardTextField? {
            guard let place = fields.firstIndex(of: field) else { return nil }
            return fields[(place + 1)...].lazy.compactMap { self.entries[$0]?.fields.last }.first
        }

        /// A text without anything of the card.
        public nonisolated var description: String { "CardFormHolder(…)" }
        /// The same as `description`.
        public nonisolated var customMirror: Mirror { Mirror(self, children: [:]) }
    }

    /// One field of a form, its state and its history.
    @MainActor final class FormEntry: FieldSource {
        weak var holder: CardFormHolder?
        let fields = ShownFields()
        var state: FieldState
        var isFocused = false
        var wasLeft = false
        /// Whether the app has called `check`.
        var isChecked = false

        init(_ state: FieldState) { self.state = state }

        var brandName: String { holder?.hints?.brandName ?? "" }
        var longestCode: Int { Int(holder?.hints?.longestSecurityCode ?? 3) }
        var next: CardTextField? { holder?.next(after: state.field) }

        /// Only set while the field has no focus: an input that is still being typed is not wrong yet.
        var problem: String? {
            guard !isFocused else { return nil }
            let isDue =
                switch state.validity {
                case .empty: isChecked
                case .incomplete, .invalid: wasLeft || isChecked
                case .possible, .valid: false
                }
            return isDue ? state.validity.displayMessage(in: holder?.locale ?? .current) : nil
        }

        func edit(_ edit: FieldEdit) -> EditResult {
            guard let holder else { return .refused }
            let before = state.validity
            guard let next = try? edit.make(in: holder.form, state.field) else { return .refused }
            state = next
            // The brand, and with it the security code's length, may have changed.
            holder.refresh(but: next.field)
            let isCompleted = before != .valid && next.validity == .valid && Int(next.caret) == next.display.utf16.count
            return isCompleted ? .completed : .made
        }

        func focusChanged(_ isFocused: Bool) {
            guard let holder, self.isFocused != isFocused else { return }
            self.isFocused = isFocused
            if isFocused {
                _ = try? holder.form.focusGained(state.field)
            } else {
                wasLeft = true
                _ = try? holder.form.focusLost(state.field)
            }
            holder.refresh()
        }

        func show() { fields.show() }
    }
#endif
