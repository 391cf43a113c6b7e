package dev.salekit.compose

import java.util.Locale

/** How cards abbreviate month and year, in languages that use the first letters of their own words. */
private val HINTS = mapOf(
    "de" to "MM/JJ",
    "es" to "MM/AA",
    "fr" to "MM/AA",
    "it" to "MM/AA",
    "pl" to "MM/RR",
    "pt" to "MM/AA",
    "ru" to "ММ/ГГ",
    "tr" to "AA/YY",
    "uk" to "ММ/РР",
)

internal fun expiryHint(locale: Locale): String = HINTS[locale.language] ?: "MM/YY"
