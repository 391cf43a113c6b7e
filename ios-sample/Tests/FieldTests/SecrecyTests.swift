//! What others can get at of a card that is being typed: nothing of the number.

import Foundation
import SaleKit
import Testing
import UIKit

@testable import SaleKitUI

@MainActor @Suite(.serialized) struct SecrecyTests {
    private let number = "4012888888881881"

    @Test func theNumberCannotBeReadWhileItIsTyped() throws {
        let fields = try Fields()
        fields.number.type("401288888888188")
        #expect(fields.number.drawn == "4012 8888 8888 188", "who types sees it")
        let hidden = "•••• •••• •••• •••"
        #expect(fields.number.text == hidden && fields.number.attributedText?.string == hidden)
        let all = try #require(fields.number.textRange(from: fields.number.beginningOfDocument, to: fields.number.endOfDocument))
        #expect(fields.number.text(in: all) == hidden)
        // Not even by way of what it is printed or mirrored as.
        var printed = "\(fields.number) \(fields.card) \(fields.card.form)"
        dump(fields.card, to: &printed)
        #expect(!printed.contains("4012") && !printed.contains("8888"))
    }

    @Test func nothingOfTheNumberOrTheCodeIsCopiedCutOrDragged() throws {
        let fields = try Fields()
        fields.typeAll()
        for field in [fields.number, fields.code] {
            UIPasteboard.general.string = nil
            field.selectAll()
            for action in ["copy:", "cut:", "_share:", "_lookup:", "_translate:", "replace:"] { #expect(!field.offers(action), "\(action)") }
            #expect(field.offers("paste:") && field.offers("selectAll:"))
            field.copy(nil)
            field.cut(nil)
            #expect(UIPasteboard.general.string == nil && !field.drawn.isEmpty)
            #expect(field.textDragInteraction?.isEnabled == false)
        }
        #expect(fields.holder.offers("copy:"))
        fields.holder.selectAll()
        fields.holder.cut(nil)
        #expect(UIPasteboard.general.string == "Ada Lovelace" && fields.holder.drawn.isEmpty)
    }

    @Test func nothingCanBeUndonePastTheForm() throws {
        for field in try Fields().all {
            #expect(field.undoManager == nil && field.editingInteractionConfiguration == .none)
        }
    }

    @Test func theDelegateCannotBeReplaced() throws {
        final class Reader: NSObject, UITextFieldDelegate {
            func textField(_: UITextField, shouldChangeCharactersIn _: NSRange, replacementString _: String) -> Bool { true }
            func textFieldDidBeginEditing(_: UITextField) {}
            func textFieldDidEndEditing(_: UITextField) {}
            func textFieldShouldReturn(_: UITextField) -> Bool { true }
            func textFieldShouldClear(_: UITextField) -> Bool { true }
        }
        let fields = try Fields(), reader = Reader()
        fields.number.delegate = reader
        fields.number.type("x4")
        #expect(fields.number.drawn == "4" && fields.number.delegate !== reader)
    }

    @Test func voiceOverNeverSpeaksTheNumberOrTheCode() throws {
        let fields = try Fields()
        #expect(fields.number.accessibilityValue == "" && fields.number.accessibilityLabel == "Card number")
        var spoken: [String] = []
        for digit in number {
            fields.number.type(String(digit))
            spoken.append(fields.number.accessibilityValue ?? "")
        }
        #expect(Set(spoken) == ["Visa"])
        fields.code.type("973")
        #expect(fields.code.accessibilityValue == "•••")
        fields.expiry.type("1240")
        #expect(fields.expiry.accessibilityValue == "12/40")
    }

    @Test func theAppSwitchersPictureShowsNoNumber() throws {
        let fields = try Fields()
        fields.number.type("401288")
        NotificationCenter.default.post(name: UIApplication.willResignActiveNotification, object: nil)
        #expect(fields.number.drawn == "•••• ••")
        fields.number.type("8")
        #expect(fields.number.drawn == "4012 888")
    }

    @Test func aReleasedHolderLeavesNothingListening() throws {
        weak var card: CardFormHolder?
        weak var field: CardTextField?
        do {
            let fields = try Fields()
            fields.typeAll()
            (card, field) = (fields.card, fields.number)
            _ = fields.keyboard?.resignFirstResponder()
        }
        #expect(card == nil && field == nil)
        NotificationCenter.default.post(name: UIApplication.willResignActiveNotification, object: nil)
    }
}
