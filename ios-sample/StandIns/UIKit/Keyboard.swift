//! What a payer does with a text field: for tests. The keyboard types into whichever field is first then.

extension UITextField {
    /// Taps the field and types, key by key: focus may move on between two keys.
    public func type(_ keys: String) {
        _ = becomeFirstResponder()
        for key in keys { (UIResponder.first as? UITextField)?.press(key) }
    }

    private func press(_ key: Character) { ask(selected, String(key)) }

    /// The key that deletes before the caret.
    public func pressBackspace() {
        _ = becomeFirstResponder()
        if let range = selected.isEmpty ? beforeCaret : selected { ask(range, "") }
    }

    /// The key of a hardware keyboard that deletes behind the caret.
    public func pressForwardDelete() {
        _ = becomeFirstResponder()
        if let range = selected.isEmpty ? afterCaret : selected { ask(range, "") }
    }

    /// The keyboard's return key.
    public func pressReturn() { _ = delegate?.textFieldShouldReturn(self) }

    /// Puts the caret, or a selection.
    public func select(_ range: Range<Int>) {
        guard let start = position(from: beginningOfDocument, offset: range.lowerBound),
            let end = position(from: beginningOfDocument, offset: range.upperBound)
        else { return }
        selectedTextRange = textRange(from: start, to: end)
    }

    public func selectAll() { select(0..<length) }

    /// The edit menu's "Paste", with `text` on the pasteboard.
    public func paste(text: String) {
        _ = becomeFirstResponder()
        UIPasteboard.general.string = text
        paste(nil)
        UIPasteboard.general.string = nil
    }

    /// What the system fills in takes the place of all that is there.
    public func autofill(_ text: String) { ask(0..<length, text) }

    /// Whether the edit menu shows an action, for example `copy:`.
    public func offers(_ action: String) -> Bool { canPerformAction(Selector(action), withSender: nil) }
}
