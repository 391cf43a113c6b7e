//! The modifiers that the sample uses.

public struct Modified<Content: View>: View, Drawn {
    let content: Content, apply: @MainActor (Page, () -> Void) -> Void
    func draw(_ page: Page) { apply(page) { page.draw(content) } }
    public typealias Body = Never
}

public enum Font: String, Sendable { case largeTitle, title2, headline, body, footnote }
public enum Color: String, Sendable { case primary, secondary, red, green, orange }
public struct BorderedProminentButtonStyle: Sendable {}
extension BorderedProminentButtonStyle { public static var borderedProminent: Self { Self() } }

extension View {
    private func styled(_ name: String) -> Modified<Self> {
        Modified(content: self) { page, draw in page.element("div", "class='styled \(name)'", draw) }
    }

    public func font(_ font: Font) -> some View { styled(font.rawValue) }
    public func bold() -> some View { styled("bold") }
    public func foregroundStyle(_ color: Color) -> some View { styled(color.rawValue) }
    public func buttonStyle(_ style: BorderedProminentButtonStyle) -> some View { styled("prominent") }

    public func fixedSize() -> some View { styled("fixed") }

    /// Passed over by VoiceOver; drawn all the same.
    public func accessibilityHidden(_ isHidden: Bool) -> some View { self }

    public func disabled(_ isDisabled: Bool) -> some View {
        Modified(content: self) { page, draw in
            let before = page.environment
            page.environment.isEnabled = before.isEnabled && !isDisabled
            draw()
            page.environment = before
        }
    }

    public func navigationTitle(_ title: String) -> some View {
        Modified(content: self) { page, draw in
            page.title = title
            draw()
        }
    }

    /// Begun when the view appears first.
    public func task(@_inheritActorContext _ action: @escaping @MainActor @Sendable () async -> Void) -> some View {
        Modified(content: self) { page, draw in
            page.tasks.append((page.place, action))
            draw()
        }
    }
}
