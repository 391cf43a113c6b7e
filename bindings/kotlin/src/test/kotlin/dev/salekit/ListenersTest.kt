package dev.salekit

import dev.salekit.ffi.FfiConverterTypeSaleStateListener
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicInteger

/** SaleKit holds a listener until the sale's end or until its subscription is closed, and then no longer. */
class ListenersTest {
    /** How many listeners the native side holds: each has an entry in the generated code's map until it is released. */
    private fun held() = FfiConverterTypeSaleStateListener.handleMap.size

    @Test
    fun `ten thousand callbacks leave no listener behind`() = runBlocking {
        SaleClient(Fixtures.config()).use { client ->
            val sale = client.start(Fixtures.request("116"))
            val outcome = sale.outcome()
            val before = held()
            val told = CountDownLatch(10_000)
            val wrong = AtomicInteger()
            repeat(10_000) {
                sale.observe { state ->
                    if (state != SaleState.Finished(outcome)) wrong.incrementAndGet()
                    told.countDown()
                }
            }
            assertTrue(told.await(2, TimeUnit.MINUTES), "${told.count} callbacks did not come")
            assertEquals(0, wrong.get())
            eventually("the listeners to be released, ${held() - before} are left") { held() <= before }
        }
    }

    @Test
    fun `a closed subscription holds nothing and calls nobody`() = runBlocking {
        SaleClient(Fixtures.config()).use { client ->
            val sale = client.start(Fixtures.request("217"))
            val before = held()
            val calls = AtomicInteger()
            val isProcessing = CountDownLatch(1)
            val subscription = sale.observe { state ->
                calls.incrementAndGet()
                if (state == SaleState.Processing) isProcessing.countDown()
            }
            // The sale stays there until it is cancelled: no call is under way that the closing would let end.
            assertTrue(isProcessing.await(1, TimeUnit.MINUTES))
            subscription.close()
            subscription.close()
            val atClose = calls.get()
            eventually("the listener to be released") { held() <= before }
            sale.cancel()
            assertEquals(Charge.UNKNOWN, sale.outcome().charge)
            assertEquals(atClose, calls.get())
        }
    }

    @Test
    fun `a listener that throws is a listener still`() = runBlocking {
        SaleClient(Fixtures.config()).use { client ->
            val sale = client.start(Fixtures.request("123"))
            val last = CountDownLatch(1)
            sale.observe { state ->
                if (state is SaleState.Finished) last.countDown()
                throw AssertionError("the app's own mistake")
            }
            assertEquals(Charge.CHARGED, sale.outcome().charge)
            assertTrue(last.await(1, TimeUnit.MINUTES))
        }
    }
}
