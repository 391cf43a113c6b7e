package dev.salekit

import dev.salekit.ffi.currencyExponent
import dev.salekit.ffi.parseMoney
import java.io.Serializable
import java.math.BigDecimal
import java.math.RoundingMode
import java.text.DecimalFormat
import java.text.NumberFormat
import java.util.Currency
import java.util.Locale
import dev.salekit.ffi.Money as FfiMoney

/**
 * An amount: whole minor units of an ISO 4217 currency. `Money(1050, "EUR")` is 10.50 EUR. It is checked when a sale is
 * started.
 *
 * @property minorUnits minor units, more than zero
 * @property currency the currency's upper-case ISO 4217 code
 */
public data class Money(val minorUnits: Long, val currency: String) : Serializable {
    /**
     * The amount in major units, with its currency's decimals: 10.50 for 1050 minor units of EUR.
     *
     * @throws SaleKitException.InvalidInput for an unknown currency
     */
    @Throws(SaleKitException::class)
    public fun toBigDecimal(): BigDecimal = BigDecimal.valueOf(minorUnits, exponentOf(currency) ?: decimalsOf(currency))

    /**
     * The amount as people in [locale] write it, with its currency's decimals. If the platform does not know the
     * currency, its code is used in place of its symbol.
     *
     * @throws SaleKitException.InvalidInput for an unknown currency
     */
    @JvmOverloads
    @Throws(SaleKitException::class)
    public fun format(locale: Locale = Locale.getDefault()): String {
        val amount = toBigDecimal()
        val format = NumberFormat.getCurrencyInstance(locale)
        try {
            format.currency = Currency.getInstance(currency)
        } catch (_: IllegalArgumentException) {
            (format as? DecimalFormat)?.decimalFormatSymbols?.let { symbols ->
                symbols.currencySymbol = currency
                format.decimalFormatSymbols = symbols
            }
        }
        // Set these after the currency, because setting the currency applies the platform's number of decimals.
        format.minimumFractionDigits = amount.scale()
        format.maximumFractionDigits = amount.scale()
        format.roundingMode = RoundingMode.UNNECESSARY
        return format.format(amount)
    }

    /** The amount with its currency's decimals, the same in every locale: `10.50 EUR`, `500 JPY`. */
    override fun toString(): String {
        val exponent = exponentOf(currency)
        // An invalid amount must be printable, too.
        if (exponent == null || minorUnits <= 0) return "$minorUnits minor units of $currency"
        return "${BigDecimal.valueOf(minorUnits, exponent).toPlainString()} $currency"
    }

    /** Reads amounts. */
    public companion object {
        private const val serialVersionUID: Long = 1

        /** No amount has a scale outside of this range. */
        private const val TOO_LONG = 40

        /**
         * Reads an amount of major units, for example `10.50` with `EUR`. Nothing is ever rounded.
         *
         * @throws SaleKitException.InvalidInput if [amount] is not an amount of that currency
         */
        @JvmStatic
        @Throws(SaleKitException::class)
        public fun parse(amount: String, currency: String): Money = bridged { parseMoney(amount, currency).toPublic() }

        /**
         * An amount of major units. Nothing is ever rounded: EUR has two decimals, so 10.505 is refused, and 10.500 is
         * 10.50.
         *
         * @throws SaleKitException.InvalidInput if [amount] is not an amount of that currency
         */
        @JvmStatic
        @Throws(SaleKitException::class)
        public fun of(amount: BigDecimal, currency: String): Money {
            // `toPlainString` would write 1E+999999999 with all its zeros.
            val exact = amount.stripTrailingZeros()
            val isShort = exact.scale() in -TOO_LONG..TOO_LONG
            return parse(if (isShort) exact.toPlainString() else exact.toString(), currency)
        }

        /**
         * How many digits follow the decimal point: 2 for EUR, 0 for JPY, 3 for KWD.
         *
         * @throws SaleKitException.InvalidInput for an unknown currency
         */
        @JvmStatic
        @Throws(SaleKitException::class)
        public fun decimalsOf(currency: String): Int = exponentOf(currency) ?: bridged { currencyExponent(currency).toInt() }
    }
}

@JvmSynthetic
internal fun Money.toFfi(): FfiMoney = FfiMoney(minorUnits = minorUnits, currency = currency)

@JvmSynthetic
internal fun FfiMoney.toPublic(): Money = Money(minorUnits = minorUnits, currency = currency)
