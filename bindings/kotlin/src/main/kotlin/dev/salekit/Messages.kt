// Sentences for payers, by key: the app's own, else SaleKit's in the language asked for, else the English ones.

package dev.salekit

import java.util.Locale

/**
 * Something that has a stable code and a sentence for the payer. The sentences are in English, French, Georgian, German,
 * Italian, Kazakh, Polish, Portuguese, Russian, Spanish, Turkish and Ukrainian; an app gives its own with a
 * [MessageProvider].
 */
public interface Displayable {
    /** A stable word, the same in every language and version, for example `try_another_card`. */
    public val code: String

    /** A sentence for the payer, in the default locale's language as far as SaleKit speaks it, else in English. */
    public val displayMessage: String get() = displayMessage(Locale.getDefault())

    /** A sentence for the payer, in the language of [locale] as far as SaleKit speaks it, else in English. */
    public fun displayMessage(locale: Locale): String
}

/** Gives sentences of the app's own in the place of SaleKit's: another language, or another tone. See [SaleKit.messageProvider]. */
public fun interface MessageProvider {
    /**
     * The sentence for [key] in the language of [locale]; `null` for SaleKit's own. May be called on any thread. If it throws,
     * SaleKit's own sentence is taken.
     *
     * @param key for example `advice.try_another_card`: a group, and the [Displayable.code]. Those of `bindings/messages/en.json`
     */
    public fun message(key: String, locale: Locale): String?
}

/** Finds sentences. They take no values, so that nothing secret can get into one. */
internal object Messages {
    /** What is spoken where SaleKit does not speak the language that was asked for. */
    private const val FALLBACK = "en"

    @Volatile
    @get:JvmSynthetic
    @set:JvmSynthetic
    internal var provider: MessageProvider? = null

    /** The sentence for [key], or the key itself where there is none: to say something never fails. */
    @JvmSynthetic
    internal fun of(key: String, locale: Locale): String = find(key, locale) ?: key

    /** What is wrong with an input, also by a [rule] that has no sentence. */
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
