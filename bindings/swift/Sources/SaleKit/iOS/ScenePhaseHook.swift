//! The hooks of ``AppHooks`` for apps with SwiftUI's life cycle.

#if canImport(UIKit) && canImport(Network) && canImport(SwiftUI)
    public import SwiftUI

    extension View {
        /// Tells `client` when this view's scene comes to the foreground or leaves it, and when the device has a network
        /// again. For the outermost view of each scene.
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
