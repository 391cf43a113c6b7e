package dev.salekit

import dev.salekit.child.Child
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.io.TempDir
import org.junit.jupiter.params.ParameterizedTest
import org.junit.jupiter.params.provider.ValueSource
import java.io.File

/** An app that is killed in the middle of a sale goes on with it in its next life. Both lives are JVMs of their own. */
class ResumeTest {
    @TempDir
    lateinit var folder: File

    @ParameterizedTest
    @ValueSource(strings = ["directory", "store"])
    fun `a killed app's sale is resumed by the next`(keeper: String) {
        Sandbox.shared
        val device = Fixtures.device()
        Child.start("sell", Sandbox.readyFile.path, folder.path, keeper, device).use { first ->
            val id = first.line("challenge")
            first.kill()
            Child.start("resume", Sandbox.readyFile.path, folder.path, keeper, device).use { second ->
                assertEquals(id, second.line("pending"))
                val invoice = second.line("charged")
                assertEquals(id, second.line("acknowledged"))
                assertEquals("0", second.line("left"))
                val ledger = Sandbox.shared.ledger(invoice)!!
                assertEquals(1, ledger["performs_received"].asInt)
                assertEquals(1, ledger["charges"].asInt)
            }
        }
    }
}
