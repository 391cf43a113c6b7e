//! The form: every edit and every value crosses, and what was typed cannot be printed. What it knows of cards is tested in
//! the core.

import Fixtures
import Foundation
import SaleKit
import Testing

@Suite struct CardFormTests {
    private static let fields: [CardField] = [.number, .expiry, .securityCode, .firstName, .lastName, .printedName]

    @Test(arguments: Behaviour.list("card_form"))
    func eachEditAnswersWithTheFieldsState(_ own: JSONValue) throws {
        let form = try CardForm()
        for step in try #require(own["steps"].list) {
            let field = try #require(Self.fields.first { $0.code == step["in"].text })
            var state: FieldState
            do {
                state = try edit(form, field, step)
                #expect(step["refused"] == .null, "\(step)")
            } catch let error as SaleKitError {
                guard case .invalidInput(_, let rule, _) = error else { throw error }
                #expect(rule == step["refused"].text)
                state = try form.state(of: field)
            }
            #expect(state.field == field)
            if let display = step["display"].text { #expect(state.display == display, "\(step)") }
            if let caret = step["caret"].number { #expect(Int(state.caret) == caret, "\(step)") }
            if let brand = step["brand"].text { #expect(word(state.brand) == brand, "\(step)") }
            if let validity = step["validity"].text {
                if case .invalid(let rule, _) = state.validity {
                    #expect(rule == validity, "\(step)")
                } else {
                    #expect(word(state.validity) == validity, "\(step)")
                }
            }
        }
    }

    private func edit(_ form: CardForm, _ field: CardField, _ step: JSONValue) throws -> FieldState {
        let text = step["text"].text ?? ""
        var bytes = Array(text.utf8)
        let range = (step["start"].number ?? 0)..<(step["end"].number ?? 0)
        switch step["do"].text {
        case "type":
            for key in text.unicodeScalars { try form.insert(key, at: Int(form.state(of: field).caret), in: field) }
        case "paste": return try form.paste(&bytes, into: field)
        case "replace": return try form.replace(range, in: field, with: &bytes)
        case "delete": return try form.delete(range, in: field)
        case "delete_forward": return try form.deleteForward(range, in: field)
        case "focus_gained": return try form.focusGained(field)
        case "focus_lost": return try form.focusLost(field)
        case "clear": return try form.clear(field)
        case "conceal": form.conceal()
        case "mask": form.setMasking(text == "hidden" ? .hidden : .masked)
        case let edit: throw TestFailure(description: "there is no \(edit ?? "edit")")
        }
        return try form.state(of: field)
    }

    @Test func theListOfEditsIsThere() throws {
        #expect(Behaviour.list("card_form").count >= 4 && Behaviour.list("amounts").count >= 9)
        let form = try CardForm()
        var number = Array("4111".utf8)
        try form.paste(&number, into: .number)
        #expect(try form.hints.brandName == "Visa")
    }

    @Test func pastedBytesAreEmptiedWhateverComesOfIt() throws {
        let form = try CardForm()
        var good = Array("4111 1111 1111 1111".utf8)
        #expect(try form.paste(&good, into: .number).validity == .valid)
        #expect(good.isEmpty)
        var bad = Array("4111x".utf8)
        #expect(throws: SaleKitError.self) { try form.paste(&bad, into: .number) }
        #expect(bad.isEmpty)
        #expect(try form.state(of: .number).validity == .valid, "a refused edit changes nothing")
    }

    @Test func nothingOfTheCardIsPrinted() throws {
        let form = try CardForm()
        var number = Array("4111111111111111".utf8)
        let state = try form.paste(&number, into: .number)
        var name = Array("ADA LOVELACE".utf8)
        let named = try form.paste(&name, into: .printedName)
        var printed = "\(form) \(state) \(named) \(String(reflecting: state)) \(String(reflecting: named))"
        dump(form, to: &printed)
        dump(state, to: &printed)
        dump(named, to: &printed)
        for secret in ["4111", "1111", "LOVELACE"] { #expect(!printed.contains(secret)) }
    }

    @Test func valuesWithTokensPrintWithoutThem() throws {
        let token = "token-token-token-token-token-token"
        let options = SaleRequest(
            amount: try Money("1", "EUR"), consumer: Consumer(serialNumber: "device"), accessToken: token)
        let initiated = InitiatedSale(endpointId: "1", invoiceId: "invoice", nonce: token, signature: token)
        let question = InvoiceRequest(
            accessToken: token, serialNumber: "device", endpointId: "1", invoiceId: "invoice", saleId: "sale",
            merchantOrderId: nil)
        let asked = InitiateSaleRequest(
            accessToken: token, consumer: Consumer(serialNumber: "device"), amount: options.amount, location: nil,
            saleId: "sale", merchantOrderId: nil)
        let session = SessionAnswer.token(token: token)
        let card = StoredCard(clientCardId: token, bin: "411111", mappedWithEmail: true)
        var printed = "\(options) \(initiated) \(question) \(asked) \(session) \(card)"
        dump([options, initiated, question, asked, session, card] as [Any], to: &printed)
        #expect(printed.contains("invoice") && printed.contains("411111") && !printed.contains(token))
    }

    @Test func aFormHasTheFieldsThatItAsksForAndIsWiped() throws {
        let form = try CardForm(holder: .firstAndLastName)
        #expect(form.fields.contains(.firstName) && !form.fields.contains(.printedName))
        var number = Array("4111111111111111".utf8)
        try form.paste(&number, into: .number)
        form.wipe()
        #expect(form.missing == form.fields)
        #expect(throws: SaleKitError.self) { try form.state(of: .printedName) }
    }
}
