//! The words of the sample's own. What SaleKit can say by itself (labels, what is wrong, what an outcome means for the payer)
//! is said by SaleKit, in twelve languages.

import SaleKit

enum Words {
    static let checkout = "Checkout"
    static let lunch = "Lunch for two"
    static let card = "Card"
    static let savedCard = "Saved card"
    static let codeOnly = "Your card is kept by the shop. Only its security code is asked for again."
    static let anotherCard = "Use another card"
    static func pay(_ amount: Money) -> String { "Pay \(shown(amount))" }

    static let initiating = "Contacting the shop…"
    static let performing = "Sending the payment…"
    static let recovering = "The connection was lost. We are checking the payment…"
    static let processing = "The payment is being processed…"
    static let confirm = "Please confirm the payment on your bank's page."
    static let notConfirmed = "The payment is not confirmed yet."
    static let showPage = "Show my bank's page again"

    static func paid(_ amount: Money) -> String { "Paid \(shown(amount))" }
    static let thanks = "Thank you"
    static let receipt = "Receipt"
    static let amount = "Amount"
    static let ordered = "Ordered"
    static let order = "Order"
    static let reference = "Reference"
    static let cardIsSaved = "The shop keeps this card. Next time only its security code is asked for."
    static let orderAgain = "New order"

    static let declined = "Payment declined"
    static let notCharged = "Not charged"
    static let payAgain = "Pay again"

    static let findingOut = "We are finding out"
    static let shopKnows = "The shop asks the payment service as well, and will tell you how the payment ended."
    static let checkAgain = "Check again"

    static let earlier = "Earlier payments"
    static let asking = "Checking how it ended…"

    /// An amount, kept from being turned round in a page that is read from right to left.
    static func shown(_ amount: Money) -> String { "\u{2066}\(amount)\u{2069}" }

    /// What happens now.
    static func progress(_ state: SaleState) -> String {
        switch state {
        case .initiating: initiating
        case .performing: performing
        case .recovering: recovering
        case .challenge(_, let isOpen): isOpen ? confirm : notConfirmed
        case .processing, .finished, .other: processing
        }
    }
}
