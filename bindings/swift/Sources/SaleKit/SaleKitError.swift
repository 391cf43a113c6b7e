//! Why a call failed, and how the generated code's errors become that.

public import Foundation
public import SaleKitGenerated

/// Why a call failed. No error says anything about money: that is a ``SaleOutcome``'s business.
public enum SaleKitError: Error, Hashable, Sendable {
    /// Something given is not usable; nothing was sent. `field` is the documented path of the value, for example
    /// `sourceOfFunds.card.number`; `rule` a stable word, for example `check_digit`; `detail` an English sentence. The
    /// value itself is in none of them.
    case invalidInput(field: String, rule: String, detail: String)
    /// There is no stored sale with this id.
    case saleNotFound(saleId: String)
    /// The sale is running. Here: it can be neither acknowledged nor forgotten; wait for its outcome first. In another
    /// process of the app: it cannot be resumed either; leave it to that one.
    case saleStillRunning(saleId: String)
    /// The stored sale has not ended, so it can be neither acknowledged nor forgotten; resume it first.
    case saleUnfinished(saleId: String)
    /// The outcome is unknown, and what is not final cannot be acknowledged; resume the sale later, or forget it.
    case saleOutcomeUnknown(saleId: String)
    /// The outcome is final, and what is known is not forgotten; settle it and acknowledge the sale.
    case saleOutcomeFinal(saleId: String)
    /// Another sale with the same merchant order id runs, and the request does not allow a duplicate. Nothing was sent.
    case orderInUse(saleId: String)
    /// The sale was started with another gateway, or for another merchant's server, than this client has. Nothing was sent.
    /// Use a client that has those of the sale.
    case saleForeign(saleId: String, saleParties: Parties, clientParties: Parties)
    /// The stored sale cannot be used; its snapshot is kept. Ask the merchant's server about it, then forget it.
    case saleDamaged(saleId: String, detail: String)
    /// The store is full.
    case storageFull(detail: String)
    /// The store may not be read or written.
    case storageDenied(detail: String)
    /// The store failed otherwise.
    case storageFailed(detail: String)
    /// The merchant's server could not be asked, or could not answer now: ask again later. `failure` says what went wrong if
    /// no answer came.
    case merchantUnavailable(failure: FailureKind?, detail: String)
    /// The device gave no random numbers.
    case noRandomness(detail: String)
    /// Nothing can run: the threads could not be started, or SaleKit itself failed. Please report it.
    case `internal`(detail: String)
}

extension SaleKitError: CustomStringConvertible {
    /// An English sentence for a developer: log it, never show it. ``displayMessage`` is for the payer.
    public var description: String { generated.sentence() }
}

extension SaleKitError: Displayable {
    /// A stable word for the error, the same in every language and version, for example `invalid_input`.
    public var code: String { generated.code() }

    public func displayMessage(in locale: Locale) -> String {
        if case .invalidInput(_, let rule, _) = self { Messages.of(rule: rule, in: locale) } else { Messages.of("error.\(code)", in: locale) }
    }
}

extension SaleKitError: LocalizedError {
    /// What alerts show, so it is for the payer, as ``displayMessage``.
    public var errorDescription: String? { displayMessage }
}

extension SaleKitError {
    /// What a generated call threw. Only a panic is not of the contract's type, and its text is left out: it could hold
    /// anything.
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

/// Calls generated code, with its errors made ours.
func calling<Value>(_ call: () throws -> Value) throws(SaleKitError) -> Value {
    do { return try call() } catch { throw SaleKitError(error) }
}

/// Calls generated code that takes its time. It does not see the cancellation of the task it is called on.
func waiting<Value: Sendable>(_ call: @Sendable () async throws -> Value) async throws(SaleKitError) -> Value {
    do { return try await call() } catch { throw SaleKitError(error) }
}
