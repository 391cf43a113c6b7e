//! The form: what is typed goes in, is shown masked, and cannot be printed.

import Foundation
import SaleKit
import Testing

@Suite struct CardFormTests {
    @Test func keysAreShownMaskedAndTheBrandIsTold() throws {
        let form = try CardForm()
        form.setMasking(.masked)
        for (position, digit) in "411111".unicodeScalars.enumerated() {
            // The separator after the fourth digit is shown with the fifth.
            let state = try form.insert(digit, at: position > 4 ? position + 1 : position, in: .number)
            #expect(!state.display.contains("411"))
        }
        #expect(try form.hints.brandName == "Visa")
        #expect(try form.state(of: .number).validity == .incomplete)
        try form.clear(.number)
        #expect(try form.state(of: .number).validity == .empty)
    }

    @Test func whoTypesANumberSeesItUntilTheFieldIsLeft() throws {
        let form = try CardForm()
        var state = try form.state(of: .number)
        for digit in "401287".unicodeScalars { state = try form.insert(digit, at: Int(state.caret), in: .number) }
        #expect(state.display == "4012 87")
        #expect(try form.focusLost(.number).display == "•••• ••")
        #expect(try form.focusGained(.number).display == "4012 87")
        #expect(try form.deleteForward(4..<5, in: .number).display == "4012 7")
        #expect(try form.delete(4..<5, in: .number).display == "4017")
        var expiry = Array("٢٠٤٠-١٢".utf8)
        #expect(try form.paste(&expiry, into: .expiry).validity == .valid)
        try form.clear(.number)
        for digit in "675964982648".unicodeScalars {
            state = try form.insert(digit, at: Int(try form.state(of: .number).caret), in: .number)
        }
        #expect(state.validity == .possible)
        #expect(try form.focusLost(.number).validity == .valid)
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

    @Test func masksAndWipes() throws {
        let form = try CardForm(holder: .firstAndLastName)
        #expect(form.fields.contains(.firstName) && !form.fields.contains(.printedName))
        var number = Array("4111111111111111".utf8)
        let shown = try form.paste(&number, into: .number).display
        form.setMasking(.hidden)
        #expect(try form.state(of: .number).display != shown)
        form.conceal()
        form.wipe()
        #expect(form.missing == form.fields)
        #expect(throws: SaleKitError.self) { try form.state(of: .printedName) }
    }
}
