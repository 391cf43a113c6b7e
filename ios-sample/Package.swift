// swift-tools-version: 6.0
//
// All of the sample but the file with @main, which App/ShopApp.xcodeproj adds. On Linux Apple's frameworks are stood in for
// by StandIns, and SaleKit's card fields are compiled against those, from the same files (Linux/SaleKitUI is a link).
import PackageDescription

let ours: [SwiftSetting] = [.swiftLanguageMode(.v6), .enableUpcomingFeature("InternalImportsByDefault")]
let saleKit = Target.Dependency.product(name: "SaleKit", package: "swift")

#if os(Linux)
    let standIns: [Target.Dependency] = ["UIKit", "SwiftUI"]
    let fields = Target.Dependency.target(name: "SaleKitUI")
    let linux: [Target] = [
        .target(name: "UIKit", path: "StandIns/UIKit"),
        .target(name: "SwiftUI", dependencies: ["UIKit"], path: "StandIns/SwiftUI"),
        .target(name: "SaleKitUI", dependencies: [saleKit] + standIns, path: "Linux/SaleKitUI", swiftSettings: ours),
        .target(name: "Sandbox", dependencies: [saleKit], path: "Tests/Sandbox"),
        // A process of its own for the test that kills one.
        .executableTarget(name: "shop-process", dependencies: ["Shop", "Sandbox", saleKit] + standIns, path: "Tests/shop-process"),
        .testTarget(
            name: "ShopTests", dependencies: ["Shop", "Sandbox", "shop-process", fields, saleKit] + standIns, path: "Tests/ShopTests"),
        .testTarget(name: "FieldTests", dependencies: [fields, saleKit] + standIns, path: "Tests/FieldTests"),
    ]
#else
    let standIns: [Target.Dependency] = []
    let fields = Target.Dependency.product(name: "SaleKitUI", package: "swift")
    let linux: [Target] = []
#endif

let package = Package(
    name: "ios-sample",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "Shop", targets: ["Shop"])],
    dependencies: [.package(path: "../bindings/swift")],
    targets: [.target(name: "Shop", dependencies: [saleKit, fields] + standIns, path: "Shop", swiftSettings: ours)] + linux
)
