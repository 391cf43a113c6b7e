//! One checkout: from the basket to the receipt. Holds no card data; that is in the form, and in SaleKit.

public import Observation
public import SaleKit
public import SaleKitUI

/// What the screens show, and what their buttons do. One for the life of the app.
@MainActor @Observable public final class CheckoutModel {
    public enum Screen: Equatable {
        /// The basket and the card form.
        case card
        /// The basket and the saved card's code.
        case savedCard(StoredCard)
        /// A sale runs.
        case paying(SaleState)
        /// It has ended.
        case ended(SaleOutcome)
    }

    public private(set) var screen = Screen.card
    public private(set) var order: Order
    /// What earlier runs of the app left, and what this one did not wait for.
    public private(set) var leftOvers: [LeftOverSale] = []
    /// The card that the merchant keeps of the last approved sale.
    public private(set) var savedCard: StoredCard?
    /// What may be shown of it.
    public private(set) var savedCardName: String?
    /// Whether the saved card's code is complete.
    public private(set) var isCodeComplete = false
    /// Why a sale could not be started. Nothing was sent then.
    public private(set) var refusal: String?

    @ObservationIgnored public let card: CardFormHolder
    @ObservationIgnored public let code = StoredCardCode()
    @ObservationIgnored private let client: SaleClient
    @ObservationIgnored private let presenter: (any RedirectPresenter)?
    @ObservationIgnored private let consumer: Consumer
    /// The sale of this order.
    @ObservationIgnored private var sale: Sale?
    /// What this run of the app has started. It is stored, too, and is no left-over.
    @ObservationIgnored private var started: Set<Sale.ID> = []
    /// The left-over sales that run, or ran.
    @ObservationIgnored private var resumed: [Sale.ID: Sale] = [:]
    @ObservationIgnored private var hasBegun = false

    /// - Parameters:
    ///   - client: The app's one client.
    ///   - presenter: The client's own, to show a challenge's page again.
    ///   - consumer: Who pays. An e-mail is needed for the merchant to keep the card.
    public init(client: SaleClient, presenter: (any RedirectPresenter)?, consumer: Consumer, order: Order) throws(SaleKitError) {
        self.client = client
        self.presenter = presenter
        self.consumer = consumer
        self.order = order
        card = try CardFormHolder()
        code.onChange = { [weak self] in self?.codeChanged() }
    }

    // MARK: Paying

    /// Whether an earlier sale may have paid this order already.
    public var isOrderTaken: Bool { !inTheWay.isEmpty }

    /// Whether nothing comes of waiting for that sale.
    public var isAnotherOrderOffered: Bool { isOrderTaken && !inTheWay.contains(where: \.isRunning) }

    private var inTheWay: [LeftOverSale] { leftOvers.filter { $0.orderId == order.id && $0.isInTheWay } }

    /// Pays with the card that was typed. If something is missing or wrong, the fields say so instead.
    public func pay() {
        guard screen == .card, !isOrderTaken, card.check() else { return }
        begin { () throws(SaleKitError) in try client.start(request, with: card.form) }
    }

    /// Pays with the saved card and the code that was typed.
    public func payWithSavedCard() {
        guard case .savedCard(let saved) = screen, !isOrderTaken, var digits = code.take() else { return }
        begin { () throws(SaleKitError) in try client.start(request, with: saved, securityCode: &digits) }
    }

    /// Offered only where it is proven that nothing was charged.
    public func payAgain() {
        guard case .ended(let outcome) = screen, outcome.charge == .notCharged else { return }
        showEntry()
    }

    /// Asks again about an unknown outcome.
    public func checkAgain() {
        guard case .ended(.unknown(let end)) = screen, let id = sale?.id else { return }
        refusal = nil
        screen = .paying(.processing)
        Task {
            do throws(SaleKitError) {
                let again = try await client.resume(id)
                if sale?.id == id { follow(again) }
            } catch {
                guard sale?.id == id else { return }
                refusal = error.displayMessage
                screen = .ended(.unknown(end))
            }
        }
    }

    /// The basket is filled anew.
    public func orderAgain(_ next: Order) {
        leftOvers.removeAll { $0.state?.outcome?.charge == .charged }
        leaveSale()
        order = next
        showEntry()
    }

