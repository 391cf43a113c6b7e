package dev.salekit.bench

import dev.salekit.CardField
import dev.salekit.CardForm
import dev.salekit.Charge
import dev.salekit.Fixtures
import dev.salekit.SaleClient
import dev.salekit.SaleKit
import kotlinx.coroutines.runBlocking
import java.util.concurrent.CountDownLatch

/** What a call into the core costs. Not a test: figures say something only on a machine that is otherwise idle. */
fun main() = runBlocking {
    val client = SaleClient(Fixtures.config())
    val sale = client.start(Fixtures.request("116"))
    check(sale.outcome().charge == Charge.NOT_CHARGED)
    val form = CardForm()
    // Nothing runs any more that the call could tell.
    measure("a call without arguments or answer (networkAvailable)", 20_000) { client.networkAvailable() }
    measure("a call that answers with a string (version)", 20_000) { SaleKit.version }
    measure("a keystroke (paste of a number)", 5_000) { form.paste(CardField.NUMBER, Fixtures.VISA.toByteArray()) }
    measure("the outcome, awaited when it is there", 2_000) { sale.outcome() }
    measure("a state callback (observe, told, released)", 2_000) {
        val told = CountDownLatch(1)
        val subscription = sale.observe { told.countDown() }
        told.await()
        subscription.close()
    }
    System.exit(0)
}

private inline fun measure(what: String, calls: Int, call: () -> Unit) {
    repeat(calls) { call() }
    val times = LongArray(calls)
    for (number in 0 until calls) {
        val start = System.nanoTime()
        call()
        times[number] = System.nanoTime() - start
    }
    times.sort()
    println("%-60s median %8.2f us, 99th percentile %8.2f us".format(what, times[calls / 2] / 1e3, times[calls * 99 / 100] / 1e3))
}
