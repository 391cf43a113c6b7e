import SaleKit
import Testing
import UIKit

@testable import SaleKitUI

@MainActor @Suite struct NumberTests {
    @Test func works() throws {
        let card = try CardFormHolder()
        let field = CardNumberField(card)
        field.type("4111")
        #expect(field.drawn == "4111")
        #expect(field.text == "••••")
    }
}
