// swift-tools-version: 6.0
//
// SaleKit's Swift package as seen from outside: Swift Package Manager reads the manifest in a repository's root. The sources,
// their tests and a manifest of their own are in bindings/swift; both manifests say the same of the products.
import PackageDescription

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// The released XCFramework: where it is and its SHA-256, as `swift package compute-checksum` prints it. Both are `nil`
/// as long as there is no release.
let release: (url: String?, checksum: String?) = (nil, nil)

let sources = "bindings/swift/Sources"

/// The C interface of the Rust library. The product of the same name must not exist twice in an app: one XCFramework.
func library() -> Target {
    #if os(Linux)
        return .systemLibrary(name: "CSaleKit", path: "\(sources)/CSaleKit")
    #else
        let local = "bindings/swift/SaleKit.xcframework"
        if access("\(Context.packageDirectory)/\(local)", F_OK) == 0 {
            return .binaryTarget(name: "CSaleKit", path: local)
        }
        if let url = release.url, let checksum = release.checksum {
            return .binaryTarget(name: "CSaleKit", url: url, checksum: checksum)
        }
        fatalError("SaleKit has no release yet: build SaleKit.xcframework into \(Context.packageDirectory)/bindings/swift")
    #endif
}

/// Nothing of another module is public unless a file says `public import`.
let ours: [SwiftSetting] = [.swiftLanguageMode(.v6), .enableUpcomingFeature("InternalImportsByDefault")]

#if os(Linux)
    // There is no UIKit.
    let fields: (products: [Product], targets: [Target]) = ([], [])
#else
    let fields: (products: [Product], targets: [Target]) = (
        [.library(name: "SaleKitUI", targets: ["SaleKitUI"])],
        [.target(name: "SaleKitUI", dependencies: ["SaleKit"], path: "\(sources)/SaleKitUI", swiftSettings: ours)]
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
            path: "\(sources)/SaleKitGenerated",
            swiftSettings: [.swiftLanguageMode(.v5)],
            linkerSettings: [.linkedLibrary("salekit", .when(platforms: [.linux]))]
        ),
        .target(
            name: "SaleKit",
            dependencies: ["SaleKitGenerated"],
            path: "\(sources)/SaleKit",
            // In a bundle of its own, where Xcode finds it: what Apple asks about the app's data.
            resources: [.process("PrivacyInfo.xcprivacy")],
            swiftSettings: ours
        ),
        .target(name: "SaleKitTesting", dependencies: ["SaleKit"], path: "\(sources)/SaleKitTesting", swiftSettings: ours),
    ]
)
