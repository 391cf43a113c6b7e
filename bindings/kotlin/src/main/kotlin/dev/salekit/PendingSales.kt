package dev.salekit

import java.io.Serializable
import dev.salekit.ffi.PendingSales as FfiPendingSales

/**
 * The stored sales.
 *
 * @property sales sales that this client can resume, the oldest first
 * @property foreign sales of other gateways or merchants, the oldest first. Resume them with a client that has theirs.
 * @property damaged sales whose snapshot cannot be used. Ask the merchant's server about them, then forget them.
 */
public data class PendingSales(
    val sales: List<PendingSale>,
    val foreign: List<ForeignSale>,
    val damaged: List<DamagedSale>,
) : Serializable {
    private companion object {
        private const val serialVersionUID: Long = 1
    }
}

/**
 * A stored sale that is unfinished, or finished and neither acknowledged nor forgotten.
 *
 * @property id its id, for [SaleClient.resume], [SaleClient.acknowledge] and [SaleClient.forget]
 * @property state its state when it was stored last
 * @property amount the amount
 * @property merchantOrderId the merchant's id of the order
 * @property invoiceId `invoiceId`, if it was initiated
 * @property startedAtMillis when it was started, in milliseconds since 1970
 */
public data class PendingSale(
    val id: String,
    val state: SaleState,
    val amount: Money,
    val merchantOrderId: String?,
    val invoiceId: String?,
    val startedAtMillis: Long,
) : Serializable {
    private companion object {
        private const val serialVersionUID: Long = 1
    }
}

/**
 * A stored sale of another gateway, or for another merchant's server, than the client has. Only a client that has those
 * may resume, acknowledge or forget it.
 *
 * @property id its id
 * @property parties the gateway and the merchant's server that the sale belongs to
 * @property amount the amount
 * @property merchantOrderId the merchant's id of the order
 * @property invoiceId `invoiceId`, if it was initiated
 * @property startedAtMillis when it was started, in milliseconds since 1970
 */
public data class ForeignSale(
    val id: String,
    val parties: Parties,
    val amount: Money,
    val merchantOrderId: String?,
    val invoiceId: String?,
    val startedAtMillis: Long,
) : Serializable {
    private companion object {
        private const val serialVersionUID: Long = 1
    }
}

/**
 * A stored sale that cannot be used. Its snapshot is kept until the app forgets the sale ([SaleClient.forget]), because
 * a later version of the app may be able to read it.
 *
 * @property id its id
 * @property invoiceId `invoiceId`, if it can still be read: ask the merchant's server about it
 * @property merchantOrderId the merchant's id of the order, if it can still be read
 * @property amount the amount, if it can still be read
 * @property detail what is wrong, as an English sentence
 */
public data class DamagedSale(
    val id: String,
    val invoiceId: String?,
    val merchantOrderId: String?,
    val amount: Money?,
    val detail: String,
) : Serializable {
    private companion object {
        private const val serialVersionUID: Long = 1
    }
}

@JvmSynthetic
internal fun FfiPendingSales.toPublic(): PendingSales = PendingSales(
    sales = sales.map {
        PendingSale(
            id = it.id,
            state = it.state.toPublic(),
            amount = it.amount.toPublic(),
            merchantOrderId = it.merchantOrderId,
            invoiceId = it.invoiceId,
            startedAtMillis = it.startedAtMillis.toLong(),
        )
    },
    foreign = foreign.map {
        ForeignSale(
            id = it.id,
            parties = it.parties.toPublic(),
            amount = it.amount.toPublic(),
            merchantOrderId = it.merchantOrderId,
            invoiceId = it.invoiceId,
            startedAtMillis = it.startedAtMillis.toLong(),
        )
    },
    damaged = damaged.map {
        DamagedSale(
            id = it.id,
            invoiceId = it.invoiceId,
            merchantOrderId = it.merchantOrderId,
            amount = it.amount?.toPublic(),
            detail = it.detail,
        )
    },
)
