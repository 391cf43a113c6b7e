//! Responders and views, as far as a text field and a label need them.

public enum UIEditingInteractionConfiguration: Int, Sendable { case none, `default` }

@MainActor open class UIResponder: NSObject {
    /// The one that the keyboard types into.
    public internal(set) static weak var first: UIResponder?

    public override nonisolated init() { super.init() }

    public var isFirstResponder: Bool { UIResponder.first === self }
    open var undoManager: UndoManager? { UndoManager() }
    open var editingInteractionConfiguration: UIEditingInteractionConfiguration { .default }

    @discardableResult open func becomeFirstResponder() -> Bool {
        if let first = UIResponder.first, first !== self { _ = first.resignFirstResponder() }
        UIResponder.first = self
        return true
    }

    @discardableResult open func resignFirstResponder() -> Bool {
        if isFirstResponder { UIResponder.first = nil }
        return true
    }

    open func canPerformAction(_ action: Selector, withSender sender: Any?) -> Bool { true }
    open func copy(_ sender: Any?) {}
    open func cut(_ sender: Any?) {}
    open func paste(_ sender: Any?) {}
}

@MainActor open class UIView: UIResponder {
    /// The direction in which the page is laid out; for tests.
    public static var pageDirection = UITraitEnvironmentLayoutDirection.leftToRight

    public var frame: CGRect
    public var isHidden = false
    public var isUserInteractionEnabled = true
    public var backgroundColor: UIColor?
    public var semanticContentAttribute = UISemanticContentAttribute.unspecified
    public var accessibilityIdentifier: String?
    public var accessibilityLabel: String?
    public var accessibilityValue: String?
    public var accessibilityHint: String?
    public var isAccessibilityElement = false
    public let layer = CALayer()

    public init(frame: CGRect) {
        self.frame = frame
        super.init()
    }

    /// From a storyboard, of which there are none here.
    public required init?(coder: NSCoder) { return nil }

    open func layoutSubviews() {}
    public func setContentHuggingPriority(_ priority: UILayoutPriority, for axis: NSLayoutConstraint.Axis) {}
    public func setContentCompressionResistancePriority(_ priority: UILayoutPriority, for axis: NSLayoutConstraint.Axis) {}
    public var traitCollection: UITraitCollection { UITraitCollection(layoutDirection: UIView.pageDirection) }
}

@MainActor public final class CALayer {
    public var cornerRadius = 0.0
    public var masksToBounds = false
}

@MainActor open class UILabel: UIView {
    public var text: String?
    public var font: UIFont?
    public var textColor: UIColor?
    public var textAlignment = NSTextAlignment.natural
}

@MainActor open class UIControl: UIView {
    public struct Event: OptionSet, Sendable {
        public let rawValue: UInt
        public init(rawValue: UInt) { self.rawValue = rawValue }
        public static let editingChanged = Event(rawValue: 1 << 17)
    }
    public var isEnabled = true
    /// How often the control has told its targets of an event; for tests.
    public private(set) var sent: [UInt: Int] = [:]
    public func sendActions(for events: Event) { sent[events.rawValue, default: 0] += 1 }
}
