//! Sentences for payers, by key: the app's own, else SaleKit's in the language asked for, else the English ones. They
//! take no values, so that nothing secret can get into one.

public import Foundation

/// Something that has a stable code and a sentence for the payer. The sentences are in English, French, Georgian, German,
/// Italian, Kazakh, Polish, Portuguese, Russian, Spanish, Turkish and Ukrainian, and are those of SaleKit for Android; an app
/// gives its own with ``SaleKitLibrary/messageProvider``.
public protocol Displayable {
    /// A stable word, the same in every language and version, for example `try_another_card`.
    var code: String { get }

    /// A sentence for the payer, in the language of `locale` as far as SaleKit speaks it, else in English.
    func displayMessage(in locale: Locale) -> String
}

extension Displayable {
    /// A sentence for the payer, in the language that the app runs in, as far as SaleKit speaks it, else in English.
    public var displayMessage: String { displayMessage(in: .current) }
}

/// Gives sentences of the app's own in the place of SaleKit's: another language, or another tone. Is given a key, for
/// example `advice.try_another_card` (a group, and the ``Displayable/code``; those of `bindings/messages/en.json`) and the
/// locale; answers `nil` for SaleKit's own. May be called on any thread.
public typealias MessageProvider = @Sendable (_ key: String, _ locale: Locale) -> String?

extension SaleKitLibrary {
    /// Gives sentences for payers in the place of SaleKit's own; `nil` for none, which is the default.
    public static var messageProvider: MessageProvider? {
        get { Provided.shared.provider }
        set { Provided.shared.provider = newValue }
    }
}

/// The app's provider, which any thread may set and ask for.
private final class Provided: @unchecked Sendable {
    static let shared = Provided()
    private let lock = NSLock()
    private var value: MessageProvider?

    var provider: MessageProvider? {
        get { lock.withLock { value } }
        set { lock.withLock { value = newValue } }
    }
}

enum Messages {
    /// What is spoken where SaleKit does not speak the language that was asked for.
    private static let fallback = "en"

    /// The sentence for `key`, or the key itself where there is none: to say something never fails.
    static func of(_ key: String, in locale: Locale) -> String { find(key, locale) ?? key }

    /// What is wrong with an input, also by a rule that has no sentence.
    static func of(rule: String, in locale: Locale) -> String {
        find("rule.\(rule)", locale) ?? of("error.invalid_input", in: locale)
    }

    private static func find(_ key: String, _ locale: Locale) -> String? {
        SaleKitLibrary.messageProvider?(key, locale) ?? sentence(language(locale), key) ?? sentence(fallback, key)
    }

    /// The language's code of ISO 639, which a locale's identifier begins with; what else tells it is not in iOS 15.
    private static func language(_ locale: Locale) -> String { locale.identifier.prefix { $0.isLetter }.lowercased() }
}
