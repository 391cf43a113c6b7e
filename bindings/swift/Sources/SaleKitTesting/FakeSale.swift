//! A sale in a test, and its challenge's page.

public import Foundation
public import SaleKit

/// A sale that the test controls with ``move(to:)``, ``challenge(_:)`` and ``end(_:)``.
public final class FakeSale: Sendable {
    fileprivate struct Values {
        var state: SaleState
        var page: FakeChallenge?
        var invoiceId: String?
        var isCancelled = false
        var relays: [UUID: StateRelay] = [:]
        var waiting: [CheckedContinuation<SaleOutcome, Never>] = []
    }

    /// The sale's id.
    public let id: Sale.ID
    /// The request of the code under test; `nil` if the sale was resumed.
    public let request: SaleRequest?

    fileprivate let values: Locked<Values>
    fileprivate let card: @Sendable () -> StoredCard?
    private let presenter: (any RedirectPresenter)?

    init(
        id: Sale.ID, request: SaleRequest?, state: SaleState, presenter: (any RedirectPresenter)?,
        card: @escaping @Sendable () -> StoredCard?
    ) {
        self.id = id
        self.request = request
        self.presenter = presenter
        self.card = card
        values = Locked(Values(state: state))
    }

    /// The current state.
    public var state: SaleState { values.with { $0.state } }

    /// The page that the sale wants shown, if there is one.
    public var page: FakeChallenge? { values.with { $0.page } }

    /// `invoiceId`, which the test sets.
    public var invoiceId: String? {
        get { values.with { $0.invoiceId } }
        set { values.with { $0.invoiceId = newValue } }
    }

    /// Whether the code under test asked to end the sale. The test decides what happens then.
    public var isCancelled: Bool { values.with { $0.isCancelled } }

    /// Changes the sale's state to `state`. For a page use ``challenge(_:)``, for the end ``end(_:)``. Does nothing
    /// after the end.
    public func move(to state: SaleState) {
        leavePage()
        show(state)
    }

    /// Makes the sale want the page at `url` shown. Calls the presenter, if there is one.
    @discardableResult
    public func challenge(_ url: URL) -> FakeChallenge {
        leavePage()
        let page = FakeChallenge(saleId: id, url: url)
        values.with { $0.page = page }
        show(.challenge(url: url, isOpen: presenter != nil))
        do { try presenter?.show(page.challenge) } catch { page.challenge.failed() }
        return page
    }

    /// Ends the sale with `outcome`. Nothing happens after that.
    public func end(_ outcome: SaleOutcome) {
        leavePage()
        show(.finished(outcome))
    }

    var isOver: Bool { if case .finished = state { true } else { false } }

    /// The implementation for the client's sale.
    var core: any SaleCore { FakeCore(sale: self) }

    private func leavePage() {
        let page = values.with { values in
            defer { values.page = nil }
            return values.page
        }
        if let page { presenter?.dismiss(page.challenge) }
    }

    private func show(_ state: SaleState) {
        let (relays, waiting) = values.with { values -> ([StateRelay], [CheckedContinuation<SaleOutcome, Never>]) in
            if case .finished = values.state { return ([], []) }
            values.state = state
            guard case .finished = state else { return (Array(values.relays.values), []) }
            defer { values.waiting = [] }
            return (Array(values.relays.values), values.waiting)
        }
        for relay in relays { relay.tell(state) }
        if case .finished(let outcome) = state { waiting.forEach { $0.resume(returning: outcome) } }
    }
}

private struct FakeCore: SaleCore {
    let sale: FakeSale

    var id: String { sale.id }
    var invoiceId: String? { sale.invoiceId }
    var state: SaleState? { sale.state }
    var challenge: Challenge? { sale.page?.challenge }

    func outcome() async throws(SaleKitError) -> SaleOutcome {
        await withCheckedContinuation { continuation in
            let ended = sale.values.with { values -> SaleOutcome? in
                if case .finished(let outcome) = values.state { return outcome }
                values.waiting.append(continuation)
                return nil
            }
            if let ended { continuation.resume(returning: ended) }
        }
    }

    func storedCard() async throws(SaleKitError) -> StoredCard? {
        try await outcome().charge == .charged ? sale.card() : nil
    }

    func observe(_ relay: StateRelay) -> (@Sendable () -> Void)? {
        let place = UUID()
        let state = sale.values.with { values in
            values.relays[place] = relay
            return values.state
        }
        relay.tell(state)
        return { [weak sale] in sale?.values.with { _ = $0.relays.removeValue(forKey: place) } }
    }

    func cancel() { sale.values.with { $0.isCancelled = true } }
}

/// A page of a challenge in a test, and what the app reported about it.
public final class FakeChallenge: Sendable {
    /// The challenge that the app gets.
    public let challenge: Challenge

    private let reported = Locked<[String]>([])

    init(saleId: Sale.ID, url: URL) {
        challenge = Challenge(saleId: saleId, url: url) { [reported] report in
            let word =
                switch report {
                case .returned: "returned"
                case .closed: "closed"
                case .failed: "failed"
                }
            reported.with { $0.append(word) }
        }
    }

    /// The reports, in order: `returned`, `closed` or `failed`.
    public var reports: [String] { reported.with { $0 } }
}

extension SaleReceipt {
    /// A receipt for tests: it contains `amount` and the invoice's id, and nothing else.
    public init(of amount: Money, invoiceId: String = "invoice-1") {
        self.init(
            invoiceId: invoiceId, orderId: nil, bankOrderId: nil, requestedAmount: amount, amount: amount,
            commissionMinorUnits: nil, orderCreated: nil, transactionCreated: nil, threeDSecure: nil, card: nil)
    }
}

extension Decline {
    /// A decline for tests: it contains `advice` and the invoice's id, and nothing else.
    public init(_ advice: DeclineAdvice, invoiceId: String = "invoice-1") {
        self.init(
            invoiceId: invoiceId, orderId: nil, bankOrderId: nil, errorCode: nil, gatewayMessage: nil, threeDSecure: nil,
            advice: advice)
    }
}

/// A value that any thread may use.
final class Locked<Value>: @unchecked Sendable {
    private let lock = NSLock()
    private var value: Value

    init(_ value: Value) { self.value = value }

    func with<Result>(_ use: (inout Value) -> Result) -> Result {
        lock.withLock { use(&value) }
    }
}
