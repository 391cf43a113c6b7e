//! The app: one client, one presenter, one checkout. Everything else is in the package `Shop`.

import SaleKit
import Shop
import SwiftUI
import UIKit

@main struct ShopApp: App {
    private let shop = Result { try Self.shop() }

    var body: some Scene {
        WindowGroup {
            switch shop {
            case .success(let (client, model)): CheckoutView(model: model).saleKit(client)
            // The configuration is wrong, the disk is full, or the device has not been unlocked since it started.
            case .failure: Text("You cannot pay at the moment. Please start the app again.")
            }
        }
    }

    private static func shop() throws -> (SaleClient, CheckoutModel) {
        let presenter = WebAuthenticationPresenter {
            UIApplication.shared.connectedScenes.compactMap { ($0 as? UIWindowScene)?.keyWindow }.first
        }
        let client = try SaleClient(config: config(), presenter: presenter)
        // A real app gets the order, with an access token, from the shop's server, and knows who is logged in.
        let consumer = Consumer(serialNumber: try DeviceSerial.current(), email: "ada@example.com")
        return (client, try CheckoutModel(client: client, presenter: presenter, consumer: consumer, order: .lunch()))
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
