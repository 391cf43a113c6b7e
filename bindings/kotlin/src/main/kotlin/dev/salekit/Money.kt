package dev.salekit

import dev.salekit.ffi.currencyExponent
import dev.salekit.ffi.formatMoney
import dev.salekit.ffi.parseMoney
import dev.salekit.ffi.Money as FfiMoney

/**
 * An amount: whole minor units of an ISO 4217 currency. `Money(1050, "EUR")` is 10.50 EUR. Checked when a sale is
 * started.
 *
 * @property minorUnits minor units, more than nothing
 * @property currency the currency's upper-case ISO 4217 code
 */
public data class Money(val minorUnits: Long, val currency: String) {
    /** The amount with its currency's decimals, the same in every locale: `10.50 EUR`, `500 JPY`. */
    override fun toString(): String = try {
        bridged { formatMoney(toFfi()) }
    } catch (_: SaleKitException) {
        // Not an amount of money at all; printing it must not fail.
        "$minorUnits minor units of $currency"
    }

    /** Reads amounts. */
    public companion object {
        /**
         * Reads an amount of major units, for example `10.50` with `EUR`. Nothing is ever rounded.
         *
         * @throws SaleKitException.InvalidInput if it is no such amount
         */
        @JvmStatic
        @Throws(SaleKitException::class)
        public fun parse(amount: String, currency: String): Money = bridged { parseMoney(amount, currency).toPublic() }

        /**
         * How many digits stand behind the decimal point: 2 for EUR, 0 for JPY, 3 for KWD.
         *
         * @throws SaleKitException.InvalidInput for an unknown currency
         */
        @JvmStatic
        @Throws(SaleKitException::class)
        public fun decimalsOf(currency: String): Int = bridged { currencyExponent(currency).toInt() }
    }
}

@JvmSynthetic
internal fun Money.toFfi(): FfiMoney = FfiMoney(minorUnits, currency)

@JvmSynthetic
internal fun FfiMoney.toPublic(): Money = Money(minorUnits, currency)
