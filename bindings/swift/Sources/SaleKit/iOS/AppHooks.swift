//! Reports the app's changes to a client: it left the foreground, came back, or has a network again.

#if canImport(UIKit) && canImport(Network)
    import UIKit

    /// Notifies a client when the app enters or leaves the foreground and when the device has a network again, until
    /// this object is released. For apps with UIKit's life cycle; create one together with the client. For SwiftUI's
    /// life cycle, see `saleKit(_:)`.
    public final class AppHooks: Sendable {
        private let foreground: Observation
        private let background: Observation
        private let network: NetworkWatch

        /// Starts to notify `client`.
        @MainActor public init(for client: SaleClient) {
            foreground = Observation(of: UIApplication.willEnterForegroundNotification) { client.appForeground() }
            background = Observation(of: UIApplication.didEnterBackgroundNotification) { client.appBackground() }
            network = NetworkWatch(for: client)
        }
    }
#endif
