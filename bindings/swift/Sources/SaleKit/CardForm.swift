//! The card-entry form. It takes single characters or bytes, never a `String`: Swift copies strings and frees them
//! without wiping them.

public import SaleKitGenerated

/// A card while it is typed: what a card-entry screen works on.
///
/// There is no call that reads the number. `FieldState.display` shows it while the cardholder types it (see
/// ``Masking``), and later only the first six and the last four digits. Report focus changes with ``focusGained(_:)``
/// and ``focusLost(_:)``. Digits of any script are digits. Positions count UTF-16 code units of the text shown, as
/// `UITextField` does. A refused edit throws ``SaleKitError/invalidInput(field:rule:detail:)`` and changes nothing. All
/// that was typed is wiped when the card is taken or the form is released.
public final class CardForm: Sendable, CustomStringConvertible, CustomReflectable {
    let core: SaleKitGenerated.CardForm

    /// An empty form.
    ///
    /// - Throws: ``SaleKitError/internal(detail:)`` only.
    public init(holder: HolderFields = .printedName) throws(SaleKitError) {
        core = try calling { try SaleKitGenerated.CardForm(holder: holder) }
    }

    /// The fields of this form, in the order in which they are asked for.
    public var fields: [CardField] { (try? core.fields()) ?? [] }

    /// The fields that are not valid yet. If none is left, a sale can be started.
    public var missing: [CardField] { (try? core.missing()) ?? fields }

    /// What the number typed so far says about the card.
    public var hints: CardHints {
        get throws(SaleKitError) { try calling { try core.hints() } }
    }

    /// What to show in a field now, with the caret at its end.
    public func state(of field: CardField) throws(SaleKitError) -> FieldState {
        try calling { try core.state(field: field) }
    }

    /// Types `key` at `position`.
    @discardableResult
    public func insert(_ key: Unicode.Scalar, at position: Int, in field: CardField) throws(SaleKitError) -> FieldState {
        try calling { try core.insert(field: field, position: units(position), key: key.value) }
    }

    /// Deletes `range`, as backspace does. At a separator it deletes the digit before it.
    @discardableResult
    public func delete(_ range: Range<Int>, in field: CardField) throws(SaleKitError) -> FieldState {
        try calling {
            try core.delete(field: field, start: units(range.lowerBound), end: units(range.upperBound))
        }
    }

    /// Deletes `range`, as the forward-delete key does. At a separator it deletes the digit after it.
    ///
    /// Text fields report the same range for both keys. Before backspace the caret is at the range's end, before
    /// forward delete at its start.
    @discardableResult
    public func deleteForward(_ range: Range<Int>, in field: CardField) throws(SaleKitError) -> FieldState {
        try calling {
            try core.deleteForward(field: field, start: units(range.lowerBound), end: units(range.upperBound))
        }
    }

    /// Replaces `range` with `text` (UTF-8). Replacing the whole text with more than one character counts as pasting.
    /// `text` is wiped and emptied in every case, also if the call throws.
    @discardableResult
    public func replace(
        _ range: Range<Int>, in field: CardField, with text: inout [UInt8]
    ) throws(SaleKitError) -> FieldState {
        try calling {
            try wiping(&text) { text in
                try core.replace(
                    field: field, start: units(range.lowerBound), end: units(range.upperBound), text: text)
            }
        }
    }

    /// Replaces the whole text with `text` (UTF-8), as pasting and autofill do. A text that does not fit is refused as
    /// a whole. Afterwards the field counts as left: SaleKit expects no more typing in it. `text` is wiped and emptied
    /// in every case, also if the call throws.
    @discardableResult
    public func paste(_ text: inout [UInt8], into field: CardField) throws(SaleKitError) -> FieldState {
        try calling { try wiping(&text) { text in try core.paste(field: field, text: text) } }
    }

    /// The cardholder entered `field`. The form shows the digits typed so far again, unless the number is complete. An
    /// edit has the same effect.
    @discardableResult
    public func focusGained(_ field: CardField) throws(SaleKitError) -> FieldState {
        try calling { try core.focusGained(field: field) }
    }

    /// The cardholder left `field`. The form masks the number, and expects no more typing in the field.
    @discardableResult
    public func focusLost(_ field: CardField) throws(SaleKitError) -> FieldState {
        try calling { try core.focusLost(field: field) }
    }

    /// Empties a field.
    @discardableResult
    public func clear(_ field: CardField) throws(SaleKitError) -> FieldState {
        try calling { try core.clear(field: field) }
    }

    /// Sets how much of the number the form shows from now on.
    public func setMasking(_ masking: Masking) { try? core.setMasking(masking: masking) }

    /// Hides a number that is being typed, until the next keystroke. Call it from a timer, or when the app leaves the
    /// foreground.
    public func conceal() { try? core.conceal() }

    /// Empties and wipes all fields.
    public func wipe() { try? core.wipe() }

    /// The missing fields, and nothing that was typed.
    public var description: String { "CardForm(missing: \(missing))" }

    /// The same as `description`.
    public var customMirror: Mirror { Mirror(self, children: ["missing": missing]) }
}

/// Converts a position to the interface's type. A negative one becomes 0; one that is too large becomes the maximum,
/// which is beyond the end of every text.
private func units(_ position: Int) -> UInt32 { UInt32(clamping: position) }
