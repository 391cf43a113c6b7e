package dev.salekit

import java.util.Locale
import java.util.MissingResourceException
import java.util.ResourceBundle

/** Sentences for people, by key. They take no values, so that nothing secret can get into one. */
internal object Messages {
    private const val BUNDLE = "dev.salekit.messages"

    /** The sentence for [key], or the key itself where there is none: to say something never fails. */
    @JvmSynthetic
    internal fun of(key: String, locale: Locale): String = try {
        ResourceBundle.getBundle(BUNDLE, locale, Messages::class.java.classLoader!!).getString(key)
    } catch (_: MissingResourceException) {
        key
    }
}
