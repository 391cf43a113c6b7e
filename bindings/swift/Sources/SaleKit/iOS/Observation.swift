//! Observers of system events, active until they are released.

#if canImport(UIKit) && canImport(Network)
    import Dispatch
    import Foundation
    import Network

    /// Observes a notification until this object is released.
    final class Observation: @unchecked Sendable {
        private let token: any NSObjectProtocol

        init(of name: Notification.Name, _ happened: @escaping @Sendable () -> Void) {
            token = NotificationCenter.default.addObserver(forName: name, object: nil, queue: nil) { _ in happened() }
        }

        deinit { NotificationCenter.default.removeObserver(token) }
    }

    /// Notifies a client when the device has a network, until this object is released.
    final class NetworkWatch: @unchecked Sendable {
        private let monitor = NWPathMonitor()

        init(for client: SaleClient) {
            monitor.pathUpdateHandler = { path in
                if path.status == .satisfied { client.networkAvailable() }
            }
            monitor.start(queue: DispatchQueue(label: "dev.salekit.network"))
        }

        deinit { monitor.cancel() }
    }
#endif
