// Declarations only, for type-checking on Linux: never shipped, and no proof of behaviour on a device.
// Responders, views and text fields, as far as the card fields use them.
import Foundation

// Objective-C's and Foundation's, which Linux lacks.
public struct Selector: Hashable, Sendable { public init(_ name: String) {} }
open class UndoStack: NSObject {}
public typealias UndoManager = UndoStack

public enum UIEditingInteractionConfiguration: Int, Sendable { case none, `default` }

@MainActor open class UIResponder: NSObject {
    public override nonisolated init() { super.init() }
    open var isFirstResponder: Bool { fatalError() }
    open var undoManager: UndoManager? { fatalError() }
    open var editingInteractionConfiguration: UIEditingInteractionConfiguration { fatalError() }
    @discardableResult open func becomeFirstResponder() -> Bool { fatalError() }
    @discardableResult open func resignFirstResponder() -> Bool { fatalError() }
    open func canPerformAction(_ action: Selector, withSender sender: Any?) -> Bool { fatalError() }
    open func copy(_ sender: Any?) {}
    open func cut(_ sender: Any?) {}
}

public struct UIColor: Equatable, Sendable {
    public static var label: UIColor { fatalError() }
    public static var systemRed: UIColor { fatalError() }
    public static var tertiarySystemFill: UIColor { fatalError() }
}

public struct UIFont: Equatable, Sendable {
    public struct TextStyle: Sendable { public static var body: TextStyle { fatalError() } }
    public static func preferredFont(forTextStyle style: TextStyle) -> UIFont { fatalError() }
    public static func boldSystemFont(ofSize size: CGFloat) -> UIFont { fatalError() }
}

public struct UILayoutPriority: Hashable, Sendable {
    public static var required: UILayoutPriority { fatalError() }
    public static var defaultLow: UILayoutPriority { fatalError() }
}

@MainActor open class NSLayoutConstraint: NSObject {
    public enum Axis: Int, Sendable { case horizontal, vertical }
}

public enum UISemanticContentAttribute: Int, Sendable { case unspecified, forceLeftToRight }
public enum UITraitEnvironmentLayoutDirection: Int, Sendable { case unspecified, leftToRight, rightToLeft }
@MainActor open class UITraitCollection: NSObject {
    open var layoutDirection: UITraitEnvironmentLayoutDirection { fatalError() }
}

@MainActor open class CALayer: NSObject {
    open var cornerRadius: CGFloat = 0
    open var masksToBounds = false
}

@MainActor open class UIView: UIResponder {
    public init(frame: CGRect) { super.init() }
    public required init?(coder: NSCoder) { fatalError() }
    open var isHidden = false
    open var isUserInteractionEnabled = true
    open var backgroundColor: UIColor?
    open var semanticContentAttribute = UISemanticContentAttribute.unspecified
    open var layer: CALayer { fatalError() }
    open var traitCollection: UITraitCollection { fatalError() }
    open var accessibilityIdentifier: String?
    open var accessibilityLabel: String?
    open var accessibilityValue: String?
    open var accessibilityHint: String?
    open var isAccessibilityElement = false
    open func layoutSubviews() {}
    open func setContentHuggingPriority(_ priority: UILayoutPriority, for axis: NSLayoutConstraint.Axis) {}
    open func setContentCompressionResistancePriority(_ priority: UILayoutPriority, for axis: NSLayoutConstraint.Axis) {}
}

public enum UIAccessibility {
    public struct Notification: Hashable, Sendable { public static var announcement: Notification { fatalError() } }
    public static func post(notification: Notification, argument: Any?) {}
}

public enum NSTextAlignment: Int, Sendable { case left, center, right, justified, natural }
public enum NSWritingDirection: Int, Sendable { case natural = -1, leftToRight, rightToLeft }

@MainActor open class UILabel: UIView {
    public override init(frame: CGRect) { super.init(frame: frame) }
    public required init?(coder: NSCoder) { fatalError() }
    open var text: String?
    open var font: UIFont!
    open var textColor: UIColor!
    open var textAlignment = NSTextAlignment.natural
}

@MainActor open class UIControl: UIView {
    public struct Event: OptionSet, Sendable {
        public let rawValue: UInt
        public init(rawValue: UInt) { self.rawValue = rawValue }
        public static var editingChanged: Event { fatalError() }
    }
    open var isEnabled = true
    open func sendActions(for events: Event) {}
}

@MainActor open class UITextPosition: NSObject {}
@MainActor open class UITextRange: NSObject {
    open var isEmpty: Bool { fatalError() }
    open var start: UITextPosition { fatalError() }
    open var end: UITextPosition { fatalError() }
}

