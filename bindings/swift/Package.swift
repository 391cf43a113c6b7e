// swift-tools-version: 6.0
//
// The Swift package. What it links:
//   on Linux, where the tests run: the shared library that cargo builds; its folder comes with -Xlinker -L.
//   on Apple's systems: SaleKit.xcframework beside this file if it is there, else the released one.
import PackageDescription

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// The released XCFramework: where it is and its SHA-256, as `swift package compute-checksum` prints it. Both are `nil`
/// as long as there is no release.
let release: (url: String?, checksum: String?) = (nil, nil)

/// The C interface of the Rust library. The product of the same name must not exist twice in an app: one XCFramework.
func library() -> Target {
    #if os(Linux)
        return .systemLibrary(name: "CSaleKit", path: "Sources/CSaleKit")
    #else
        let local = "SaleKit.xcframework"
        if access("\(Context.packageDirectory)/\(local)", F_OK) == 0 {
            return .binaryTarget(name: "CSaleKit", path: local)
        }
        if let url = release.url, let checksum = release.checksum {
            return .binaryTarget(name: "CSaleKit", url: url, checksum: checksum)
        }
        fatalError("SaleKit has no release yet: build SaleKit.xcframework into \(Context.packageDirectory)")
    #endif
}

/// What this project writes itself. Nothing of another module is public unless a file says `public import`.
let ours: [SwiftSetting] = [.swiftLanguageMode(.v6), .enableUpcomingFeature("InternalImportsByDefault")]

/// The card fields, a product of their own: an app with fields of its own does not link them. On Linux there is no UIKit;
/// ios-sample compiles these files there against stand-ins, and runs them.
#if os(Linux)
    let fields: (products: [Product], targets: [Target]) = ([], [])
#else
    let fields: (products: [Product], targets: [Target]) = (
        [.library(name: "SaleKitUI", targets: ["SaleKitUI"])],
        [.target(name: "SaleKitUI", dependencies: ["SaleKit"], swiftSettings: ours)]
    )
#endif

let package = Package(
    name: "SaleKit",
    platforms: [.iOS(.v15), .macOS(.v12)],
    products: [
        .library(name: "SaleKit", targets: ["SaleKit"]),
        // For unit tests of apps; no app links it.
        .library(name: "SaleKitTesting", targets: ["SaleKitTesting"]),
    ] + fields.products,
    targets: fields.targets + [
        library(),
        // Written by UniFFI, which is not ready for the language mode 6.
        .target(
            name: "SaleKitGenerated",
            dependencies: ["CSaleKit"],
            swiftSettings: [.swiftLanguageMode(.v5)],
            linkerSettings: [.linkedLibrary("salekit", .when(platforms: [.linux]))]
        ),
        .target(
            name: "SaleKit",
            dependencies: ["SaleKitGenerated"],
            // In a bundle of its own, where Xcode finds it: what Apple asks about the app's data.
            resources: [.process("PrivacyInfo.xcprivacy")],
            swiftSettings: ours
        ),
        .target(name: "SaleKitTesting", dependencies: ["SaleKit"], swiftSettings: ours),
        .target(name: "Fixtures", dependencies: ["SaleKit"], path: "Tests/Fixtures", swiftSettings: ours),
        // A process of its own for the tests that kill one or weigh one.
        .executableTarget(
            name: "sale-process",
            dependencies: ["SaleKit", "Fixtures"],
            path: "Tests/sale-process",
            swiftSettings: ours
        ),
        .testTarget(
            name: "SaleKitTests",
            dependencies: ["SaleKit", "SaleKitGenerated", "Fixtures", "sale-process"],
            swiftSettings: ours
        ),
        .testTarget(name: "SaleKitTestingTests", dependencies: ["SaleKit", "SaleKitTesting"], swiftSettings: ours),
    ]
)
