//! What the four fields have in common: a text field that shows the text of its source, and passes every change to the
//! source.

#if canImport(UIKit)
    import Foundation
    import SaleKit
    public import UIKit

    /// A `UITextField` for card data. Use its subclasses.
    ///
    /// The form owns the text. Every change, by keyboard, pasting or autofill, goes to the form first, and a change
    /// that the form refuses has no effect. ``text``, `attributedText` and UIKit's text input return the number with
    /// its digits hidden, also while the cardholder sees them. The number and the code cannot be copied, cut, dragged
    /// or spoken, and undo is turned off because it would bypass the form. The field has its own delegate: `delegate`
    /// cannot be set. Changes are sent as `.editingChanged`.
    ///
    /// This module cannot prevent one thing: a third-party keyboard sees what is typed on it. To refuse such keyboards,
    /// an app implements `application(_:shouldAllowExtensionPointIdentifier:)`.
    @MainActor public class CardTextField: UITextField {
        /// The label's text.
        public let title: String
        /// What is wrong, as a sentence for the payer; `nil` while nothing is wrong, or while it is too early to say
        /// so.
        public private(set) var problem: String?
        /// Called when ``problem`` changes.
        public var onProblem: (@MainActor (CardTextField) -> Void)?
        /// Called when the cardholder presses the keyboard's return key and there is no next field.
        public var onDone: (@MainActor () -> Void)?

        let source: any FieldSource
        let kind: CardField
        private let edits = FieldDelegate()
        /// The range of the shown text that an input method is composing.
        private var composed: Range<Int>?
        /// Counts the edits that the source was asked to make. It shows whether UIKit's change has already come through
        /// the delegate.
        private var asked = 0

        init(source: any FieldSource, kind: CardField, locale: Locale) {
            self.source = source
            self.kind = kind
            title = kind.displayMessage(in: locale)
            super.init(frame: .zero)
            edits.owner = self
            super.delegate = edits
            configure()
            source.fields.add(self)
            show()
        }

        @available(*, unavailable) public required init?(coder: NSCoder) { return nil }

        private func configure() {
            font = .preferredFont(forTextStyle: .body)
            adjustsFontForContentSizeCategory = true
            borderStyle = .roundedRect
            autocorrectionType = .no
            spellCheckingType = .no
            smartQuotesType = .no
            smartDashesType = .no
            smartInsertDeleteType = .no
            if #available(iOS 17.0, *) { inlinePredictionType = .no }
            returnKeyType = .next
            accessibilityLabel = title
            accessibilityIdentifier = kind.code
            // On an iPad, text could otherwise be dragged into another app.
            if isSecret { textDragInteraction?.isEnabled = false }
            if !isName { semanticContentAttribute = .forceLeftToRight }
        }

        var isName: Bool { kind == .printedName || kind == .firstName || kind == .lastName }
        var isSecret: Bool { kind == .number || kind == .securityCode }

        // MARK: What is shown

        /// Shows the source's text, which another field or the app may have changed.
        func show() {
            let state = source.state
            if super.text != state.display {
                super.text = state.display
                putCaret()
            }
            // Bullets have no writing direction: on a right-to-left page their order would be reversed.
            if !isName, let all = textRange(from: beginningOfDocument, to: endOfDocument) {
                setBaseWritingDirection(.leftToRight, for: all)
            }
            accessibilityValue = spoken
            let before = problem
            problem = source.problem
            accessibilityHint = problem
            textColor = problem == nil ? .label : .systemRed
            adapt()
            if problem != before { onProblem?(self) }
        }

        private func putCaret() {
            if let caret = position(from: beginningOfDocument, offset: Int(source.state.caret)) {
                selectedTextRange = textRange(from: caret, to: caret)
            }
        }

        /// Updates what a subclass shows in addition.
        func adapt() {}

        /// What VoiceOver reads as the field's content.
        var spoken: String { source.state.display }

        public override func layoutSubviews() {
            super.layoutSubviews()
            guard !isName else { return }
            let side: NSTextAlignment = traitCollection.layoutDirection == .rightToLeft ? .right : .left
            if textAlignment != side { textAlignment = side }
        }

        // MARK: What can be read

        private func muted(_ text: String) -> String {
            kind == .number ? String(text.map { $0.isNumber ? "•" : $0 }) : text
        }

        /// The text shown, with the number's digits hidden. Setting it counts as pasting.
        public override var text: String? {
            get { muted(super.text ?? "") }
            set { fill(newValue ?? "") }
        }

        /// The same as ``text``.
        public override var attributedText: NSAttributedString? {
            get { NSAttributedString(string: text ?? "") }
            set { fill(newValue?.string ?? "") }
        }

        /// A part of ``text``.
        public override func text(in range: UITextRange) -> String? { super.text(in: range).map(muted) }

        // MARK: Changes

        /// The field's own delegate. Setting it changes nothing.
        public override var delegate: (any UITextFieldDelegate)? {
            get { super.delegate }
            set {}
        }

        private var length: Int { super.text?.utf16.count ?? 0 }

        private func offsets(_ range: UITextRange) -> Range<Int> {
            let start = offset(from: beginningOfDocument, to: range.start)
            return start..<max(start, offset(from: beginningOfDocument, to: range.end))
        }

        private var selection: Range<Int> { selectedTextRange.map(offsets) ?? length..<length }

        private func fill(_ text: String) { change(text.isEmpty ? .delete(0..<length) : .replace(0..<length, text)) }

        func change(_ range: Range<Int>, _ text: String) {
            // Both delete keys report the same range. The caret shows which one was pressed.
            let isForward = selection.isEmpty && selection.lowerBound == range.lowerBound
            change(!text.isEmpty ? .replace(range, text) : isForward ? .deleteForward(range) : .delete(range))
        }

        private func change(_ edit: FieldEdit) {
            asked += 1
            let result = source.edit(edit)
            show()
            guard result != .refused else { return }
            putCaret()
            sendActions(for: .editingChanged)
            if result == .completed, isFirstResponder { goOn() }
        }

        /// Runs a change that UIKit may make without asking the delegate.
        private func taking(_ range: Range<Int>, _ text: String, _ make: () -> Void) {
            let before = asked
            make()
            guard asked == before, super.text != source.state.display else { return }
            show()
            change(range, text)
        }

        public override func insertText(_ text: String) {
            let range = composed ?? selection
            composed = nil
            taking(range, text) { super.insertText(text) }
        }

        public override func deleteBackward() {
            let caret = selection
            let range = caret.isEmpty ? max(0, caret.lowerBound - 1)..<caret.lowerBound : caret
            taking(range, "") { super.deleteBackward() }
        }

        public override func replace(_ range: UITextRange, withText text: String) {
            taking(offsets(range), text) { super.replace(range, withText: text) }
        }

        /// Text that is being composed goes to the form at once, and each new composition replaces the last one.
        public override func setMarkedText(_ markedText: String?, selectedRange: NSRange) {
            let range = composed ?? selection, text = markedText ?? "", before = length - range.count
            if range.isEmpty, text.isEmpty { return }
            change(text.isEmpty ? .delete(range) : .replace(range, text))
            composed = range.lowerBound..<range.lowerBound + max(0, length - before)
        }

        public override func unmarkText() { composed = nil }

        // MARK: What is not offered

        public override var undoManager: UndoManager? { nil }
        public override var editingInteractionConfiguration: UIEditingInteractionConfiguration { .none }

        public override func canPerformAction(_ action: Selector, withSender sender: Any?) -> Bool {
            guard isSecret else { return super.canPerformAction(action, withSender: sender) }
            return Self.allowed.contains(action) && super.canPerformAction(action, withSender: sender)
        }

        /// All actions except those that take the text elsewhere. The last one inserts text from the camera.
        private static let allowed: Set<Selector> = [
            Selector(("paste:")), Selector(("delete:")), Selector(("select:")), Selector(("selectAll:")),
            Selector(("captureTextFromCamera:")),
        ]

        public override func copy(_ sender: Any?) { if !isSecret { super.copy(sender) } }
        public override func cut(_ sender: Any?) { if !isSecret { super.cut(sender) } }

        // MARK: Focus

        fileprivate func focusChanged(_ isFocused: Bool) {
            composed = nil
            source.focusChanged(isFocused)
            show()
            // The cardholder has moved on by now, and does not see the sentence.
            if !isFocused, let problem { UIAccessibility.post(notification: .announcement, argument: "\(title): \(problem)") }
        }

        func goOn() {
            if let next = source.next { _ = next.becomeFirstResponder() }
        }

        fileprivate func pressedReturn() {
            if source.next != nil { return goOn() }
            _ = resignFirstResponder()
            onDone?()
        }
    }

    /// A separate delegate for a field. A field cannot be its own delegate, because UIKit asks both for the same
    /// things.
    @MainActor private final class FieldDelegate: NSObject, UITextFieldDelegate {
        weak var owner: CardTextField?

        func textField(_ textField: UITextField, shouldChangeCharactersIn range: NSRange, replacementString string: String) -> Bool {
            owner?.change(range.location..<range.location + range.length, string)
            return false
        }

        func textFieldDidBeginEditing(_ textField: UITextField) { owner?.focusChanged(true) }
        func textFieldDidEndEditing(_ textField: UITextField) { owner?.focusChanged(false) }

        func textFieldShouldReturn(_ textField: UITextField) -> Bool {
            owner?.pressedReturn()
            return false
        }

        func textFieldShouldClear(_ textField: UITextField) -> Bool {
            owner?.text = ""
            return false
        }
    }
#endif
