//! Typing, pasting, autofill, what is composed, what is taken back: all of it is the form's, whichever way it comes.

import SaleKit
import Testing
import UIKit

@testable import SaleKitUI

@MainActor @Suite(.serialized) struct EntryTests {
    @Test func keysGoFromFieldToFieldAndFillTheForm() throws {
        let fields = try Fields()
        var changes = 0
        fields.card.onChange = { changes += 1 }
        fields.typeAll()
        #expect(fields.holder.isFirstResponder && fields.card.isComplete && changes > 0)
        #expect(fields.all.map(\.drawn) == ["4111 11•• •••• 1111", "12/40", "•••", "Ada Lovelace"])
        #expect(fields.number.sent[UIControl.Event.editingChanged.rawValue] == 16)
    }

    @Test func focusDoesNotMoveOnFromAnEditInTheMiddleNorFromANumberThatMayBeLonger() throws {
        let fields = try Fields()
        fields.number.type("411111111111111")
        fields.number.select(0..<0)
        fields.keyboard?.type("4")
        #expect(fields.number.isFirstResponder)
        fields.card.wipe()
        fields.number.type("675964982648")
        #expect(fields.card.validity(of: .number) == .possible && fields.number.isFirstResponder)
    }

    @Test func theReturnKeyGoesOnAndEndsAtTheLastField() throws {
        let fields = try Fields()
        var isDone = false
        fields.holder.onDone = { isDone = true }
        _ = fields.number.becomeFirstResponder()
        for field in fields.all {
            #expect(field.isFirstResponder && !isDone)
            field.pressReturn()
        }
        #expect(isDone && fields.keyboard == nil)
    }

    @Test func aPastedNumberIsTakenWithItsSpacesAndMaskedAtOnce() throws {
        let fields = try Fields()
        fields.number.paste(text: " 4111-1111 1111 1111\n")
        #expect(fields.number.drawn == "4111 11•• •••• 1111" && fields.card.validity(of: .number) == .valid)
        fields.expiry.paste(text: "2040-12")
        #expect(fields.expiry.drawn == "2040/12" && fields.card.validity(of: .expiry) == .valid)
        fields.code.paste(text: "nothing of a code")
        #expect(fields.code.drawn.isEmpty, "what the form refuses changes nothing")
    }

    @Test func autofillTakesThePlaceOfAllThatIsThereByEitherWay() throws {
        let fields = try Fields()
        fields.number.type("5")
        fields.number.autofill("4111111111111111")
        #expect(fields.card.validity(of: .number) == .valid)
        fields.number.text = "4012888888881881"
        #expect(fields.number.drawn == "4012 88•• •••• 1881")
        fields.number.attributedText = NSAttributedString(string: "4111111111111111")
        #expect(fields.number.drawn == "4111 11•• •••• 1111")
        fields.number.text = nil
        #expect(fields.number.drawn.isEmpty && fields.card.validity(of: .number) == .empty)
    }

    @Test func bothKeysThatDeletePassOverASpace() throws {
        let fields = try Fields()
        fields.number.type("401287")
        fields.number.select(5..<5)
        fields.number.pressBackspace()
        #expect(fields.number.drawn == "4018 7" && fields.caret(fields.number) == [3, 3])
        fields.number.select(4..<4)
        fields.number.pressForwardDelete()
        #expect(fields.number.drawn == "4018")
        fields.number.selectAll()
        fields.number.pressBackspace()
        #expect(fields.number.drawn.isEmpty)
    }

    @Test func changesThatUIKitMakesWithoutAskingAreTheFormsToo() throws {
        let fields = try Fields()
        _ = fields.number.becomeFirstResponder()
        fields.number.insertText("4111")
        #expect(fields.number.drawn == "4111" && fields.card.validity(of: .number) == .incomplete)
        fields.number.insertText("x")
        #expect(fields.number.drawn == "4111")
        fields.number.insertText("1")
        #expect(fields.number.drawn == "4111 1")
        fields.number.deleteBackward()
        #expect(fields.number.drawn == "4111")
        let start = try #require(fields.number.position(from: fields.number.beginningOfDocument, offset: 1))
        let all = try #require(fields.number.textRange(from: start, to: fields.number.endOfDocument))
        fields.number.replace(all, withText: "0")
        #expect(fields.number.drawn == "40")
    }

