//! Sales for an app's unit tests. The test controls them: nothing is sent, and nothing happens without a call.

public import SaleKit

/// Sales for an app's unit tests. ``client`` is a `SaleClient` whose sales the test controls. Nothing is sent, and
/// nothing happens without a call.
///
/// ```swift
/// let sales = FakeSales()
/// let model = CheckoutModel(client: sales.client)
/// try await model.tapPay()
/// sales.last?.end(.approved(SaleReceipt(of: Money("10.50", "EUR"))))
/// ```
///
/// A sale starts as `.initiating`, and stays there until the test changes it. Set what must be decided before a sale
/// starts in advance: ``endNext(with:passing:)``, ``failNext(with:)``, ``storedCard``. Requests are not checked, and
/// the card form is not read. May be used from any thread.
public final class FakeSales: Sendable {
    private struct Values {
        var sales: [FakeSale] = []
        var scripts: [Script] = []
        var left: [PendingSale] = []
        var acknowledged: [Sale.ID] = []
        var forgotten: [Sale.ID] = []
        var calls: [String] = []
        var storedCard: StoredCard?
    }

    private enum Script {
        case end([SaleState], SaleOutcome)
        case fail(SaleKitError)
    }

    private let values = Locked(Values())
    private let presenter: (any RedirectPresenter)?

    /// Fake sales, at first without any sale.
    ///
    /// - Parameter presenter: Shows the pages of challenges, as with a real client.
    public init(presenter: (any RedirectPresenter)? = nil) { self.presenter = presenter }

    /// The client for the code under test. Each access returns another client with the same sales.
    public var client: SaleClient { SaleClient(FakeClient(sales: self)) }

    /// The sales that were started or resumed, in order.
    public var started: [FakeSale] { values.with { $0.sales } }

    /// The sale that was started or resumed last.
    public var last: FakeSale? { started.last }

    /// The ids of the sales that were acknowledged, in order.
    public var acknowledged: [Sale.ID] { values.with { $0.acknowledged } }

    /// The ids of the sales that were forgotten, in order.
    public var forgotten: [Sale.ID] { values.with { $0.forgotten } }

    /// The names of other calls, in order: `preconnect`, `appForeground`, `appBackground`, `networkAvailable`.
    public var calls: [String] { values.with { $0.calls } }

    /// The card that the merchant keeps of approved sales: the answer to `Sale.storedCard()`.
    public var storedCard: StoredCard? {
        get { values.with { $0.storedCard } }
        set { values.with { $0.storedCard = newValue } }
    }

    /// The next sale without a script passes through `states` and ends with `outcome`, as soon as it is started or
    /// resumed.
    public func endNext(with outcome: SaleOutcome, passing states: [SaleState] = []) {
        values.with { $0.scripts.append(.end(states, outcome)) }
    }

    /// The next call of `start` or `resume` without a script throws `error`.
    public func failNext(with error: SaleKitError) { values.with { $0.scripts.append(.fail(error)) } }

    /// Adds a sale that an earlier run of the app left behind: `SaleClient.pending()` lists it, and it can be resumed.
    public func leave(
        _ id: Sale.ID, as state: SaleState, of amount: Money, merchantOrderId: String? = nil, invoiceId: String? = nil
    ) {
        let sale = PendingSale(
            id: id, state: state, amount: amount, merchantOrderId: merchantOrderId, invoiceId: invoiceId, startedAt: .distantPast)
        values.with { $0.left.append(sale) }
    }

    fileprivate func begin(_ id: Sale.ID?, _ request: SaleRequest?, _ state: SaleState) throws(SaleKitError) -> FakeSale {
        let (sale, script) = values.with { values in
            let script = values.scripts.isEmpty ? nil : values.scripts.removeFirst()
            let number = String(values.sales.count + 1)
            let newId = String(repeating: "0", count: 32 - number.count) + number
            let sale = FakeSale(id: id ?? newId, request: request, state: state, presenter: presenter) { [weak self] in self?.storedCard }
            if case .fail = script {} else { values.sales.append(sale) }
            return (sale, script)
        }
        switch script {
        case .fail(let error): throw error
        case .end(let states, let outcome):
            for state in states { sale.move(to: state) }
            sale.end(outcome)
        case nil: break
        }
        return sale
    }

    fileprivate func note(_ call: String) { values.with { $0.calls.append(call) } }

    fileprivate func state(of id: Sale.ID) -> SaleState? {
        started.last { $0.id == id }?.state ?? left(id)?.state
    }

    fileprivate func left(_ id: Sale.ID) -> PendingSale? { values.with { $0.left.first { $0.id == id } } }

    fileprivate var pending: [PendingSale] {
        values.with { values in
            values.left.filter { !values.acknowledged.contains($0.id) && !values.forgotten.contains($0.id) }
        }
    }

    fileprivate func acknowledge(_ id: Sale.ID) { values.with { $0.acknowledged.append(id) } }

    fileprivate func forget(_ id: Sale.ID) { values.with { $0.forgotten.append(id) } }
}

/// The implementation of the fake client.
private struct FakeClient: ClientCore {
    let sales: FakeSales

    func start(_ request: SaleRequest, with form: CardForm) throws(SaleKitError) -> any SaleCore {
        try sales.begin(nil, request, .initiating).core
    }

    func start(_ request: SaleRequest, with card: StoredCard, securityCode: inout [UInt8]) throws(SaleKitError) -> any SaleCore {
        securityCode = []
        return try sales.begin(nil, request, .initiating).core
    }

    func resume(_ id: Sale.ID) async throws(SaleKitError) -> any SaleCore {
        if let running = try running(id) { return running }
        guard let state = sales.state(of: id), !sales.acknowledged.contains(id), !sales.forgotten.contains(id) else {
            throw .saleNotFound(saleId: id)
        }
        guard case .finished(let outcome) = state else { return try sales.begin(id, nil, state).core }
        let sale = try sales.begin(id, nil, .processing)
        // A sale that has ended returns its outcome again.
        if !sale.isOver { sale.end(outcome) }
        return sale.core
    }

    func running(_ id: Sale.ID) throws(SaleKitError) -> (any SaleCore)? {
        sales.started.last { $0.id == id && !$0.isOver }?.core
    }

    func pending() async throws(SaleKitError) -> PendingSales {
        PendingSales(sales: sales.pending, foreign: [], damaged: [])
    }

    func acknowledge(_ id: Sale.ID) async throws(SaleKitError) {
        guard let state = sales.state(of: id) else { return }
        guard case .finished(let outcome) = state else { throw .saleStillRunning(saleId: id) }
        if outcome.charge == .unknown { throw .saleOutcomeUnknown(saleId: id) }
        sales.acknowledge(id)
    }

    func forget(_ id: Sale.ID) async throws(SaleKitError) {
        guard let state = sales.state(of: id) else { return }
        guard case .finished(let outcome) = state else { throw .saleStillRunning(saleId: id) }
        if outcome.charge != .unknown { throw .saleOutcomeFinal(saleId: id) }
        sales.forget(id)
    }

    func preconnect() async { sales.note("preconnect") }
    func appForeground() { sales.note("appForeground") }
    func appBackground() { sales.note("appBackground") }
    func networkAvailable() { sales.note("networkAvailable") }
}
