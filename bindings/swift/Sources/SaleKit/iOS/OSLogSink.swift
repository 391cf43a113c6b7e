//! SaleKit's log lines in Apple's unified log.

#if canImport(os)
    public import SaleKitGenerated
    import os

    /// Writes SaleKit's log lines to the unified log: `try SaleKitLibrary.log(to: OSLogSink())`. They hold ids and durations,
    /// never card data, tokens or addresses of pages, so they are public.
    public final class OSLogSink: LogSink {
        private let logger: Logger

        /// - Parameters:
        ///   - subsystem: Whose lines they are: an app may give its bundle identifier.
        ///   - category: Which of its lines.
        public init(subsystem: String = "dev.salekit", category: String = "SaleKit") {
            logger = Logger(subsystem: subsystem, category: category)
        }

        public func log(_ line: LogLine) {
            logger.log(level: type(of: line.level), "\(line.origin, privacy: .public): \(line.text, privacy: .public)")
        }

        /// The unified log has no warnings: they are what it keeps by itself, as `default`.
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