    @Test func whatAnInputMethodComposesReplacesWhatItComposedBefore() throws {
        let fields = try Fields()
        _ = fields.holder.becomeFirstResponder()
        for composed in ["あ", "あだ", "阿", "阿田"] { fields.holder.setMarkedText(composed, selectedRange: NSRange()) }
        #expect(fields.holder.drawn == "阿田")
        fields.holder.setMarkedText("", selectedRange: NSRange())
        #expect(fields.holder.drawn.isEmpty)
        fields.holder.setMarkedText("あだ", selectedRange: NSRange())
        fields.holder.insertText("Ada ")
        fields.holder.setMarkedText("ら", selectedRange: NSRange())
        fields.holder.unmarkText()
        fields.holder.insertText("L")
        #expect(fields.holder.drawn == "Ada らL")
    }

    @Test func digitsOfOtherScriptsAreDigits() throws {
        let fields = try Fields()
        fields.number.type("٤١١١")
        #expect(fields.number.drawn == "4111")
    }

    @Test func whenASaleHasTakenTheCardTheFieldsAreEmpty() throws {
        let fields = try Fields()
        fields.typeAll()
        fields.card.form.wipe()
        fields.card.refresh()
        #expect(fields.all.allSatisfy { $0.drawn.isEmpty } && !fields.card.isComplete)
    }

    @Test func theFormAsksForTwoNamesInTheirFields() throws {
        let card = try CardFormHolder(holder: .firstAndLastName)
        let (first, last) = (HolderField(card, .firstName), HolderField(card, .lastName))
        first.type("Ada")
        first.pressReturn()
        #expect(last.isFirstResponder)
        last.type("Lovelace")
        #expect(card.validity(of: .firstName) == .valid && card.validity(of: .lastName) == .valid)
        let printed = HolderField(card)
        printed.type("Ada")
        #expect(printed.drawn.isEmpty, "this form has no such field")
    }

    @Test func aStoredCardsCodeIsTakenOnceAndIsGone() throws {
        let code = StoredCardCode()
        let field = SecurityCodeField(code)
        var changes = 0
        code.onChange = { changes += 1 }
        field.type("1x2")
        #expect(field.drawn == "••" && code.take() == nil && changes > 0)
        field.type("3")
        #expect(code.isComplete)
        field.type("45")
        #expect(field.drawn == "••••", "no code has five digits")
        field.select(1..<2)
        field.pressBackspace()
        #expect(field.drawn == "•••")
        #expect(code.take() == Array("134".utf8))
        #expect(field.drawn.isEmpty && code.take() == nil && !code.isComplete)
    }

    /// The same edits in a field and in a form of its own: what is shown, and where the caret is, is the same after each.
    @Test(arguments: 1...8) func everyEditOfAFieldIsTheForms(seed: UInt64) throws {
        var dice = Dice(state: seed)
        let fields = try Fields()
        let form = try CardForm()
        for _ in 0..<400 {
            guard let field = fields.all.randomElement(using: &dice) else { return }
            if !field.isFirstResponder {
                if let before = fields.keyboard as? CardTextField { _ = try form.focusLost(before.kind) }
                _ = field.becomeFirstResponder()
                _ = try form.focusGained(field.kind)
            }
            let length = field.drawn.utf16.count
            let ends = [Int.random(in: 0...length, using: &dice), Int.random(in: 0...length, using: &dice)].sorted()
            let range = Bool.random(using: &dice) ? ends[0]..<ends[0] : ends[0]..<ends[1]
            field.select(range)
            let keys = ["4", "1", "0", "9", "/", " ", "x", "é", "😀", "4111111111111111", "12/40", "Ada Lovelace", ""]
            let text = keys.randomElement(using: &dice) ?? ""
            // As the key does it that is pressed in this place.
            if text.isEmpty, range.isEmpty {
                if Bool.random(using: &dice) {
                    field.pressBackspace()
                    if range.lowerBound > 0 { _ = try? form.delete(range.lowerBound - 1..<range.lowerBound, in: field.kind) }
                } else {
                    field.pressForwardDelete()
                    if range.upperBound < length { _ = try? form.deleteForward(range.upperBound..<range.upperBound + 1, in: field.kind) }
                }
            } else if text.isEmpty {
                field.pressBackspace()
                _ = try? form.delete(range, in: field.kind)
            } else {
                field.paste(text: text)
                var bytes = Array(text.utf8)
                _ = try? form.replace(range, in: field.kind, with: &bytes)
            }
            // A complete field hands the keyboard on: from then on the form knows of the new one.
            if !field.isFirstResponder {
                _ = try form.focusLost(field.kind)
                if let now = fields.keyboard as? CardTextField { _ = try form.focusGained(now.kind) }
            }
            for each in fields.all {
                let state = try form.state(of: each.kind)
                #expect(each.drawn == state.display && fields.card.validity(of: each.kind) == state.validity)
            }
        }
    }
}

/// Random numbers that come again (SplitMix64).
struct Dice: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }
}
