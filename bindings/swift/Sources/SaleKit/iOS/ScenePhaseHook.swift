//! The same as ``AppHooks``, for apps with SwiftUI's life cycle.

#if canImport(UIKit) && canImport(Network) && canImport(SwiftUI)
    public import SwiftUI

    extension View {
        /// Notifies `client` when this view's scene enters or leaves the foreground, and when the device has a network
        /// again. Apply it to the outermost view of each scene.
        public func saleKit(_ client: SaleClient) -> some View { modifier(ScenePhaseHook(client: client)) }
    }

    private struct ScenePhaseHook: ViewModifier {
        let client: SaleClient
        @Environment(\.scenePhase) private var phase
        @State private var network: NetworkWatch?

        func body(content: Content) -> some View {
            content
                .onAppear { if network == nil { network = NetworkWatch(for: client) } }
                .onChange(of: phase) { phase in
                    switch phase {
                    case .active: client.appForeground()
                    case .background: client.appBackground()
                    default: break
                    }
                }
        }
    }
#endif
