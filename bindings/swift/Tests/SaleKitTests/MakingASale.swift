import SaleKit

/// Start, outcome, settle, acknowledge what is final. An error means that nothing was sent.
func pay(_ client: SaleClient, for orderId: String, with form: CardForm, device: String, settle: Settle) async throws -> SaleOutcome {
    let options = SaleRequest(
        amount: try Money("10.50", "EUR"), consumer: Consumer(serialNumber: device), merchantOrderId: orderId)
    return await conclude(client, try client.start(options, with: form), settle)
}

/// When the app starts: pending, resume each, outcome, settle, acknowledge what is final.
func finishPending(_ client: SaleClient, settle: @escaping Settle) async throws {
    let pending = try await client.pending()
    await withTaskGroup(of: Void.self) { group in
        for left in pending.sales {
            group.addTask {
                // Another process may be running it: the next start tries again.
                guard let sale = try? await client.resume(left.id) else { return }
                _ = await conclude(client, sale, settle)
            }
        }
    }
}

/// Tell your own server, or show it. It may be called twice for one sale, so a second time must change nothing. If it throws,
/// the sale stays stored.
typealias Settle = @MainActor @Sendable (Sale, SaleOutcome) async throws -> Void

func conclude(_ client: SaleClient, _ sale: Sale, _ settle: Settle) async -> SaleOutcome {
    let outcome = await sale.outcome
    do {
        try await settle(sale, outcome)
        // An unknown outcome stays stored: the next start asks for it again.
        if outcome.charge != .unknown { try await client.acknowledge(sale.id) }
    } catch {
        // The outcome counts all the same, and the next start settles the sale again.
    }
    return outcome
}

func message(_ outcome: SaleOutcome) -> String {
    switch outcome {
    case .approved(let receipt): return "paid \(receipt.amountToShow)"
    case .declined(let decline): return decline.advice.displayMessage
    case .notCharged(let end): return end.reason.displayMessage
    case .unknown(let end): return end.advice.displayMessage  // never "failed": it may be charged
    }
}
