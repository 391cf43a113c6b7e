//! A page that a running sale wants shown, and the way back from it to the sale.

public import Foundation
import SaleKitGenerated

/// One page of a challenge, bound to the sale that runs: its address, and what the app reports about it.
///
/// It never starts or resumes a sale. Once the sale has ended, or another page has taken this one's place, its calls do
/// nothing: a page that the gateway asks for again is another page, even with the same address. So a challenge may be kept,
/// and called late, twice or from any thread. A sale that was resumed has challenges of its own.
///
/// None of its calls says anything about the payment: SaleKit asks the gateway.
///
/// Given to ``RedirectPresenter/show(_:)``, and by ``Sale/challenge``.
public final class Challenge: Sendable {
    /// What becomes of a page.
    package enum Report: Sendable {
        case returned, closed, failed
    }

    /// The id of the sale.
    public let saleId: Sale.ID
    /// The page's address: `https`, and at most 8192 characters. It is the cardholder's way into the challenge, so do not
    /// log it.
    public let url: URL

    private let report: @Sendable (Report) -> Void

    package init(saleId: Sale.ID, url: URL, report: @escaping @Sendable (Report) -> Void) {
        self.saleId = saleId
        self.url = url
        self.report = report
    }

    /// The core's. `nil` if Foundation cannot read the address.
    convenience init?(_ core: SaleKitGenerated.Challenge) {
        guard let saleId = try? core.saleId(), let url = (try? core.url()).flatMap(URL.init(checked:)) else { return nil }
        self.init(saleId: saleId, url: url) { report in
            switch report {
            case .returned: try? core.returned()
            case .closed: try? core.closed()
            case .failed: try? core.failed()
            }
        }
    }

    /// The browser came back to the app by the return link. The link proves nothing, whatever it says.
    public func returned() { report(.returned) }

    /// The page was closed: by the cardholder, the app or the system.
    public func closed() { report(.closed) }

    /// The page could not be shown. The sale goes on: the cardholder may authenticate in another way.
    public func failed() { report(.failed) }
}

extension Challenge: CustomStringConvertible, CustomReflectable {
    /// Without the address.
    public var description: String { "Challenge(\(saleId))" }
    public var customMirror: Mirror { Mirror(self, children: ["saleId": saleId]) }
}
