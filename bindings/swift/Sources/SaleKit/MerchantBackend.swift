//! The app's own way to the merchant's server, for merchants that do not speak the documented messages: async functions here,
//! bridged to the core's questions and completions.

public import SaleKitGenerated

/// Answers for a merchant whose server does not speak the documented messages. No card data comes here: the merchant never sees
/// any. Each call runs on a task of its own: like all such code it must not block its thread, of which Swift has one for
/// each core. A call that does not answer holds up its own sale only.
///
/// Throw an ``ErrorResponse`` for an answer that is not the one that was hoped for, and a ``FailureKind`` when no answer
/// came. Errors of the network may also be thrown as they are (`URLError`, `POSIXError`, also as an underlying error), and a
/// `DecodingError`: SaleKit asks again where that can help. Any other error counts as a mistake in the app's code,
/// ``FailureKind/callbackFailed``, and is not asked again. An answer that the protocol does not know, for example an empty
/// token, counts as ``FailureKind/answerUnreadable``.
public protocol MerchantBackend: AnyObject, Sendable {
    /// An access token for the device with this serial number.
    func accessToken(forDevice serialNumber: String) async throws -> String

    /// Initiates a sale.
    func initiate(_ question: InitiateSaleRequest) async throws -> InitiatedSale

    /// The gateway's session token of an invoice, which the merchant knows from check sale.
    ///
    /// A merchant that cannot void invoices ignores `wantsVoid`: it answers `.token`, and as long as it has accepted no check
    /// sale it refuses with status 404.
    ///
    /// - Parameter wantsVoid: The merchant is asked to void the invoice if it has accepted no check sale for it: to refuse every
    ///   later check sale, and to answer `.void`, now and to every later question. Then it is certain that nothing is
    ///   charged, and the payer can try again at once.
    func sessionToken(_ question: InvoiceRequest, orVoid wantsVoid: Bool) async throws -> SessionAnswer

    /// The card that the merchant keeps of an invoice.
    func storedCard(_ question: InvoiceRequest) async throws -> StoredCard
}

/// Knows the headers that the app adds to SaleKit's requests to the merchant's server:
///
/// ```swift
/// SaleClient(config: config, merchantHeaders: { ["Authorization": "Bearer \(try await session.freshToken())"] })
/// ```
///
/// It is asked for each request, so that a token that has run out can be renewed. The headers never go to the gateway, nor into
/// a log or an error.
///
/// At most 32: names of 1 to 64 characters, once each in any case, and values of 1 to 8192 characters of visible ASCII. What
/// frames a message (`Host`, `Content-Length`, `Transfer-Encoding`, `Connection` …) and what SaleKit sets itself (`Accept`,
/// `Accept-Encoding`, `Content-Type`) is refused. A request whose headers are refused, or for which this throws, is not sent and
/// counts as failed: with the kind of a ``FailureKind`` or a `URLError`, else as ``FailureKind/callbackFailed``. A line of the
/// log says which rule was broken.
public typealias MerchantHeaders = @Sendable () async throws -> [String: String]

extension ErrorResponse: Error {}
extension FailureKind: Error {}

// MARK: Bridge

final class MerchantBridge: SaleKitGenerated.MerchantBackend {
    private let app: any MerchantBackend
    init(_ app: any MerchantBackend) { self.app = app }

    func accessToken(serialNumber: String, completion: TokenCompletion) {
        answer(completion) { [app] in
            try completion.complete(token: try await app.accessToken(forDevice: serialNumber))
        }
    }

    func initiate(question: InitiateSaleRequest, completion: InitiateCompletion) {
        answer(completion) { [app] in
            try completion.complete(initiated: try await app.initiate(question))
        }
    }

    func sessionToken(question: InvoiceRequest, wantsVoid: Bool, completion: SessionCompletion) {
        answer(completion) { [app] in
            try completion.complete(answer: try await app.sessionToken(question, orVoid: wantsVoid))
        }
    }

    func storedCard(question: InvoiceRequest, completion: StoredCardCompletion) {
        answer(completion) { [app] in
            try completion.complete(card: try await app.storedCard(question))
        }
    }
}

final class HeadersBridge: SaleKitGenerated.MerchantHeaders {
    private let app: MerchantHeaders
    init(_ app: @escaping MerchantHeaders) { self.app = app }

    func headers(completion: HeadersCompletion) {
        Task { [app] in
            do {
                try completion.complete(headers: try await app().map { Header(name: $0.key, value: $0.value) })
            } catch {
                try? completion.fail(kind: FailureKind(thrown: error))
            }
        }
    }
}

/// What the kinds of completion have in common: they take that there is no answer.
private protocol Completion: Sendable {
    func refuse(refusal: ErrorResponse) throws
    func fail(kind: FailureKind) throws
}

extension TokenCompletion: Completion {}
extension InitiateCompletion: Completion {}
extension SessionCompletion: Completion {}
extension StoredCardCompletion: Completion {}

private func answer(_ completion: some Completion, _ ask: @escaping @Sendable () async throws -> Void) {
    Task {
        do {
            try await ask()
        } catch let refusal as ErrorResponse {
            try? completion.refuse(refusal: refusal)
        } catch is SaleKitGenerated.SaleKitError {
            // The app's answer itself is not one that the protocol knows.
            try? completion.fail(kind: .answerUnreadable)
        } catch {
            try? completion.fail(kind: FailureKind(thrown: error))
        }
    }
}
