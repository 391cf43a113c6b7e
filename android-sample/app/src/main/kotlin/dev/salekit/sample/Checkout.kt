package dev.salekit.sample

import dev.salekit.Money
import dev.salekit.SaleState
import dev.salekit.StoredCard
import java.util.Locale
import kotlin.random.Random

/** What is bought. The number is the shop's own; two sales are never made for one order at the same time. */
data class Order(val number: String, val lines: List<Line>) {
    val total: Money get() = Money(lines.sumOf { it.price.minorUnits }, lines.first().price.currency)

    data class Line(val name: Int, val price: Money)

    companion object {
        fun next() = Order(
            number = String.format(Locale.ROOT, "%06d", Random.nextInt(1_000_000)),
            lines = listOf(Line(R.string.item_lunch, Money(850, "EUR")), Line(R.string.item_tea, Money(200, "EUR"))),
        )
    }
}

/** Everything that the screens show, but for the card: that is in its own holder. */
data class Checkout(
    val order: Order,
    /** The card that the merchant keeps, if the payer pays with it. */
    val savedCard: StoredCard? = null,
    /** Why the sale was not started, in the payer's words. */
    val refusal: String? = null,
    /** The sale that is under way or over; `null` while the order is paid for by nobody. */
    val sale: ShownSale? = null,
)

/** A sale as the screens show it. */
data class ShownSale(val amount: Money, val state: SaleState, val isEarlier: Boolean)
