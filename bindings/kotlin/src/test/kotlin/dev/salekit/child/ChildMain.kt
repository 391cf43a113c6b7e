package dev.salekit.child

import dev.salekit.CardField
import dev.salekit.CardForm
import dev.salekit.Fixtures
import dev.salekit.Person
import dev.salekit.SaleClient
import dev.salekit.SaleOutcome
import dev.salekit.SaleState
import dev.salekit.Sandbox
import dev.salekit.SnapshotStore
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import java.io.File
import java.nio.file.Files
import java.nio.file.StandardCopyOption

/** What a test has another JVM do: `sell` or `resume READY FOLDER KEEPER DEVICE`, or `enter READY`. */
fun main(arguments: Array<String>) = runBlocking {
    val sandbox = Sandbox.reachedBy(File(arguments[1]))
    when (arguments[0]) {
        "sell" -> sell(sandbox, arguments.drop(2))
        "resume" -> resume(sandbox, arguments.drop(2))
        "enter" -> enter(sandbox)
        else -> error("no such job: ${arguments[0]}")
    }
    // JNA's and SaleKit's threads are no reason to stay.
    System.exit(0)
}

private fun client(sandbox: Sandbox, folder: String, keeper: String, person: Person): SaleClient {
    val directory = folder.takeIf { keeper == "directory" }
    val store = FileStore(File(folder)).takeIf { keeper == "store" }
    return SaleClient(Fixtures.config(sandbox, directory), person, store)
}

/** Makes a sale as far as the challenge, which nobody answers, and waits to be killed. */
private suspend fun sell(sandbox: Sandbox, arguments: List<String>) {
    val (folder, keeper, device) = arguments
    val client = client(sandbox, folder, keeper, Person(sandbox, "walks_away"))
    val sale = client.start(Fixtures.request("321", device))
    sale.states.first { it is SaleState.Challenge }
    eventuallyStored(client)
    println("challenge ${sale.id}")
    readln()
}

private suspend fun eventuallyStored(client: SaleClient) {
    client.appBackground()
    while (client.pending().sales.none { it.state is SaleState.Challenge }) {
        Thread.sleep(10)
    }
}

private suspend fun resume(sandbox: Sandbox, arguments: List<String>) {
    val (folder, keeper) = arguments
    val client = client(sandbox, folder, keeper, Person(sandbox))
    val pending = client.pending().sales.single()
    println("pending ${pending.id}")
    val outcome = client.resume(pending.id).outcome()
    check(outcome is SaleOutcome.Approved) { "$outcome" }
    println("charged ${outcome.invoiceId}")
    client.acknowledge(pending.id)
    println("acknowledged ${pending.id}")
    println("left ${client.pending().sales.size}")
}

/** Makes a sale with card data that is nowhere in memory before it is entered; at each stage it waits to be looked at. */
private suspend fun enter(sandbox: Sandbox) {
    val client = SaleClient(Fixtures.config(sandbox))
    client.preconnect()
    val form = CardForm()
    form.paste(CardField.EXPIRY, "12/2040".toByteArray())
    form.paste(CardField.PRINTED_NAME, Fixtures.HOLDER.toByteArray())
    stage("ready")
    form.paste(CardField.NUMBER, Needles.number())
    form.paste(CardField.SECURITY_CODE, Needles.code())
    stage("entered")
    val outcome = client.start(Fixtures.request(source = form)).outcome()
    stage(if (outcome is SaleOutcome.Declined) "sold" else "ended otherwise: $outcome")
}

private fun stage(name: String) {
    println("stage $name")
    readln()
}

/** Card data as masked bytes: so neither a class file nor a command line nor a heap holds what is searched for. */
object Needles {
    private const val MASK = 0x5a
    private val maskedNumber = intArrayOf(0x69, 0x6d, 0x62, 0x68, 0x62, 0x68, 0x68, 0x6e, 0x6c, 0x69, 0x6b, 0x6a, 0x6a, 0x6a, 0x6f)
    private val maskedCode = intArrayOf(0x6d, 0x6a, 0x63, 0x69)

    /** An American Express number for tests. */
    fun number(): ByteArray = unmask(maskedNumber)

    /** A code that the sandbox declines, and that is less common in memory than those it approves. */
    fun code(): ByteArray = unmask(maskedCode)

    private fun unmask(masked: IntArray) = ByteArray(masked.size) { (masked[it] xor MASK).toByte() }
}

/** A store of the app's own: a file a sale. */
class FileStore(private val folder: File) : SnapshotStore {
    override fun save(saleId: String, snapshot: ByteArray) {
        val unfinished = Files.createTempFile(folder.toPath(), "new", ".tmp")
        Files.write(unfinished, snapshot)
        Files.move(unfinished, File(folder, saleId).toPath(), StandardCopyOption.ATOMIC_MOVE)
    }

    override fun load(saleId: String): ByteArray? = File(folder, saleId).takeIf { it.exists() }?.readBytes()

    override fun list(): List<String> = folder.list().orEmpty().filter { !it.endsWith(".tmp") }

    override fun remove(saleId: String) {
        File(folder, saleId).delete()
    }
}
