//! One drawing of a view: the page it gives, and what can be done on that.

import UIKit

@MainActor final class Page {
    struct Button { let label: String, isEnabled: Bool, action: @MainActor () -> Void }

    var html = ""
    var title = ""
    var buttons: [Button] = []
    var fields: [UITextField] = []
    var tasks: [(place: String, task: @MainActor @Sendable () async -> Void)] = []
    var environment: EnvironmentValues
    let kept: Kept
    private var path: [String] = []

    init(_ environment: EnvironmentValues, _ kept: Kept) { (self.environment, self.kept) = (environment, kept) }

    /// The page, with UIKit's fields as they are now.
    var finished: String {
        html.split(separator: "\u{0}", omittingEmptySubsequences: false).enumerated()
            .map { $0.offset % 2 == 1 ? Int($0.element).map { fields[$0].html } ?? "" : String($0.element) }.joined()
    }

    var place: String { path.joined(separator: ".") }

    func within(_ key: String, _ work: () -> Void) {
        path.append(key)
        work()
        path.removeLast()
    }

    /// Calls `each` for every view that stands beside others in `view`: a section's rows, say.
    func parts(of view: any View, _ each: (any View) -> Void) {
        if let several = view as? any Several {
            for (key, part) in several.parts { within(key) { parts(of: part, each) } }
        } else if view is any Drawn || view is any UIViewRepresentable {
            each(view)
        } else {
            within("\(type(of: view))") { open(view) { parts(of: $0, each) } }
        }
    }

    func draw(_ view: any View) {
        parts(of: view) { part in
            if let drawn = part as? any Drawn { drawn.draw(self) }
            if let wrapped = part as? any UIViewRepresentable { wrapped.drawUIKit(self) }
        }
    }

    private func open<Opened: View>(_ view: Opened, _ body: (any View) -> Void) {
        for property in Mirror(reflecting: view).children {
            (property.value as? any Linked)?.link(self, property.label ?? "")
        }
        body(view.body)
    }

    func element(_ name: String, _ attributes: String = "", _ inside: () -> Void) {
        html += attributes.isEmpty ? "<\(name)>" : "<\(name) \(attributes)>"
        inside()
        html += "</\(name)>"
    }
}

/// What outlives a drawing, by place: states, UIKit's views, tasks that were begun.
@MainActor final class Kept {
    private var values: [String: Any] = [:]
    var begun: Set<String> = []

    func value<Value>(_ place: String, _ make: () -> Value) -> Value {
        if let value = values[place] as? Value { return value }
        let value = make()
        values[place] = value
        return value
    }
}

func escaped(_ text: String) -> String {
    text.replacingOccurrences(of: "&", with: "&amp;").replacingOccurrences(of: "<", with: "&lt;")
}
