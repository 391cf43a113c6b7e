//! A sale as the app sees it. The sale itself runs in the core: releasing these objects, or cancelling tasks that use
//! them, does not affect the payment.

public import SaleKitGenerated

/// A sale. It runs to its end by itself. Releasing this object or a stream of its states, or ending a task that waits
/// for it, ends only the observation, never the payment. Only ``cancel()`` asks to end the payment.
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

    /// The current state.
    public var state: SaleState {
        core.state ?? .other("unavailable")
    }

    /// The current state and later ones. The stream ends after ``SaleState/finished(_:)``, or when the iterating task
    /// is cancelled. Each access returns a new stream for one iteration. It may skip a very short state, but never the
    /// last one.
    public var states: AsyncStream<SaleState> { states { _ in } }

    /// A stream of states. `show` passes the stream's listener to tests.
    func states(_ show: (StateRelay) -> Void) -> AsyncStream<SaleState> {
        AsyncStream { continuation in
            let relay = StateRelay(continuation)
            show(relay)
            // If the sale cannot report states, releasing the relay ends the stream.
            guard let stop = core.observe(relay) else { return }
            continuation.onTermination = { _ in stop() }
        }
    }

    /// Waits for the end of the sale, and says how it ended. Like `Task.value` it waits even if the waiting task is
    /// cancelled. For a wait that ends on cancellation use ``outcomeUnlessCancelled()``.
    public var outcome: SaleOutcome {
        get async {
            do { return try await core.outcome() } catch { return untold }
        }
    }

    /// Waits for the end of the sale, and says how it ended, unless the waiting task is cancelled first. The sale
    /// continues then: call this again at any time.
    ///
    /// - Throws: `CancellationError` at once when the task is cancelled.
    public func outcomeUnlessCancelled() async throws(CancellationError) -> SaleOutcome {
        for await state in states {
            if let outcome = state.outcome { return outcome }
        }
        if Task.isCancelled { throw CancellationError() }
        return state.outcome ?? untold
    }

    /// The card that the merchant keeps for later sales. Waits for the end of the sale, and asks the merchant's server
    /// for the card if the sale is approved. The sale itself does not wait for this. Call it at once, or after a
    /// restart (resume the sale first), until the sale is acknowledged. Like ``outcome`` it does not end early when the
    /// waiting task is cancelled.
    ///
    /// - Returns: `nil` if there is no such card: the sale is not approved or was paid with a stored card, or the
    ///   merchant's server does not offer this endpoint or keeps no card. The merchant's server learns of the card from
    ///   the gateway, at about the time of the approval, so SaleKit asks up to three times within some seconds.
    /// - Throws: ``SaleKitError/merchantUnavailable(failure:detail:)`` if the merchant's server could not be asked; ask
    ///   again later.
    public func storedCard() async throws(SaleKitError) -> StoredCard? {
        try await core.storedCard()
    }

    /// Asks to end the sale. Before perform sale is sent, the sale ends at once. After that, only the waiting ends, and
    /// the gateway's decision counts: an approved sale stays approved.
    public func cancel() { core.cancel() }

    /// The page that the sale wants shown, while its state is ``SaleState/challenge(url:isOpen:)``, otherwise `nil`:
    /// for apps without a presenter. Take it when you show the page, and report to it what happens to the page.
    public var challenge: Challenge? { core.challenge }

    /// The outcome to return if SaleKit itself has failed: this device does not know whether money moved.
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

/// Passes the core's states to a stream, and ends the stream after the last one. The core holds it as long as it
/// reports states.
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
