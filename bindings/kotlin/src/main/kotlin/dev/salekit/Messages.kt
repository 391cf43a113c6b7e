package dev.salekit

import java.util.Locale
import java.util.MissingResourceException
import java.util.ResourceBundle
import java.util.ResourceBundle.Control

/**
 * Sentences for people, by key: in the language asked for where the app has it, else in English. They take no values, so
 * that nothing secret can get into one.
 */
internal object Messages {
    private const val BUNDLE = "dev.salekit.messages"

    /** The sentence for [key], or the key itself where there is none: to say something never fails. */
    @JvmSynthetic
    internal fun of(key: String, locale: Locale): String = try {
        bundle(locale).getString(key)
    } catch (_: MissingResourceException) {
        key
    }

    /**
     * The sentences in [locale]'s language, or the English ones.
     *
     * Left alone, `getBundle` takes those of the device's language first, on Android as on a JVM. The control that turns
     * this off may not be given to it from a named module, so the answer is looked at instead.
     */
    private fun bundle(locale: Locale): ResourceBundle {
        val found = load(locale)
        val asked = Control.getControl(Control.FORMAT_PROPERTIES).getCandidateLocales(BUNDLE, locale)
        return if (found.locale in asked) found else load(Locale.ROOT)
    }

    private fun load(locale: Locale): ResourceBundle =
        ResourceBundle.getBundle(BUNDLE, locale, Messages::class.java.classLoader!!)
}
