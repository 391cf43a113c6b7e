//! Labels, hints, what is wrong and when it is said; keyboards, autofill, directions.

import Foundation
import SaleKit
import Testing
import UIKit

@testable import SaleKitUI

@MainActor @Suite(.serialized) struct LookTests {
    @Test func whatIsWrongIsSaidWhenTheFieldIsLeftAndNotBefore() throws {
        let fields = try Fields()
        var told: [String?] = []
        fields.number.onProblem = { told.append($0.problem) }
        fields.number.type("4111")
        #expect(fields.number.problem == nil && fields.number.textColor == .label)
        _ = fields.expiry.becomeFirstResponder()
        #expect(fields.number.problem == "Please complete this field." && fields.number.textColor == .systemRed)
        #expect(fields.number.accessibilityHint == "Please complete this field.")
        #expect(UIAccessibility.announcements == ["Card number: Please complete this field."])
        fields.number.type("111111111112")
        #expect(fields.number.problem == nil)
        _ = fields.expiry.becomeFirstResponder()
        #expect(fields.number.problem == "Please check the number for a typing mistake.")
        fields.number.pressBackspace()
        fields.number.type("1")
        #expect(fields.number.problem == nil && fields.number.textColor == .label)
        #expect(told == ["Please complete this field.", nil, "Please check the number for a typing mistake.", nil])
    }

    @Test func anEmptyFieldIsWrongOnlyWhenTheAppAsks() throws {
        let fields = try Fields()
        _ = fields.code.becomeFirstResponder()
        _ = fields.code.resignFirstResponder()
        #expect(fields.all.allSatisfy { $0.problem == nil })
        #expect(!fields.card.check())
        #expect(fields.all.allSatisfy { $0.problem == "Please fill this in." })
        fields.card.wipe()
        #expect(fields.all.allSatisfy { $0.problem == nil })
        fields.typeAll()
        #expect(fields.card.check())
    }

    @Test func labelsAndHintsAreThePayersLanguages() throws {
        let german = try Fields("de_AT")
        #expect(german.all.map(\.title) == [CardField.number, .expiry, .securityCode, .printedName].map { $0.displayMessage(in: Locale(identifier: "de")) })
        #expect(german.expiry.placeholder == "MM/JJ" && german.number.accessibilityLabel == german.number.title)
        #expect(try Fields("nl").all.map(\.title) == ["Card number", "Expiry date", "Security code", "Name on card"])
    }

    @Test func theBrandIsMarkedAndTellsTheCodesLength() throws {
        let fields = try Fields()
        let mark = try #require(fields.number.rightView as? BrandMark)
        #expect(mark.isHidden && fields.code.placeholder == "1234" && fields.number.placeholder == "1234 1234 1234 1234")
        fields.number.type("4")
        #expect(mark.text == "VI" && fields.code.placeholder == "123")
        fields.number.pressBackspace()
        fields.number.type("34")
        #expect(!mark.isHidden && mark.text == "AE" && fields.code.placeholder == "1234")
        #expect(fields.number.placeholder == "1234 123456 12345" && fields.number.accessibilityValue == "American Express")
        #expect(!mark.isAccessibilityElement)
        #expect(["Visa", "UnionPay", "JCB", ""].map(letters) == ["VI", "UP", "JCB", ""])
    }

    @Test func keyboardsAndAutofillFitTheFields() throws {
        let fields = try Fields()
        #expect(fields.all.map(\.keyboardType) == [.numberPad, .numberPad, .numberPad, .default])
        #expect(
            fields.all.map(\.textContentType) == [.creditCardNumber, .creditCardExpiration, .creditCardSecurityCode, .creditCardName])
        #expect(fields.all.map(\.returnKeyType) == [.next, .next, .next, .done])
        for field in fields.all {
            #expect(field.autocorrectionType == .no && field.spellCheckingType == .no && field.smartInsertDeleteType == .no)
            #expect(field.adjustsFontForContentSizeCategory && field.font == .preferredFont(forTextStyle: .body))
        }
    }

    @Test func digitsRunFromLeftToRightInEveryPage() throws {
        defer { UIView.pageDirection = .leftToRight }
        let fields = try Fields()
        fields.typeAll()
        UIView.pageDirection = .rightToLeft
        for field in fields.all { field.layoutSubviews() }
        for field in [fields.number, fields.expiry, fields.code] {
            #expect(field.semanticContentAttribute == .forceLeftToRight && field.baseWritingDirection == .leftToRight)
            #expect(field.textAlignment == .right)
        }
        #expect(fields.holder.semanticContentAttribute == .unspecified && fields.holder.textAlignment == .natural)
    }
}
