//! The sample's own words, which are those of the sample for Android. Labels of fields, errors in them, and what an outcome
//! means for the payer are SaleKit's own sentences, in twelve languages.

import SaleKit

enum Words {
    static let shop = "Bean & Leaf"
    static let lunch = "Lunch of the day"
    static let tea = "Green tea"
    static let total = "Total"
    static func order(_ id: String) -> String { "Order \(isolated(id))" }

    static let card = "Card"
    static func pay(_ amount: Money) -> String { "Pay \(shown(amount))" }
    static let savedCard = "Saved card"
    static func savedCard(_ bin: String) -> String { "Card that starts with \(isolated(bin))" }
    static let codeOnly = "Only its security code is asked for again."
    static let otherCard = "Use another card"

    static let earlier = "An earlier payment"
    static let initiating = "Preparing your order…"
    static let performing = "Sending the payment…"
    static let processing = "Your bank is deciding…"
    static let recovering = "The connection was lost. Finding out what became of the payment…"
    static let challenge = "Confirm the payment with your bank"
    static let pageIsOpen = "The page of your bank is open. Come back here when you are done."
    static let pageIsClosed = "The page of your bank is closed. Open it again to confirm the payment."
    static let openPage = "Open the page"
    static let stop = "Stop waiting"
    static let doNotPayAgain = "Please do not pay again in the meantime."

    static let approved = "Paid"
    static let approvedPart = "Paid in part"
    static func ordered(_ amount: Money) -> String { "You ordered for \(shown(amount))." }
    static let declined = "Not paid"
    static let notCharged = "Not paid"
    static let unknown = "We are finding out"
    static let unknownNote = "Our server asks the payment service and tells you by e-mail. This order stays reserved for you."
    static let receipt = "Receipt"
    static let invoice = "Invoice"
    static let nextOrder = "New order"
    static let payAgain = "Pay again"
    static let checkAgain = "Check again"

    /// An amount, kept from being turned round in a page that is read from right to left.
    static func shown(_ amount: Money) -> String { isolated("\(amount)") }

    /// What is read from left to right in every language.
    static func isolated(_ text: String) -> String { "\u{2066}\(text)\u{2069}" }

    /// What happens now.
    static func progress(_ state: SaleState) -> String {
        switch state {
        case .initiating: initiating
        case .performing: performing
        case .recovering: recovering
        case .challenge: challenge
        case .processing, .finished, .other: processing
        }
    }
}
