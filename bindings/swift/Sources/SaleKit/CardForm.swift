//! The card-entry form. What goes in are single characters or bytes, never a `String`: Swift's strings are copied and
//! freed without being wiped.

public import SaleKitGenerated

/// A card while it is typed: what a card-entry screen works on.
///
/// What goes in cannot be read out: a digit of the number is shown once, in the answer to its own keystroke; of a
/// complete number the first six and the last four are shown. Positions count UTF-16 code units of the text shown, as
/// `UITextField` does. A refused edit throws ``SaleKitError/invalidInput(field:rule:detail:)`` and changes nothing. All
/// that was typed is wiped when the card is taken or the form is let go of.
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

    /// Deletes `range`. A backspace that meets a separator deletes the digit before it.
    @discardableResult
    public func delete(_ range: Range<Int>, in field: CardField) throws(SaleKitError) -> FieldState {
        try calling {
            try core.delete(field: field, start: units(range.lowerBound), end: units(range.upperBound))
        }
    }

    /// Puts `text` (UTF-8) in the place of `range`. `text` is wiped and emptied, whatever this comes to.
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
    /// as a whole. `text` is wiped and emptied, whatever this comes to.
    @discardableResult
    public func paste(_ text: inout [UInt8], into field: CardField) throws(SaleKitError) -> FieldState {
        try calling { try wiping(&text) { text in try core.paste(field: field, text: text) } }
    }

    /// Empties a field.
    @discardableResult
    public func clear(_ field: CardField) throws(SaleKitError) -> FieldState {
        try calling { try core.clear(field: field) }
    }

    /// Shows more or less of the number from now on.
    public func setMasking(_ masking: Masking) { try? core.setMasking(masking: masking) }

    /// Hides the digit typed last: for a timer, or an app that leaves the foreground.
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
