package dev.salekit.android

import android.util.Log
import dev.salekit.LogLevel
import dev.salekit.LogLine
import org.junit.Assert.assertEquals
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowLog

/** Log lines in Logcat. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 35])
class LogcatSinkTest {
    @Test
    fun `a line has the priority of its level, and says where it comes from`() {
        val sink = LogcatSink("Sales")
        for (level in LogLevel.values()) sink.log(LogLine(level, "salekit_core::engine", "state sale=7"))
        val lines = ShadowLog.getLogsForTag("Sales")
        assertEquals(listOf(Log.ERROR, Log.WARN, Log.INFO, Log.DEBUG, Log.VERBOSE), lines.map { it.type })
        assertEquals(setOf("salekit_core::engine: state sale=7"), lines.map { it.msg }.toSet())
    }
}
