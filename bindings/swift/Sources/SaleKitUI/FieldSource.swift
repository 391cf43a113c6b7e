//! The source that a text field shows and edits: a field of a card form, or a stored card's code.

#if canImport(UIKit)
    import Foundation
    import SaleKit
    import UIKit

    /// The source of one text field. It holds the content: the text field only shows it and stores nothing.
    @MainActor protocol FieldSource: AnyObject {
        var state: FieldState { get }
        /// The text fields that show this source: usually one. While a screen is laid out again, the old one as well.
        var fields: ShownFields { get }
        /// The sentence about what is wrong, once it is time to show it.
        var problem: String? { get }
        /// The brand's own name, empty if it is not known.
        var brandName: String { get }
        /// Most digits of the security code.
        var longestCode: Int { get }
        /// The field that gets the focus when this one is complete.
        var next: CardTextField? { get }
        /// Makes an edit, or refuses it and changes nothing.
        func edit(_ edit: FieldEdit) -> EditResult
        func focusChanged(_ isFocused: Bool)
    }

    /// Weak references to text fields.
    @MainActor final class ShownFields {
        private struct Weak { weak var field: CardTextField? }
        private var all: [Weak] = []

        func add(_ field: CardTextField) {
            all.removeAll { $0.field == nil }
            all.append(Weak(field: field))
        }

        /// The text field that was made last.
        var last: CardTextField? { all.last { $0.field != nil }?.field }

        func show() { for each in all { each.field?.show() } }
    }

    enum EditResult {
        case refused, made
        /// The edit was made and completed the field, and the caret is at the end of the text.
        case completed
    }

    /// One change of a text, in UTF-16 code units of the text shown.
    enum FieldEdit {
        case replace(Range<Int>, String)
        /// With backspace.
        case delete(Range<Int>)
        /// With the forward-delete key.
        case deleteForward(Range<Int>)

        func make(in form: CardForm, _ field: CardField) throws(SaleKitError) -> FieldState {
            switch self {
            case .replace(let range, let text):
                // UIKit gives a String, which cannot be wiped. The copy made here can be wiped.
                var bytes = Array(text.utf8)
                return try form.replace(range, in: field, with: &bytes)
            case .delete(let range): return try form.delete(range, in: field)
            case .deleteForward(let range): return try form.deleteForward(range, in: field)
            }
        }
    }

    /// Observes a notification until this object is released.
    final class NotificationToken: @unchecked Sendable {
        private let token: any NSObjectProtocol

        private init(_ token: any NSObjectProtocol) { self.token = token }

        deinit { NotificationCenter.default.removeObserver(token) }

        /// Calls `happened` when the app is about to leave the foreground, before iOS takes its picture for the app
        /// switcher.
        @MainActor static func whenTheAppIsLeft(_ happened: @escaping @MainActor @Sendable () -> Void) -> NotificationToken {
            let center = NotificationCenter.default
            // iOS posts this on the main thread, and this handles it there. With a queue it might come after the
            // picture.
            return NotificationToken(
                center.addObserver(forName: UIApplication.willResignActiveNotification, object: nil, queue: nil) { _ in
                    MainActor.assumeIsolated { happened() }
                })
        }
    }
#endif
