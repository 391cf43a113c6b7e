//! The views that the sample uses.

public struct Text: View, Drawn {
    let text: String
    public init(_ text: String) { self.text = text }
    func draw(_ page: Page) { page.element("span", "class=text") { page.html += escaped(text) } }
    public typealias Body = Never
}

/// A symbol, by the first part of its name.
public struct Image: View, Drawn {
    let name: String
    public init(systemName: String) { name = systemName }
    func draw(_ page: Page) {
        let shape =
            switch name.prefix(while: { $0 != "." }) {
            case "checkmark": "<path d='M7 12.5l3.5 3.5L17 9'/>"
            case "xmark": "<path d='M8.5 8.5l7 7m0-7l-7 7'/>"
            case "questionmark": "<path d='M9 9.5a3 3 0 1 1 4.2 2.7c-.8.4-1.2.9-1.2 1.8m0 2.6v.2'/>"
            default: "<path d='M12 7v5l3.5 2'/>"
            }
        page.html += "<svg class=symbol viewBox='0 0 24 24'><circle cx=12 cy=12 r=11 />\(shape)</svg>"
    }
    public typealias Body = Never
}

public struct ProgressView: View, Drawn {
    public init() {}
    func draw(_ page: Page) { page.html += "<i class=spin></i>" }
    public typealias Body = Never
}

public enum HorizontalAlignment: Sendable { case leading, center }
public enum VerticalAlignment: String, Sendable { case top, center, firstTextBaseline }

public struct VStack<Content: View>: View, Drawn {
    let content: Content, alignment: HorizontalAlignment, spacing: CGFloat
    public init(alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> Content) {
        (self.alignment, self.spacing, self.content) = (alignment, spacing ?? 8, content())
    }
    func draw(_ page: Page) {
        page.element("div", "class='v \(alignment)' style='gap:\(Int(spacing))px'") { page.draw(content) }
    }
    public typealias Body = Never
}

public struct HStack<Content: View>: View, Drawn {
    let content: Content, alignment: VerticalAlignment, spacing: CGFloat
    public init(alignment: VerticalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> Content) {
        (self.alignment, self.spacing, self.content) = (alignment, spacing ?? 8, content())
    }
    func draw(_ page: Page) {
        page.element("div", "class='h \(alignment)' style='gap:\(Int(spacing))px'") { page.draw(content) }
    }
    public typealias Body = Never
}

public struct Spacer: View, Drawn {
    public init() {}
    func draw(_ page: Page) { page.html += "<b class=spacer></b>" }
    public typealias Body = Never
}

public struct Form<Content: View>: View, Drawn {
    let content: Content
    public init(@ViewBuilder content: () -> Content) { self.content = content() }
    func draw(_ page: Page) { page.element("main") { page.draw(content) } }
    public typealias Body = Never
}

public struct Section<Content: View>: View, Drawn {
    let header: String?, footer: (any View)?, content: Content
    public init(@ViewBuilder content: () -> Content) { (header, footer, self.content) = (nil, nil, content()) }
    public init(_ header: String, @ViewBuilder content: () -> Content) {
        (self.header, footer, self.content) = (header, nil, content())
    }
    public init<Footer: View>(@ViewBuilder content: () -> Content, @ViewBuilder footer: () -> Footer) {
        (header, self.footer, self.content) = (nil, footer(), content())
    }
    func draw(_ page: Page) {
        if let header { page.element("h2") { page.html += escaped(header) } }
        page.element("section") {
            page.parts(of: content) { row in page.element("div", "class=row") { page.draw(row) } }
        }
        if let footer { page.element("footer") { page.within("footer") { page.draw(footer) } } }
    }
    public typealias Body = Never
}

public struct NavigationStack<Content: View>: View {
    let content: Content
    public init(@ViewBuilder root: () -> Content) { content = root() }
    public var body: some View { content }
}

public struct Button: View, Drawn {
    let label: String, action: @MainActor () -> Void
    public init(_ label: String, action: @escaping @MainActor () -> Void) { (self.label, self.action) = (label, action) }
    func draw(_ page: Page) {
        let isEnabled = page.environment.isEnabled
        page.buttons.append(Page.Button(label: label, isEnabled: isEnabled, action: action))
        page.element("button", isEnabled ? "" : "disabled") { page.html += escaped(label) }
    }
    public typealias Body = Never
}
