//! UIKit's views inside SwiftUI's.

import UIKit

@MainActor @preconcurrency public protocol UIViewRepresentable: View where Body == Never {
    associatedtype UIViewType: UIView
    associatedtype Coordinator = Void
    typealias Context = UIViewRepresentableContext<Self>
    func makeCoordinator() -> Coordinator
    func makeUIView(context: Context) -> UIViewType
    func updateUIView(_ view: UIViewType, context: Context)
}

extension UIViewRepresentable where Coordinator == Void { public func makeCoordinator() {} }

@MainActor public struct UIViewRepresentableContext<Representable: UIViewRepresentable> {
    public let coordinator: Representable.Coordinator
    public let environment: EnvironmentValues
}

extension UIViewRepresentable {
    func drawUIKit(_ page: Page) {
        let place = "\(page.place)/\(Self.self)"
        let coordinator = page.kept.value("\(place)#coordinator") { makeCoordinator() }
        let context = Context(coordinator: coordinator, environment: page.environment)
        let view = page.kept.value(place) { makeUIView(context: context) }
        updateUIView(view, context: context)
        UIView.pageDirection = page.environment.layoutDirection == .rightToLeft ? .rightToLeft : .leftToRight
        view.layoutSubviews()
        guard let field = view as? UITextField else { return }
        // UIKit's views draw themselves, whenever the page is looked at.
        page.html += "\u{0}\(page.fields.count)\u{0}"
        page.fields.append(field)
    }
}

extension UITextField {
    var html: String {
        let shown = drawn.isEmpty ? placeholder ?? "" : drawn
        let direction = baseWritingDirection == .leftToRight ? "ltr" : "auto"
        let side = semanticContentAttribute == .forceLeftToRight ? "ltr" : "inherit"
        var mark = ""
        if let label = rightView as? UILabel, rightViewMode == .always, !label.isHidden { mark = "<em>\(escaped(label.text ?? ""))</em>" }
        return """
            <div class='field \(borderStyle)' style='direction:\(side);text-align:\(align)'>\
            <span dir=\(direction) class='\(drawn.isEmpty ? "placeholder" : textColor?.name ?? "")'>\(escaped(shown))</span>\(mark)</div>
            """
    }

    private var align: String {
        switch textAlignment {
        case .left: "left"
        case .right: "right"
        case .center: "center"
        // Of the page, whatever the text is.
        case .natural: UIView.pageDirection == .rightToLeft ? "right" : "left"
        }
    }
}
