//! A page that a running sale wants shown, and the calls that report back to the sale.

public import Foundation
import SaleKitGenerated

/// One page of a challenge, bound to the sale that runs: its address, and what the app reports about it.
///
/// It never starts or resumes a sale. Its calls do nothing once the sale has ended, or once another page has replaced
/// this one. If the gateway asks for a page again, that is another page, even with the same address. So you may keep a
/// challenge, and call it late, twice or from any thread. A resumed sale has new challenges.
///
/// None of its calls says anything about the payment: SaleKit asks the gateway.
///
/// You get it from ``RedirectPresenter/show(_:)`` and from ``Sale/challenge``.
public final class Challenge: Sendable {
    /// What happened to a page.
    package enum Report: Sendable {
        case returned, closed, failed
    }

    /// The id of the sale.
    public let saleId: Sale.ID
    /// The page's address: `https`, and at most 8192 characters. It gives access to the cardholder's challenge, so do
    /// not log it.
    public let url: URL

    private let report: @Sendable (Report) -> Void

    package init(saleId: Sale.ID, url: URL, report: @escaping @Sendable (Report) -> Void) {
        self.saleId = saleId
        self.url = url
        self.report = report
    }

    /// Wraps the core's challenge. `nil` if Foundation cannot read the address.
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

    /// The page could not be shown. The sale continues: the cardholder may authenticate in another way.
    public func failed() { report(.failed) }
}

extension Challenge: CustomStringConvertible, CustomReflectable {
    /// The sale's id, without the address.
    public var description: String { "Challenge(\(saleId))" }
    public var customMirror: Mirror { Mirror(self, children: ["saleId": saleId]) }
}