public enum UIKeyboardType: Int, Sendable { case `default`, numberPad }
public enum UIReturnKeyType: Int, Sendable { case `default`, next, done }
public enum UITextAutocapitalizationType: Int, Sendable { case none, words, sentences, allCharacters }
public enum UITextAutocorrectionType: Int, Sendable { case `default`, no, yes }
public enum UITextSpellCheckingType: Int, Sendable { case `default`, no, yes }
public enum UITextSmartQuotesType: Int, Sendable { case `default`, no, yes }
public enum UITextSmartDashesType: Int, Sendable { case `default`, no, yes }
public enum UITextSmartInsertDeleteType: Int, Sendable { case `default`, no, yes }
public enum UITextInlinePredictionType: Int, Sendable { case `default`, no, yes }

public struct UITextContentType: Hashable, Sendable {
    public static var name: UITextContentType { fatalError() }
    public static var givenName: UITextContentType { fatalError() }
    public static var familyName: UITextContentType { fatalError() }
    public static var creditCardNumber: UITextContentType { fatalError() }
    // From iOS 17 on.
    public static var creditCardExpiration: UITextContentType { fatalError() }
    public static var creditCardSecurityCode: UITextContentType { fatalError() }
    public static var creditCardName: UITextContentType { fatalError() }
    public static var creditCardGivenName: UITextContentType { fatalError() }
    public static var creditCardFamilyName: UITextContentType { fatalError() }
}

// All of it optional, as it is Objective-C's.
@MainActor public protocol UITextFieldDelegate: NSObjectProtocol {
    func textFieldDidBeginEditing(_ textField: UITextField)
    func textFieldDidEndEditing(_ textField: UITextField)
    func textField(_ textField: UITextField, shouldChangeCharactersIn range: NSRange, replacementString string: String) -> Bool
    func textFieldShouldClear(_ textField: UITextField) -> Bool
    func textFieldShouldReturn(_ textField: UITextField) -> Bool
}

@MainActor public protocol UIInteraction: NSObjectProtocol {}
@MainActor open class UIDragInteraction: NSObject, UIInteraction { open var isEnabled = true }

@MainActor open class UITextField: UIControl {
    public enum BorderStyle: Int, Sendable { case none, line, bezel, roundedRect }
    public enum ViewMode: Int, Sendable { case never, whileEditing, unlessEditing, always }
    public override init(frame: CGRect) { super.init(frame: frame) }
    public required init?(coder: NSCoder) { fatalError() }
    open weak var delegate: (any UITextFieldDelegate)?
    open var text: String?
    open var attributedText: NSAttributedString?
    open var placeholder: String?
    open var textColor: UIColor?
    open var font: UIFont?
    open var textAlignment = NSTextAlignment.natural
    open var borderStyle = BorderStyle.none
    open var adjustsFontForContentSizeCategory = false
    open var rightView: UIView?
    open var rightViewMode = ViewMode.never
    open var textDragInteraction: UIDragInteraction? { fatalError() }
    open var keyboardType = UIKeyboardType.default
    open var returnKeyType = UIReturnKeyType.default
    open var textContentType: UITextContentType!
    open var autocapitalizationType = UITextAutocapitalizationType.sentences
    open var autocorrectionType = UITextAutocorrectionType.default
    open var spellCheckingType = UITextSpellCheckingType.default
    open var smartQuotesType = UITextSmartQuotesType.default
    open var smartDashesType = UITextSmartDashesType.default
    open var smartInsertDeleteType = UITextSmartInsertDeleteType.default
    open var inlinePredictionType = UITextInlinePredictionType.default

    open var beginningOfDocument: UITextPosition { fatalError() }
    open var endOfDocument: UITextPosition { fatalError() }
    open var selectedTextRange: UITextRange?
    open func position(from position: UITextPosition, offset: Int) -> UITextPosition? { fatalError() }
    open func offset(from: UITextPosition, to toPosition: UITextPosition) -> Int { fatalError() }
    open func textRange(from fromPosition: UITextPosition, to toPosition: UITextPosition) -> UITextRange? { fatalError() }
    open func text(in range: UITextRange) -> String? { fatalError() }
    open func replace(_ range: UITextRange, withText text: String) {}
    open func insertText(_ text: String) {}
    open func deleteBackward() {}
    open func setMarkedText(_ markedText: String?, selectedRange: NSRange) {}
    open func unmarkText() {}
    open func setBaseWritingDirection(_ writingDirection: NSWritingDirection, for range: UITextRange) {}
}
