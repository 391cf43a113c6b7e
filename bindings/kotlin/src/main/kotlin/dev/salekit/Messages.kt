// Sentences for payers, by key. The app's sentence comes first, then SaleKit's in the requested language, then
// SaleKit's in English.

package dev.salekit

import java.util.Locale

/**
 * Something that has a stable code and a sentence for the payer. SaleKit has the sentences in English, French,
 * Georgian, German, Italian, Kazakh, Polish, Portuguese, Russian, Spanish, Turkish and Ukrainian. An app can replace
 * them with a [MessageProvider].
 */
public interface Displayable {
    /** A stable code, the same in every language and version, for example `try_another_card`. */
    public val code: String

    /** A sentence for the payer, in the default locale's language if SaleKit has it, else in English. */
    public val displayMessage: String get() = displayMessage(Locale.getDefault())

    /** A sentence for the payer, in the language of [locale] if SaleKit has it, else in English. */
    public fun displayMessage(locale: Locale): String
}

/** Provides sentences that replace SaleKit's, in another language or another tone. See [SaleKit.messageProvider]. */
public fun interface MessageProvider {
    /**
     * The sentence for [key] in the language of [locale]; `null` to use SaleKit's. May be called on any thread. If it
     * throws, SaleKit's sentence is used.
     *
     * @param key a group and the [Displayable.code], for example `advice.try_another_card`. `bindings/messages/en.json`
     *   lists all keys.
     */
    public fun message(key: String, locale: Locale): String?
}

/** Finds sentences. A sentence has no placeholders, so it cannot contain a secret. */
internal object Messages {
    /** The language for locales whose language SaleKit does not have. */
    private const val FALLBACK = "en"

    @Volatile
    @get:JvmSynthetic
    @set:JvmSynthetic
    internal var provider: MessageProvider? = null

    /** The sentence for [key], or the key itself if there is no sentence. It never fails. */
    @JvmSynthetic
    internal fun of(key: String, locale: Locale): String = find(key, locale) ?: key

    /** What is wrong with an input. A [rule] without a sentence gets the general sentence for invalid input. */
    @JvmSynthetic
    internal fun ofRule(rule: String, locale: Locale): String =
        find("rule.$rule", locale) ?: of("error.invalid_input", locale)

    private fun find(key: String, locale: Locale): String? =
        provided(key, locale) ?: sentence(locale.language, key) ?: sentence(FALLBACK, key)

    private fun provided(key: String, locale: Locale): String? = try {
        provider?.message(key, locale)
    } catch (_: Exception) {
        null
    }
}
