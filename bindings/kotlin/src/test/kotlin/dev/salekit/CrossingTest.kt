package dev.salekit

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertInstanceOf
import org.junit.jupiter.api.Test
import dev.salekit.ffi.DamagedSale as FfiDamagedSale
import dev.salekit.ffi.ForeignSale as FfiForeignSale
import dev.salekit.ffi.MerchantServer as FfiMerchantServer
import dev.salekit.ffi.Money as FfiMoney
import dev.salekit.ffi.Parties as FfiParties
import dev.salekit.ffi.PendingSale as FfiPendingSale
import dev.salekit.ffi.PendingSales as FfiPendingSales
import dev.salekit.ffi.SaleKitException as FfiException
import dev.salekit.ffi.SaleState as FfiSaleState

/** Every member of a stored sale and of an error comes from the core as it was there. When the core says what is tested there. */
class CrossingTest {
    private val amount = FfiMoney(1050, "EUR")
    private val ffiParties = FfiParties("https://gate.example", FfiMerchantServer.At("https://shop.example"))
    private val parties = Parties("https://gate.example", MerchantServer.At("https://shop.example"))
    private val others = Parties("https://other.example", MerchantServer.AppBackend)

    @Test
    fun `stored sales keep their members`() {
        val stored = FfiPendingSales(
            sales = listOf(FfiPendingSale("1", FfiSaleState.Processing, amount, "order 1", "invoice 1", 7u)),
            foreign = listOf(FfiForeignSale("2", ffiParties, amount, "order 2", "invoice 2", 8u)),
            damaged = listOf(FfiDamagedSale("3", "invoice 3", "order 3", amount, "cut off")),
        )
        val expected = PendingSales(
            listOf(PendingSale("1", SaleState.Processing, Money(1050, "EUR"), "order 1", "invoice 1", 7)),
            listOf(ForeignSale("2", parties, Money(1050, "EUR"), "order 2", "invoice 2", 8)),
            listOf(DamagedSale("3", "invoice 3", "order 3", Money(1050, "EUR"), "cut off")),
        )
        assertEquals(expected, stored.toPublic())
    }

    @Test
    fun `errors name their sale`() {
        val named = listOf(
            FfiException.SaleNotFound("7"), FfiException.SaleStillRunning("7"), FfiException.SaleUnfinished("7"),
            FfiException.SaleOutcomeUnknown("7"), FfiException.SaleOutcomeFinal("7"), FfiException.OrderInUse("7"),
            FfiException.SaleDamaged("7", "cut off"),
        ).map { it.toPublic() }
        assertEquals(List(named.size) { "7" }, named.map { it.javaClass.getMethod("getSaleId").invoke(it) })
        val elsewhere = FfiParties("https://other.example", FfiMerchantServer.AppBackend)
        val foreign = assertInstanceOf(
            SaleKitException.SaleForeign::class.java,
            FfiException.SaleForeign("7", ffiParties, elsewhere).toPublic(),
        )
        assertEquals(listOf("7", parties, others), listOf(foreign.saleId, foreign.saleParties, foreign.clientParties))
    }
}
