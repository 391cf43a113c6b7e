//! SaleKit's log lines in Apple's unified log.

#if canImport(os)
    public import SaleKitGenerated
    import os

    /// Writes SaleKit's log lines to the unified log: `try SaleKitLibrary.log(to: OSLogSink())`. Lines contain ids and
    /// durations, never card data, tokens or page addresses, so they are logged as public.
    public final class OSLogSink: LogSink {
        private let logger: Logger

        /// - Parameters:
        ///   - subsystem: The subsystem of the lines, for example the app's bundle identifier.
        ///   - category: The category of the lines.
        public init(subsystem: String = "dev.salekit", category: String = "SaleKit") {
            logger = Logger(subsystem: subsystem, category: category)
        }

        public func log(_ line: LogLine) {
            logger.log(level: type(of: line.level), "\(line.origin, privacy: .public): \(line.text, privacy: .public)")
        }

        /// The unified log has no level for warnings. They become `default`, which it stores without further
        /// configuration.
        private func type(of level: LogLevel) -> OSLogType {
            switch level {
            case .error: .error
            case .warn: .default
            case .info: .info
            case .debug, .trace: .debug
            }
        }
    }
#endif
