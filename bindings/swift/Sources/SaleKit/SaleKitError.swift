//! Why a call failed, and the conversion from and to the generated error type.

public import Foundation
public import SaleKitGenerated

/// Why a call failed. No error says anything about money: only a ``SaleOutcome`` does.
public enum SaleKitError: Error, Hashable, Sendable {
    /// An argument is not usable (an address, extra roots, a pin, a value of the sale). Nothing was sent. `field` is
    /// the documented path of the value, for example `sourceOfFunds.card.number`. `rule` is a stable code, for example
    /// `check_digit`. `detail` is an English sentence. None of them contains the value itself.
    case invalidInput(field: String, rule: String, detail: String)
    /// There is no stored sale with this id.
    case saleNotFound(saleId: String)
    /// The sale is running. If it runs in this process, wait for its outcome before you acknowledge or forget it. If it
    /// runs in another process of the app, it cannot be resumed here either: leave it to that process.
    case saleStillRunning(saleId: String)
    /// The stored sale has not ended, so it can be neither acknowledged nor forgotten; resume it first.
    case saleUnfinished(saleId: String)
    /// The outcome is unknown, so the sale cannot be acknowledged. Resume it later, or forget it.
    case saleOutcomeUnknown(saleId: String)
    /// The outcome is final, so the sale cannot be forgotten. Settle it and acknowledge the sale.
    case saleOutcomeFinal(saleId: String)
    /// Another sale with the same merchant order id is running, and the request does not allow a duplicate. Nothing was
    /// sent.
    case orderInUse(saleId: String)
    /// The sale was started with another gateway, or for another merchant's server, than this client has. Nothing was
    /// sent. Use a client that has those of the sale.
    case saleForeign(saleId: String, saleParties: Parties, clientParties: Parties)
    /// The stored sale cannot be used; its snapshot is kept. Ask the merchant's server about it, then forget it.
    case saleDamaged(saleId: String, detail: String)
    /// The store is full.
    case storageFull(detail: String)
    /// The store may not be read or written.
    case storageDenied(detail: String)
    /// The store failed otherwise.
    case storageFailed(detail: String)
    /// The merchant's server could not be asked, or could not answer now: ask again later. `failure` says what went
    /// wrong if no answer came.
    case merchantUnavailable(failure: FailureKind?, detail: String)
    /// The device could not provide random numbers.
    case noRandomness(detail: String)
    /// Nothing can run: the threads could not be started, or SaleKit itself failed. Please report it.
    case `internal`(detail: String)
}

extension SaleKitError: CustomStringConvertible {
    /// An English sentence for a developer: log it, never show it. ``displayMessage`` is for the payer.
    public var description: String { generated.sentence() }
}

extension SaleKitError: Displayable {
    /// A stable code of the error, the same in every language and version, for example `invalid_input`.
    public var code: String { generated.code() }

    public func displayMessage(in locale: Locale) -> String {
        if case .invalidInput(_, let rule, _) = self { Messages.of(rule: rule, in: locale) } else { Messages.of("error.\(code)", in: locale) }
    }
}

extension SaleKitError: LocalizedError {
    /// The text that alerts show. It is for the payer, the same as ``displayMessage``.
    public var errorDescription: String? { displayMessage }
}

extension SaleKitError {
    /// Converts what a generated call threw. Only a panic has another type than the generated error. Its text is left
    /// out, because it could contain anything.
    init(_ error: any Error) {
        guard let error = error as? SaleKitGenerated.SaleKitError else {
            self = .internal(detail: "SaleKit's own code failed")
            return
        }
        self =
            switch error {
            case .InvalidInput(let field, let rule, let detail):
                .invalidInput(field: field, rule: rule, detail: detail)
            case .SaleNotFound(let saleId): .saleNotFound(saleId: saleId)
            case .SaleStillRunning(let saleId): .saleStillRunning(saleId: saleId)
            case .SaleUnfinished(let saleId): .saleUnfinished(saleId: saleId)
            case .SaleOutcomeUnknown(let saleId): .saleOutcomeUnknown(saleId: saleId)
            case .SaleOutcomeFinal(let saleId): .saleOutcomeFinal(saleId: saleId)
            case .OrderInUse(let saleId): .orderInUse(saleId: saleId)
            case .SaleForeign(let saleId, let saleParties, let clientParties):
                .saleForeign(saleId: saleId, saleParties: saleParties, clientParties: clientParties)
            case .SaleDamaged(let saleId, let detail): .saleDamaged(saleId: saleId, detail: detail)
            case .StorageFull(let detail): .storageFull(detail: detail)
            case .StorageDenied(let detail): .storageDenied(detail: detail)
            case .StorageFailed(let detail): .storageFailed(detail: detail)
            case .MerchantUnavailable(let failure, let detail): .merchantUnavailable(failure: failure, detail: detail)
            case .NoRandomness(let detail): .noRandomness(detail: detail)
            case .Internal(let detail): .internal(detail: detail)
            }
    }

    private var generated: SaleKitGenerated.SaleKitError {
        switch self {
        case .invalidInput(let field, let rule, let detail): .InvalidInput(field: field, rule: rule, detail: detail)
        case .saleNotFound(let saleId): .SaleNotFound(saleId: saleId)
        case .saleStillRunning(let saleId): .SaleStillRunning(saleId: saleId)
        case .saleUnfinished(let saleId): .SaleUnfinished(saleId: saleId)
        case .saleOutcomeUnknown(let saleId): .SaleOutcomeUnknown(saleId: saleId)
        case .saleOutcomeFinal(let saleId): .SaleOutcomeFinal(saleId: saleId)
        case .orderInUse(let saleId): .OrderInUse(saleId: saleId)
        case .saleForeign(let saleId, let saleParties, let clientParties):
            .SaleForeign(saleId: saleId, saleParties: saleParties, clientParties: clientParties)
        case .saleDamaged(let saleId, let detail): .SaleDamaged(saleId: saleId, detail: detail)
        case .storageFull(let detail): .StorageFull(detail: detail)
        case .storageDenied(let detail): .StorageDenied(detail: detail)
        case .storageFailed(let detail): .StorageFailed(detail: detail)
        case .merchantUnavailable(let failure, let detail): .MerchantUnavailable(failure: failure, detail: detail)
        case .noRandomness(let detail): .NoRandomness(detail: detail)
        case .internal(let detail): .Internal(detail: detail)
        }
    }
}

/// Calls generated code, and converts its errors to ``SaleKitError``.
func calling<Value>(_ call: () throws -> Value) throws(SaleKitError) -> Value {
    do { return try call() } catch { throw SaleKitError(error) }
}

/// Calls asynchronous generated code. The call does not react to the cancellation of the calling task.
func waiting<Value: Sendable>(_ call: @Sendable () async throws -> Value) async throws(SaleKitError) -> Value {
    do { return try await call() } catch { throw SaleKitError(error) }
}
