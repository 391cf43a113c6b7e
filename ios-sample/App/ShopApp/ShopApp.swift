//! The app: one client, one presenter, one checkout. Everything else is in the package `Shop`.

import SaleKit
import Shop
import SwiftUI
import UIKit

@main struct ShopApp: App {
    private let client: SaleClient
    private let model: CheckoutModel

    init() {
        do {
            let presenter = WebAuthenticationPresenter {
                UIApplication.shared.connectedScenes.compactMap { ($0 as? UIWindowScene)?.keyWindow }.first
            }
            client = try SaleClient(config: Self.config(), presenter: presenter)
            // A real app gets the order, with an access token, from the shop's server, and knows who is logged in.
            let consumer = Consumer(serialNumber: try DeviceSerial.current(), email: "ada@example.com")
            model = try CheckoutModel(client: client, presenter: presenter, consumer: consumer, order: .lunch())
        } catch {
            fatalError("the configuration is wrong: \(error)")
        }
    }

    var body: some Scene {
        WindowGroup { CheckoutView(model: model).saleKit(client) }
    }

    /// The sandbox on this Mac. Its authority is trusted in debug builds only, and never shipped.
    private static func config() throws -> SaleClientConfig {
        var config = SaleClientConfig(
            gatewayURL: URL(string: "https://127.0.0.1:8443/paynet")!, merchantURL: URL(string: "https://127.0.0.1:8444")!)
        config.storeDirectory = try PrivateFolder.snapshots()
        #if DEBUG
            if let roots = Bundle.main.url(forResource: "ca", withExtension: "pem") {
                config.tls.extraRootsPEM = try String(contentsOf: roots, encoding: .utf8)
            }
        #endif
        return config
    }
}
