//! Sentences for payers, by key. The app's own sentence comes first, then SaleKit's in the requested language, then
//! SaleKit's in English. Sentences take no values, so they cannot contain a secret.

public import Foundation

/// Something that has a stable code and a sentence for the payer. SaleKit has sentences in English, French, Georgian,
/// German, Italian, Kazakh, Polish, Portuguese, Russian, Spanish, Turkish and Ukrainian, the same as SaleKit for
/// Android. To use other sentences, set ``SaleKitLibrary/messageProvider``.
public protocol Displayable {
    /// A stable code, the same in every language and version, for example `try_another_card`.
    var code: String { get }

    /// A sentence for the payer, in the language of `locale` if SaleKit has it, otherwise in English.
    func displayMessage(in locale: Locale) -> String
}

extension Displayable {
    /// A sentence for the payer, in the language of the app if SaleKit has it, otherwise in English.
    public var displayMessage: String { displayMessage(in: .current) }
}

/// Replaces SaleKit's sentences with the app's: in another language, or in another tone. SaleKit passes a key, for
/// example `advice.try_another_card` (a group and the ``Displayable/code``; `bindings/messages/en.json` lists all), and
/// the locale. Return `nil` to use SaleKit's sentence. SaleKit may call it on any thread.
public typealias MessageProvider = @Sendable (_ key: String, _ locale: Locale) -> String?

extension SaleKitLibrary {
    /// Replaces SaleKit's sentences for payers; `nil`, the default, replaces none.
    public static var messageProvider: MessageProvider? {
        get { Provided.shared.provider }
        set { Provided.shared.provider = newValue }
    }
}

/// The app's provider. Any thread may set and read it.
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
    /// The language to use if SaleKit does not have the requested one.
    private static let fallback = "en"

    /// The sentence for `key`, or the key itself if there is no sentence: showing a message never fails.
    static func of(_ key: String, in locale: Locale) -> String { find(key, locale) ?? key }

    /// What is wrong with an input. Also works for a rule that has no sentence.
    static func of(rule: String, in locale: Locale) -> String {
        find("rule.\(rule)", locale) ?? of("error.invalid_input", in: locale)
    }

    private static func find(_ key: String, _ locale: Locale) -> String? {
        SaleKitLibrary.messageProvider?(key, locale) ?? sentence(language(locale), key) ?? sentence(fallback, key)
    }

    /// The language's ISO 639 code, which is the start of a locale's identifier. The newer properties for it are not in
    /// iOS 15.
    private static func language(_ locale: Locale) -> String { locale.identifier.prefix { $0.isLetter }.lowercased() }
}
