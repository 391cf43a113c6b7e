package dev.salekit

import dev.salekit.ffi.setLogSink as ffiSetLogSink
import dev.salekit.ffi.LogLine as FfiLogLine
import dev.salekit.ffi.LogSink as FfiLogSink

/** Settings and facts of the whole process. */
public object SaleKit {
    /** SaleKit's version, for example `0.1.0`. */
    @JvmStatic
    public val version: String get() = dev.salekit.ffi.version()

    /** Base URLs of the gateways whose documents SaleKit was built from. */
    @JvmStatic
    public val gatewayProfiles: List<GatewayProfile>
        get() = dev.salekit.ffi.gatewayProfiles().map { GatewayProfile(name = it.name, sandboxUrl = it.sandboxUrl, productionUrl = it.productionUrl) }

    /** Provides sentences for payers that replace SaleKit's. `null`, the default, keeps SaleKit's sentences. */
    @JvmStatic
    public var messageProvider: MessageProvider?
        get() = Messages.provider
        set(provider) {
            Messages.provider = provider
        }

    /**
     * Sends SaleKit's log lines of [level] and above to [sink]. `null`, the default, turns logging off. There is one
     * sink for the whole process. Lines contain ids and durations, never card data, tokens or page addresses.
     */
    @JvmStatic
    @JvmOverloads
    @Throws(SaleKitException::class)
    public fun setLogSink(sink: LogSink?, level: LogLevel = LogLevel.INFO): Unit =
        bridged { ffiSetLogSink(sink?.let(::LogAdapter), level.toFfi()) }
}

/**
 * A gateway's two environments.
 *
 * @property name the brand's name
 * @property sandboxUrl base URL for tests
 * @property productionUrl base URL for real money
 */
public data class GatewayProfile(val name: String, val sandboxUrl: String, val productionUrl: String)

/**
 * Receives SaleKit's log lines, one at a time and in order, on a thread of SaleKit. If it does not keep up, lines are
 * dropped when a thousand wait, and one line says how many. A slow sink delays nothing else.
 */
public fun interface LogSink {
    /** One line. Lines that this call itself causes are dropped. */
    public fun log(line: LogLine)
}

/**
 * A line of the log.
 *
 * @property level how important it is
 * @property origin the module that wrote it, for example `salekit_core::engine::driver`
 * @property text what it says, for example `state sale=… from=committing to=performing lasted_ms=412`
 */
public data class LogLine(val level: LogLevel, val origin: String, val text: String)

/** How important a log line is. */
public enum class LogLevel {
    /** Something failed that should not. */
    ERROR,

    /** Something unexpected happened; SaleKit continues. */
    WARN,

    /** Milestones. */
    INFO,

    /** Every state and request. */
    DEBUG,

    /** Everything. */
    TRACE,
}

private class LogAdapter(private val sink: LogSink) : FfiLogSink {
    override fun log(line: FfiLogLine) = called {
        sink.log(LogLine(level = line.level.toPublic(), origin = line.origin, text = line.text))
    }
}
