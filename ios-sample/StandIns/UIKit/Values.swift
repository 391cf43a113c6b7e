//! Colours, fonts, traits of text input: values that the sample and SaleKit's fields give to UIKit, remembered and shown.
//! Only what they use; no proof of behaviour on a device.

@_exported import Foundation

public struct UIColor: Equatable, Sendable {
    /// The name of the colour in the page's style sheet.
    public let name: String
    public static let label = UIColor(name: "label"), secondaryLabel = UIColor(name: "secondaryLabel")
    public static let systemRed = UIColor(name: "systemRed"), tertiarySystemFill = UIColor(name: "tertiarySystemFill")
}

public struct UIFont: Equatable, Sendable {
    public enum TextStyle: Sendable { case body, caption1 }
    public let style: TextStyle?, size: Double
    public static func preferredFont(forTextStyle style: TextStyle) -> UIFont { UIFont(style: style, size: 0) }
    public static func boldSystemFont(ofSize size: CGFloat) -> UIFont { UIFont(style: nil, size: Double(size)) }
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

public struct UITextContentType: RawRepresentable, Hashable, Sendable {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }
    public static let name = UITextContentType(rawValue: "name")
    public static let givenName = UITextContentType(rawValue: "given-name")
    public static let familyName = UITextContentType(rawValue: "family-name")
    public static let creditCardNumber = UITextContentType(rawValue: "cc-number")
    public static let creditCardExpiration = UITextContentType(rawValue: "cc-exp")
    public static let creditCardSecurityCode = UITextContentType(rawValue: "cc-csc")
    public static let creditCardName = UITextContentType(rawValue: "cc-name")
    public static let creditCardGivenName = UITextContentType(rawValue: "cc-given-name")
    public static let creditCardFamilyName = UITextContentType(rawValue: "cc-family-name")
}

public enum UISemanticContentAttribute: Int, Sendable { case unspecified, forceLeftToRight }
public enum NSTextAlignment: Int, Sendable { case left, center, right, natural }
public enum NSWritingDirection: Int, Sendable { case natural = -1, leftToRight, rightToLeft }
public enum UITraitEnvironmentLayoutDirection: Int, Sendable { case leftToRight, rightToLeft }

public struct UILayoutPriority: Hashable, Sendable {
    public let rawValue: Float
    public static let required = UILayoutPriority(rawValue: 1000), defaultLow = UILayoutPriority(rawValue: 250)
}
public enum NSLayoutConstraint { public enum Axis: Int, Sendable { case horizontal, vertical } }

public struct UITraitCollection: Sendable {
    public var layoutDirection: UITraitEnvironmentLayoutDirection
}

/// Objective-C's, which Swift on Linux lacks.
public struct Selector: Hashable, Sendable {
    public let name: String
    public init(_ name: String) { self.name = name }
}
open class UndoStack: NSObject {}
public typealias UndoManager = UndoStack

public enum UIAccessibility {
    public struct Notification: Hashable, Sendable {
        let name: String
        public static let announcement = Notification(name: "announcement")
    }
    /// What VoiceOver was asked to say.
    @MainActor public static var announcements: [String] = []
    @MainActor public static func post(notification: Notification, argument: Any?) {
        if let text = argument as? String { announcements.append(text) }
    }
}

@MainActor public final class UIPasteboard {
    public static let general = UIPasteboard()
    public var string: String?
}

@MainActor public enum UIApplication {
    public nonisolated static let willResignActiveNotification = NSNotification.Name("UIApplicationWillResignActiveNotification")
}
