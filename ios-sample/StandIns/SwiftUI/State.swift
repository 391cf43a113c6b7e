//! What a view keeps from one drawing to the next, and what it gets from its surroundings.

import UIKit

/// A property of a view that is given its value when the view is drawn.
@MainActor protocol Linked { func link(_ page: Page, _ name: String) }

@Observable final class Box<Value> {
    var value: Value
    init(_ value: Value) { self.value = value }
}

@MainActor @propertyWrapper public struct State<Value>: Linked {
    @MainActor private final class Place {
        var box: Box<Value>
        init(_ first: Value) { box = Box(first) }
    }
    private let place: Place
    public init(wrappedValue: Value) { place = Place(wrappedValue) }
    public var wrappedValue: Value {
        get { place.box.value }
        nonmutating set { place.box.value = newValue }
    }
    public var projectedValue: Binding<Value> {
        let box = place.box
        return Binding(get: { box.value }, set: { box.value = $0 })
    }
    func link(_ page: Page, _ name: String) { place.box = page.kept.value("\(page.place)#\(name)") { place.box } }
}

@MainActor @propertyWrapper public struct Binding<Value> {
    private let get: @MainActor () -> Value, set: @MainActor (Value) -> Void
    public init(get: @escaping @MainActor () -> Value, set: @escaping @MainActor (Value) -> Void) { (self.get, self.set) = (get, set) }
    public var wrappedValue: Value {
        get { get() }
        nonmutating set { set(newValue) }
    }
}

public enum ColorScheme: Sendable { case light, dark }
public enum LayoutDirection: Sendable { case leftToRight, rightToLeft }
public enum DynamicTypeSize: Sendable {
    case large, accessibility1
    public var isAccessibilitySize: Bool { self == .accessibility1 }
}

public struct EnvironmentValues: Sendable {
    public var isEnabled = true
    public var colorScheme = ColorScheme.light
    public var layoutDirection = LayoutDirection.leftToRight
    public var dynamicTypeSize = DynamicTypeSize.large
    public init() {}
}

@MainActor @propertyWrapper public struct Environment<Value>: Linked {
    @MainActor private final class Place { var values = EnvironmentValues() }
    private let path: KeyPath<EnvironmentValues, Value>
    private let place = Place()
    public init(_ path: KeyPath<EnvironmentValues, Value>) { self.path = path }
    public var wrappedValue: Value { place.values[keyPath: path] }
    func link(_ page: Page, _ name: String) { place.values = page.environment }
}
