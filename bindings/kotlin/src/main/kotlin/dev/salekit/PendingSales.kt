package dev.salekit

import dev.salekit.ffi.Pending as FfiPending

/**
 * Sales that an earlier run of the app left behind.
 *
 * @property sales sales that can be resumed or acknowledged, the oldest first
 * @property damaged sales whose snapshot cannot be used. Ask the shop's server about them.
 */
public data class PendingSales(val sales: List<PendingSale>, val damaged: List<DamagedSale>)

/**
 * A stored sale that is unfinished, or finished and not acknowledged.
 *
 * @property id its id, for [SaleClient.resume] and [SaleClient.acknowledge]
 * @property state where it stood when it was stored last
 * @property amount the amount
 * @property label the app's own name for it
 * @property invoiceId `invoiceId`, if it was initiated
 * @property startedMillis when it was started, in milliseconds since 1970
 */
public data class PendingSale(
    val id: String,
    val state: SaleState,
    val amount: Money,
    val label: String?,
    val invoiceId: String?,
    val startedMillis: Long,
)

/**
 * A stored sale that cannot be used. Its snapshot is kept: a later version of the app may read it.
 *
 * @property id its id
 * @property invoiceId `invoiceId`, where it can still be read: ask the shop's server about it
 * @property detail what is wrong, as an English sentence
 */
public data class DamagedSale(val id: String, val invoiceId: String?, val detail: String)

@JvmSynthetic
internal fun FfiPending.toPublic(): PendingSales = PendingSales(
    sales = sales.map {
        PendingSale(it.id, it.state.toPublic(), it.amount.toPublic(), it.label, it.invoiceId, it.startedMs.toLong())
    },
    damaged = damaged.map { DamagedSale(it.id, it.invoiceId, it.detail) },
)