    /// What may still come of the sale is shown with the left-over ones.
    private func leaveSale() {
        defer { sale = nil }
        guard let sale else { return }
        switch screen {
        case .paying, .ended(.unknown):
            resumed[sale.id] = sale
            leftOvers.append(LeftOverSale(id: sale.id, amount: order.total, orderId: order.id, state: sale.state))
        case .card, .savedCard, .ended: break
        }
    }

    public func useAnotherCard() {
        code.wipe()
        screen = .card
    }

    /// Shows the bank's page again, if the sale still wants it.
    public func showBankPage() { show(sale?.challenge) }

    /// The same for a left-over sale.
    public func showBankPage(of left: LeftOverSale) { show(resumed[left.id]?.challenge) }

    private func show(_ challenge: Challenge?) {
        guard let challenge else { return }
        do { try presenter?.show(challenge) } catch { challenge.failed() }
    }

    /// Ends the waiting. What the gateway decides counts all the same, so the end may be "unknown".
    public func stop() { sale?.cancel() }

    private var request: SaleRequest {
        SaleRequest(amount: order.total, consumer: consumer, accessToken: order.accessToken, merchantOrderId: order.id)
    }

    private func begin(_ start: () throws(SaleKitError) -> Sale) {
        do {
            let sale = try start()
            started.insert(sale.id)
            refusal = nil
            // The sale has the card now.
            card.wipe()
            follow(sale)
        } catch {
            refusal = error.displayMessage
        }
    }

    private func follow(_ sale: Sale) {
        self.sale = sale
        screen = .paying(sale.state)
        Task {
            var isShown = false
            for await state in sale.states {
                show(state, of: sale.id)
                isShown = state.outcome != nil
            }
            let outcome = await sale.outcome
            if !isShown { show(.finished(outcome), of: sale.id) }
            await settle(sale, outcome)
        }
    }

    /// Changes the screen only while it shows that this sale runs: at its end the payer may go on at once.
    private func show(_ state: SaleState, of id: Sale.ID) {
        update(id) { $0.state = state }
        guard case .paying = screen, sale?.id == id else { return }
        screen = state.outcome.map(Screen.ended) ?? .paying(state)
    }

    /// The payer has seen the outcome. What is final is acknowledged; what is unknown stays stored, and is asked for again at
    /// the next start. A shop's app would tell its own server here, too.
    private func settle(_ sale: Sale, _ outcome: SaleOutcome) async {
        if case .approved(let receipt) = outcome, let stored = try? await sale.storedCard() {
            savedCard = stored
            savedCardName = receipt.card?.display
        }
        if outcome.charge != .unknown { try? await client.acknowledge(sale.id) }
    }

    private func showEntry() {
        refusal = nil
        screen = savedCard.map(Screen.savedCard) ?? .card
    }

    private func codeChanged() { isCodeComplete = code.isComplete }

    // MARK: When the app starts

    /// Opens connections, and goes on with the sales that were left: resumes each, shows its outcome, acknowledges what is
    /// final, keeps what is unknown.
    public func begin() async {
        guard !hasBegun else { return }
        hasBegun = true
        guard let pending = try? await client.pending() else { return }
        let left = pending.sales.filter { !started.contains($0.id) }
        leftOvers += left.map { LeftOverSale(id: $0.id, amount: $0.amount, orderId: $0.merchantOrderId) }
        await withTaskGroup(of: Void.self) { group in
            for left in left { group.addTask { await self.resume(left.id) } }
            await client.preconnect()
        }
    }

    /// Asks again about the left-over sales that are unknown or could not be resumed.
    public func checkLeftOvers() async {
        for left in leftOvers where left.problem != nil || left.state?.outcome?.charge == .unknown { await resume(left.id) }
    }

    private func resume(_ id: Sale.ID) async {
        update(id) { ($0.state, $0.problem) = (nil, nil) }
        do {
            let left = try await client.resume(id)
            resumed[id] = left
            for await state in left.states {
                update(id) { $0.state = state }
            }
            let outcome = await left.outcome
            update(id) { $0.state = .finished(outcome) }
            if outcome.charge != .unknown { try? await client.acknowledge(id) }
        } catch {
            update(id) { $0.problem = error.displayMessage }
        }
    }

    private func update(_ id: Sale.ID, _ change: (inout LeftOverSale) -> Void) {
        if let place = leftOvers.firstIndex(where: { $0.id == id }) { change(&leftOvers[place]) }
    }
}
