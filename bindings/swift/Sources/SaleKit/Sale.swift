//! A sale as the app holds it. The sale itself runs in the core: nothing that happens to these objects, or to the tasks
//! that use them, touches the payment.

public import SaleKitGenerated

/// A sale. It runs by itself to its end: letting go of this object, of a stream of its states or of a task that waits
/// for it ends the watching and never the payment. Only ``cancel()`` asks for that.
public final class Sale: Sendable, Identifiable {
    /// The sale's own id: with it the sale can be resumed and acknowledged.
    public let id: String

    private let core: any SaleCore

    package init(_ core: any SaleCore) throws(SaleKitError) {
        id = try core.id
        self.core = core
    }

    /// `invoiceId`, once the merchant's server has given it.
    public var invoiceId: String? { core.invoiceId }

    /// The present state.
    public var state: SaleState {
        core.state ?? .other("unavailable")
    }

    /// The present state and later ones; ends after ``SaleState/finished(_:)``, or when the task that iterates is
    /// cancelled. Each access is a stream of its own, for one iteration. A state that lasts but a moment may be passed
    /// over, the last one never.
    public var states: AsyncStream<SaleState> { states { _ in } }

    /// A stream of states; tests are shown what listens.
    func states(_ show: (StateRelay) -> Void) -> AsyncStream<SaleState> {
        AsyncStream { continuation in
            let relay = StateRelay(continuation)
            show(relay)
            // Where nothing can be told, the stream ends: by the relay's end.
            guard let stop = core.observe(relay) else { return }
            continuation.onTermination = { _ in stop() }
        }
    }

    /// How the sale ended, when it has. Like `Task.value` it waits for the end even if the waiting task is cancelled; see
    /// ``outcomeUnlessCancelled()`` for a wait that can be given up.
    public var outcome: SaleOutcome {
        get async {
            do { return try await core.outcome() } catch { return untold }
        }
    }

    /// How the sale ended, when it has, unless the waiting task is cancelled first. The sale goes on then: ask again at
    /// any time.
    ///
    /// - Throws: `CancellationError` at once when the task is cancelled.
    public func outcomeUnlessCancelled() async throws(CancellationError) -> SaleOutcome {
        for await state in states {
            if let outcome = state.outcome { return outcome }
        }
        if Task.isCancelled { throw CancellationError() }
        return state.outcome ?? untold
    }

    /// The card that the merchant keeps for later sales: waits for the end, and asks the merchant's server for the card if the
    /// sale is approved. The sale itself waits for nothing of it. Ask at once, or after a restart (resume the sale first),
    /// until the sale is acknowledged. Like ``outcome`` it does not end early when the waiting task is cancelled.
    ///
    /// - Returns: `nil` if there is no such card: the sale is not approved or was paid with a stored card, or the merchant's
    ///   server does not offer the question or keeps no card. It learns of the card from the gateway, about when the sale
    ///   is approved, so it is asked up to three times within some seconds.
    /// - Throws: ``SaleKitError/merchantUnavailable(failure:detail:)`` if the merchant's server could not be asked; ask again later.
    public func storedCard() async throws(SaleKitError) -> StoredCard? {
        try await core.storedCard()
    }

    /// Asks to end the sale. Before perform sale is sent that is done at once; later it only ends the waiting, and what
    /// the gateway decides counts: an approved sale stays approved.
    public func cancel() { core.cancel() }

    /// The page that the sale wants shown, while its state is ``SaleState/challenge(url:isOpen:)``, else `nil`: for apps
    /// without a presenter. Take it when you show the page, and report to it what becomes of the page.
    public var challenge: Challenge? { core.challenge }

    /// For an app in which SaleKit itself has failed: the truth is that nobody here knows.
    private var untold: SaleOutcome {
        .unknown(
            UnknownOutcome(
                reason: .engineStopped,
                advice: .resumeOrAskMerchant,
                invoiceId: invoiceId ?? "",
                orderId: nil,
                detail: "SaleKit's own code failed while the sale was waited for"
            )
        )
    }
}

/// Takes the core's states to a stream, and ends that with the last one. The core holds it as long as it tells states.
package final class StateRelay: SaleStateListener {
    private let continuation: AsyncStream<SaleState>.Continuation

    init(_ continuation: AsyncStream<SaleState>.Continuation) {
        self.continuation = continuation
    }

    deinit {
        continuation.finish()
    }

    package func onState(state: SaleKitGenerated.SaleState) { tell(SaleState(state)) }

    /// The sale is in `state` now.
    package func tell(_ state: SaleState) {
        continuation.yield(state)
        if state.outcome != nil { continuation.finish() }
    }
}
