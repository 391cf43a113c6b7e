package dev.salekit.android

import android.util.Log
import dev.salekit.LogLevel
import dev.salekit.LogLine
import dev.salekit.LogSink

/**
 * Writes SaleKit's log lines to Logcat: `SaleKit.setLogSink(LogcatSink())`. Lines contain ids and durations, never card
 * data, tokens or page addresses.
 *
 * @param tag the tag of every line; up to Android 7 no more than 23 characters
 */
public class LogcatSink @JvmOverloads constructor(private val tag: String = "SaleKit") : LogSink {
    override fun log(line: LogLine) {
        val priority = when (line.level) {
            LogLevel.ERROR -> Log.ERROR
            LogLevel.WARN -> Log.WARN
            LogLevel.INFO -> Log.INFO
            LogLevel.DEBUG -> Log.DEBUG
            LogLevel.TRACE -> Log.VERBOSE
        }
        Log.println(priority, tag, "${line.origin}: ${line.text}")
    }
}
