//! A text field: its text, its selection, and the question to its delegate before each change.

@MainActor public class UITextPosition: NSObject {
    let offset: Int
    init(_ offset: Int) { self.offset = offset }
}

@MainActor public class UITextRange: NSObject {
    public let start: UITextPosition, end: UITextPosition
    public var isEmpty: Bool { start.offset == end.offset }
    init(_ start: Int, _ end: Int) { (self.start, self.end) = (UITextPosition(start), UITextPosition(end)) }
}

@MainActor public protocol UITextFieldDelegate: NSObjectProtocol {
    func textField(_ textField: UITextField, shouldChangeCharactersIn range: NSRange, replacementString string: String) -> Bool
    func textFieldDidBeginEditing(_ textField: UITextField)
    func textFieldDidEndEditing(_ textField: UITextField)
    func textFieldShouldReturn(_ textField: UITextField) -> Bool
    func textFieldShouldClear(_ textField: UITextField) -> Bool
}

@MainActor open class UITextField: UIControl {
    public enum ViewMode: Int, Sendable { case never, always }
    public enum BorderStyle: Int, Sendable { case none, roundedRect }
    public var borderStyle = BorderStyle.none
    open weak var delegate: (any UITextFieldDelegate)?
    public var placeholder: String?
    public var textColor: UIColor? = .label
    public var font: UIFont?
    public var adjustsFontForContentSizeCategory = false
    public var textAlignment = NSTextAlignment.natural
    public var rightView: UIView?
    public var rightViewMode = ViewMode.never
    public var textDragInteraction: TextDrag? = TextDrag()

    public var keyboardType = UIKeyboardType.default
    public var returnKeyType = UIReturnKeyType.default
    public var textContentType: UITextContentType?
    public var autocapitalizationType = UITextAutocapitalizationType.sentences
    public var autocorrectionType = UITextAutocorrectionType.default
    public var spellCheckingType = UITextSpellCheckingType.default
    public var smartQuotesType = UITextSmartQuotesType.default
    public var smartDashesType = UITextSmartDashesType.default
    public var smartInsertDeleteType = UITextSmartInsertDeleteType.default
    public var inlinePredictionType = UITextInlinePredictionType.default

    @MainActor public final class TextDrag { public var isEnabled = true }

    /// What is drawn, whatever a subclass lets others read.
    public private(set) var drawn = ""
    public private(set) var baseWritingDirection = NSWritingDirection.natural
    private var selection = 0..<0

    public override init(frame: CGRect) { super.init(frame: frame) }
    public required init?(coder: NSCoder) { super.init(coder: coder) }

    open var text: String? {
        get { drawn }
        set {
            drawn = newValue ?? ""
            selection = length..<length
        }
    }
    open var attributedText: NSAttributedString? {
        get { NSAttributedString(string: drawn) }
        set { drawn = newValue?.string ?? "" }
    }

    // MARK: UITextInput

    public var beginningOfDocument: UITextPosition { UITextPosition(0) }
    public var endOfDocument: UITextPosition { UITextPosition(length) }
    public func position(from: UITextPosition, offset: Int) -> UITextPosition? {
        (0...length).contains(from.offset + offset) ? UITextPosition(from.offset + offset) : nil
    }
    public func offset(from: UITextPosition, to: UITextPosition) -> Int { to.offset - from.offset }
    public func textRange(from: UITextPosition, to: UITextPosition) -> UITextRange? { UITextRange(from.offset, to.offset) }
    public var selectedTextRange: UITextRange? {
        get { UITextRange(selection.lowerBound, selection.upperBound) }
        set { selection = newValue.map { $0.start.offset..<$0.end.offset } ?? length..<length }
    }
    open func text(in range: UITextRange) -> String? {
        (drawn as NSString).substring(with: NSRange(location: range.start.offset, length: range.end.offset - range.start.offset))
    }
    public func setBaseWritingDirection(_ direction: NSWritingDirection, for range: UITextRange) { baseWritingDirection = direction }
    open func replace(_ range: UITextRange, withText text: String) { put(range.start.offset..<range.end.offset, text) }
    open func insertText(_ text: String) { put(selection, text) }
    open func deleteBackward() {
        if !selection.isEmpty { put(selection, "") } else if let before = beforeCaret { put(before, "") }
    }
    open func setMarkedText(_ markedText: String?, selectedRange: NSRange) { put(selection, markedText ?? "") }
    open func unmarkText() {}

    // MARK: What the system does for the payer

    open override func becomeFirstResponder() -> Bool {
        guard isEnabled, !isFirstResponder else { return isFirstResponder }
        _ = super.becomeFirstResponder()
        delegate?.textFieldDidBeginEditing(self)
        return true
    }

    open override func resignFirstResponder() -> Bool {
        guard isFirstResponder else { return true }
        _ = super.resignFirstResponder()
        delegate?.textFieldDidEndEditing(self)
        return true
    }

    open override func paste(_ sender: Any?) { if let text = UIPasteboard.general.string { ask(selection, text) } }
    open override func copy(_ sender: Any?) { UIPasteboard.general.string = selectedTextRange.flatMap(text(in:)) }
    open override func cut(_ sender: Any?) {
        copy(sender)
        ask(selection, "")
    }

    /// Asks the delegate for a change, as the keyboard and the edit menu do, and makes it if that is allowed.
    func ask(_ range: Range<Int>, _ text: String) {
        let place = NSRange(location: range.lowerBound, length: range.count)
        if delegate?.textField(self, shouldChangeCharactersIn: place, replacementString: text) ?? true { put(range, text) }
    }

    var length: Int { drawn.utf16.count }
    var beforeCaret: Range<Int>? { selection.lowerBound > 0 ? selection.lowerBound - 1..<selection.lowerBound : nil }
    var afterCaret: Range<Int>? { selection.upperBound < length ? selection.upperBound..<selection.upperBound + 1 : nil }
    var selected: Range<Int> { selection }

    private func put(_ range: Range<Int>, _ text: String) {
        drawn = (drawn as NSString).replacingCharacters(in: NSRange(location: range.lowerBound, length: range.count), with: text)
        let caret = range.lowerBound + text.utf16.count
        selection = caret..<caret
    }
}
