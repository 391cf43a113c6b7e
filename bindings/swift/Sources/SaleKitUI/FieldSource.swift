//! What a text field shows and edits: a field of a card form, or a stored card's code.

#if canImport(UIKit)
    import Foundation
    import SaleKit
    import UIKit

    /// What stands behind one text field. The truth is here: a field shows it and keeps nothing of its own.
    @MainActor protocol FieldSource: AnyObject {
        var state: FieldState { get }
        /// The text fields that show this: mostly one; while a screen is laid out anew, the old one as well.
        var fields: ShownFields { get }
        /// The sentence of what is wrong, when it is time to say so.
        var problem: String? { get }
        /// The brand's own name, empty if it is not known.
        var brandName: String { get }
        /// Most digits of the security code.
        var longestCode: Int { get }
        /// The field that is typed into when this one is complete.
        var next: CardTextField? { get }
        /// Makes an edit, or refuses it and changes nothing.
        func edit(_ edit: FieldEdit) -> EditResult
        func focusChanged(_ isFocused: Bool)
    }

    /// Text fields, as long as somebody else holds them.
    @MainActor final class ShownFields {
        private struct Weak { weak var field: CardTextField? }
        private var all: [Weak] = []

        func add(_ field: CardTextField) {
            all.removeAll { $0.field == nil }
            all.append(Weak(field: field))
        }

        /// The one that was made last.
        var last: CardTextField? { all.last { $0.field != nil }?.field }

        func show() { for each in all { each.field?.show() } }
    }

    enum EditResult {
        case refused, made
        /// Made, and the field is complete by it, with nothing behind the caret.
        case completed
    }

    /// One change of a text, in UTF-16 code units of what is shown.
    enum FieldEdit {
        case replace(Range<Int>, String)
        /// By backspace.
        case delete(Range<Int>)
        /// By the key that deletes behind the caret.
        case deleteForward(Range<Int>)

        func make(in form: CardForm, _ field: CardField) throws(SaleKitError) -> FieldState {
            switch self {
            case .replace(let range, let text):
                // UIKit gives a String, which cannot be wiped; the copy made here can.
                var bytes = Array(text.utf8)
                return try form.replace(range, in: field, with: &bytes)
            case .delete(let range): return try form.delete(range, in: field)
            case .deleteForward(let range): return try form.deleteForward(range, in: field)
            }
        }
    }

    /// A notification that is listened to until this object is released.
    final class NotificationToken: @unchecked Sendable {
        private let token: any NSObjectProtocol

        private init(_ token: any NSObjectProtocol) { self.token = token }

        deinit { NotificationCenter.default.removeObserver(token) }

        /// Calls `happened` when the app is about to leave the foreground: before iOS takes its picture.
        @MainActor static func whenTheAppIsLeft(_ happened: @escaping @MainActor @Sendable () -> Void) -> NotificationToken {
            let center = NotificationCenter.default
            // Posted on the main thread, and taken there: with a queue it might come after the picture.
            return NotificationToken(
                center.addObserver(forName: UIApplication.willResignActiveNotification, object: nil, queue: nil) { _ in
                    MainActor.assumeIsolated { happened() }
                })
        }
    }
#endif
