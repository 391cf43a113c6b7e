// Written by scripts/generate-bindings from the core. Change that, not this file.

package dev.salekit

/** What an outcome says of the money. */
internal object OutcomeCharges {
    internal val approved: Charge get() = Charge.CHARGED
    internal val declined: Charge get() = Charge.NOT_CHARGED
    internal val notCharged: Charge get() = Charge.NOT_CHARGED
    internal val unknown: Charge get() = Charge.UNKNOWN
}

/** How many decimals a currency has; `null` for what is none. */
@JvmSynthetic
internal fun exponentOf(currency: String): Int? = when (currency) {
    "BIF", "BYR", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX" -> 0
    "UYI", "VND", "VUV", "XAF", "XOF", "XPF" -> 0
    "AED", "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AUD", "AWG", "AZN", "BAM", "BBD" -> 2
    "BDT", "BGN", "BMD", "BND", "BOB", "BOV", "BRL", "BSD", "BTN", "BWP", "BYN", "BZD" -> 2
    "CAD", "CDF", "CHE", "CHF", "CHW", "CNY", "COP", "COU", "CRC", "CUC", "CUP", "CVE" -> 2
    "CZK", "DKK", "DOP", "DZD", "EEK", "EGP", "ERN", "ETB", "EUR", "FJD", "FKP", "GBP" -> 2
    "GEL", "GHS", "GIP", "GMD", "GTQ", "GYD", "HKD", "HNL", "HRK", "HTG", "HUF", "IDR" -> 2
    "ILS", "INR", "IRR", "JMD", "KES", "KGS", "KHR", "KPW", "KYD", "KZT", "LAK", "LBP" -> 2
    "LKR", "LRD", "LSL", "LTL", "LVL", "MAD", "MDL", "MGA", "MKD", "MMK", "MNT", "MOP" -> 2
    "MRO", "MRU", "MUR", "MVR", "MWK", "MXN", "MXV", "MYR", "MZN", "NAD", "NGN", "NIO" -> 2
    "NOK", "NPR", "NZD", "PAB", "PEN", "PGK", "PHP", "PKR", "PLN", "QAR", "RON", "RSD" -> 2
    "RUB", "SAR", "SBD", "SCR", "SDG", "SEK", "SGD", "SHP", "SLE", "SLL", "SOS", "SRD" -> 2
    "SSP", "STD", "STN", "SVC", "SYP", "SZL", "THB", "TJS", "TMT", "TOP", "TRY", "TTD" -> 2
    "TWD", "TZS", "UAH", "USD", "USN", "UYU", "UZS", "VED", "VEF", "VES", "WST", "XAD" -> 2
    "XCD", "XCG", "YER", "ZAR", "ZMK", "ZMW", "ZWG", "ZWL" -> 2
    "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND" -> 3
    "CLF", "UYW" -> 4
    else -> null
}
