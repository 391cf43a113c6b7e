//! Tells a client what happens to the app: it leaves the foreground, comes back, has a network again.

#if canImport(UIKit) && canImport(Network)
    import UIKit

    /// Tells a client when the app comes to the foreground or leaves it, and when the device has a network again, as long
    /// as it is held. For apps with UIKit's life cycle; make one beside the client. With SwiftUI's, see `saleKit(_:)`.
    public final class AppHooks: Sendable {
        private let foreground: Observation
        private let background: Observation
        private let network: NetworkWatch

        /// Hooks for `client`, from now on.
        @MainActor public init(for client: SaleClient) {
            foreground = Observation(of: UIApplication.willEnterForegroundNotification) { client.appForeground() }
            background = Observation(of: UIApplication.didEnterBackgroundNotification) { client.appBackground() }
            network = NetworkWatch(for: client)
        }
    }
#endif
