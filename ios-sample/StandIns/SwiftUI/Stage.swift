//! Shows a view and lets a test use it.

import UIKit

/// Draws a view anew when something that it looked at has changed.
@MainActor public final class Stage {
    private let view: any View
    private let kept = Kept()
    private let environment: EnvironmentValues
    private var page: Page
    private var isStale = true
    private let delaysTasks: Bool

    /// - Parameter delaysTasks: Begin what `.task` says only with ``runTasks()``, as on a busy device.
    public init(_ view: any View, _ environment: EnvironmentValues = EnvironmentValues(), delaysTasks: Bool = false) {
        self.view = view
        self.environment = environment
        self.delaysTasks = delaysTasks
        page = Page(environment, kept)
        draw()
    }

    private func draw() {
        repeat {
            isStale = false
            page = Page(environment, kept)
            withObservationTracking { page.draw(view) } onChange: { [weak self] in
                // Everything that is observed here is the main actor's.
                MainActor.assumeIsolated { self?.isStale = true }
            }
        } while isStale
        if !delaysTasks { for task in newTasks() { Task { await task() } } }
    }

    private func newTasks() -> [@MainActor @Sendable () async -> Void] {
        page.tasks.filter { kept.begun.insert($0.place).inserted }.map(\.task)
    }

    /// Begins the page's tasks, and returns when they have ended.
    public func runTasks() async {
        for task in newTasks() { await task() }
    }

    private var now: Page {
        if isStale { draw() }
        return page
    }

    public var html: String { document(now) }

    /// The same page in other surroundings.
    public func html(_ environment: EnvironmentValues) -> String {
        let other = Page(environment, kept)
        other.draw(view)
        defer { draw() }
        return document(other)
    }

    /// The words on the page, in one line.
    public var text: String {
        var text = now.title + " " + now.finished.replacingOccurrences(of: "<[^>]*>", with: " ", options: .regularExpression)
        for mark in ["\u{2066}", "\u{2069}"] { text = text.replacingOccurrences(of: mark, with: "") }
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ").replacingOccurrences(of: "&amp;", with: "&")
    }

    public var buttons: [String] { now.buttons.filter(\.isEnabled).map(\.label) }

    public func field(_ identifier: String) -> UITextField? { now.fields.first { $0.accessibilityIdentifier == identifier } }

    /// Taps a button. False if there is none, or none that can be tapped.
    @discardableResult public func tap(_ label: String) -> Bool {
        guard let button = now.buttons.first(where: { $0.label == label && $0.isEnabled }) else { return false }
        button.action()
        return true
    }
}
