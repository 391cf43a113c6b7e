//! Views and how they are built. Enough of SwiftUI to run the sample's views on Linux and to look at them as a web page: what
//! is there and what it does is the views' own, how it looks is an approximation.

@_exported import Foundation
@_exported import Observation

@MainActor @preconcurrency public protocol View {
    associatedtype Body: View
    @ViewBuilder var body: Body { get }
}

extension Never: View { public var body: Never { fatalError() } }
extension View where Body == Never { public var body: Never { fatalError("\(Self.self) is drawn") } }

/// A view that is drawn as it is, without a body.
@MainActor protocol Drawn { func draw(_ page: Page) }

/// A view that is nothing but others.
@MainActor protocol Several { var parts: [(key: String, view: any View)] { get } }

public struct Tuple: View, Several {
    let views: [any View]
    /// Which of two branches this is.
    var branch = ""
    var parts: [(key: String, view: any View)] { views.enumerated().map { ("\(branch)\($0)", $1) } }
    public typealias Body = Never
}

public struct EmptyView: View, Several {
    public init() {}
    var parts: [(key: String, view: any View)] { [] }
    public typealias Body = Never
}

@resultBuilder @MainActor public enum ViewBuilder {
    public static func buildBlock<each Content: View>(_ content: repeat each Content) -> Tuple {
        var views: [any View] = []
        repeat views.append(each content)
        return Tuple(views: views)
    }
    public static func buildBlock<Content: View>(_ content: Content) -> Content { content }
    public static func buildIf<Content: View>(_ content: Content?) -> Content? { content }
    public static func buildEither<Content: View>(first: Content) -> Tuple { Tuple(views: [first], branch: "a") }
    public static func buildEither<Content: View>(second: Content) -> Tuple { Tuple(views: [second], branch: "b") }
}

extension Optional: View where Wrapped: View { public typealias Body = Never }
extension Optional: Several where Wrapped: View {
    var parts: [(key: String, view: any View)] { map { [("", $0)] } ?? [] }
}

public struct ForEach<Item: Identifiable, Content: View>: View, Several {
    let items: [Item], content: (Item) -> Content
    public init(_ items: [Item], @ViewBuilder content: @escaping (Item) -> Content) {
        self.items = items
        self.content = content
    }
    var parts: [(key: String, view: any View)] { items.map { ("\($0.id)", content($0)) } }
    public typealias Body = Never
}
