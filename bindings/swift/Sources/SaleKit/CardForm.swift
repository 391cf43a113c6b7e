//! The card-entry form. What goes in are single characters or bytes, never a `String`: Swift's strings are copied and
//! freed without being wiped.

public import SaleKitGenerated

/// A card while it is typed: what a card-entry screen works on.
///
/// There is no way to ask for the number: it is shown to who types it, until they leave the field or less (see
/// ``Masking``); then, of a complete number, the first six and the last four. Tell the form about the focus with
/// ``focusGained(_:)`` and ``focusLost(_:)``. Digits of any script are digits. Positions count UTF-16 code units of the text shown, as
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

    /// The fields that are not valid yet. With none left a sale can be started.
    public var missing: [CardField] { (try? core.missing()) ?? fields }

    /// What the number typed so far tells of the card.
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

    /// Deletes `range`, as the key does that deletes behind the caret. At a separator it deletes the digit behind it.
    ///
    /// Text fields report the same range for both keys: before backspace the caret stood at its end, before this one at
    /// its start.
    @discardableResult
    public func deleteForward(_ range: Range<Int>, in field: CardField) throws(SaleKitError) -> FieldState {
        try calling {
            try core.deleteForward(field: field, start: units(range.lowerBound), end: units(range.upperBound))
        }
    }

    /// Puts `text` (UTF-8) in the place of `range`. More than one character in the place of all that is there counts as
    /// pasted. `text` is wiped and emptied, whatever this comes to.
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

    /// Puts `text` (UTF-8) in the place of all that is there, as pasting and autofill do. What does not fit is refused
    /// as a whole. The field counts as left: nothing more is expected of it. `text` is wiped and emptied, whatever this
    /// comes to.
    @discardableResult
    public func paste(_ text: inout [UInt8], into field: CardField) throws(SaleKitError) -> FieldState {
        try calling { try wiping(&text) { text in try core.paste(field: field, text: text) } }
    }

    /// The cardholder came to `field`: what was typed of the number is shown again, unless it was complete. An edit says
    /// the same.
    @discardableResult
    public func focusGained(_ field: CardField) throws(SaleKitError) -> FieldState {
        try calling { try core.focusGained(field: field) }
    }

    /// The cardholder left `field`: the number is masked, and nothing more is expected of the field.
    @discardableResult
    public func focusLost(_ field: CardField) throws(SaleKitError) -> FieldState {
        try calling { try core.focusLost(field: field) }
    }

    /// Empties a field.
    @discardableResult
    public func clear(_ field: CardField) throws(SaleKitError) -> FieldState {
        try calling { try core.clear(field: field) }
    }

    /// Shows more or less of the number from now on.
    public func setMasking(_ masking: Masking) { try? core.setMasking(masking: masking) }

    /// Hides what is shown of a number that is being typed, until the next keystroke: for a timer, or an app that leaves
    /// the foreground.
    public func conceal() { try? core.conceal() }

    /// Empties and wipes all fields.
    public func wipe() { try? core.wipe() }

    /// Which fields are missing; nothing of what was typed.
    public var description: String { "CardForm(missing: \(missing))" }

    /// As `description`.
    public var customMirror: Mirror { Mirror(self, children: ["missing": missing]) }
}

/// A position as the contract counts: one that has no room there is beyond every text, one below zero is its start.
private func units(_ position: Int) -> UInt32 { UInt32(clamping: position) }
