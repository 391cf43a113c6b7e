//! For merchants whose server does not speak the documented messages: the app implements async functions, and this file
//! connects them to the core's requests and completions.

public import SaleKitGenerated

/// Answers for a merchant whose server does not speak the documented messages. It never receives card data: the
/// merchant never sees any. Each call runs in its own task. As in all async code, do not block the thread: Swift has
/// one for each CPU core. A call that does not answer holds up only its own sale.
///
/// If the server refuses, throw an ``ErrorResponse``; if no answer came, throw a ``FailureKind``. You may also throw
/// network errors as they are (`URLError`, `POSIXError`, also as an underlying error) and a `DecodingError`: SaleKit
/// asks again where that can help. Any other error counts as a mistake in the app's code,
/// ``FailureKind/callbackFailed``, and SaleKit does not ask again. An answer that the protocol does not allow, for
/// example an empty token, counts as ``FailureKind/answerUnreadable``.
public protocol MerchantBackend: AnyObject, Sendable {
    /// Gets an access token for the device with this serial number.
    func accessToken(forDevice serialNumber: String) async throws -> String

    /// Initiates a sale.
    func initiate(_ question: InitiateSaleRequest) async throws -> InitiatedSale

    /// Gets the gateway's session token of an invoice, which the merchant knows from check sale.
    ///
    /// A merchant that cannot void invoices ignores `wantsVoid`: it answers `.token`, and refuses with status 404 as
    /// long as it has accepted no check sale.
    ///
    /// - Parameter wantsVoid: Asks a merchant that has accepted no check sale for the invoice, and can void it, to do
    ///   so. From then on it refuses every later check sale for it, and answers `.void`, now and to every later
    ///   question. That proves that nothing is charged, so the payer can try again at once.
    func sessionToken(_ question: InvoiceRequest, orVoid wantsVoid: Bool) async throws -> SessionAnswer

    /// Gets the card that the merchant keeps of an invoice.
    func storedCard(_ question: InvoiceRequest) async throws -> StoredCard
}

/// Provides the headers that the app adds to SaleKit's requests to the merchant's server:
///
/// ```swift
/// SaleClient(config: config, merchantHeaders: { ["Authorization": "Bearer \(try await session.freshToken())"] })
/// ```
///
/// SaleKit calls it for each request, so that the app can renew an expired token. The headers never go to the gateway,
/// nor into a log or an error.
///
/// Return at most 32 headers, with names of 1 to 64 characters, once each in any case, and values of 1 to 8192
/// characters of visible ASCII. SaleKit refuses headers that frame a message (`Host`, `Content-Length`,
/// `Transfer-Encoding`, `Connection` …) and those that it sets itself (`Accept`, `Accept-Encoding`, `Content-Type`). If
/// the headers are refused, or this function throws, the request is not sent and counts as failed: with the kind of a
/// thrown ``FailureKind`` or `URLError`, otherwise as ``FailureKind/callbackFailed``. A log line says which rule was
/// broken.
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

/// What all completions have in common: they take a refusal or a failure instead of an answer.
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
            // The app's answer breaks a rule of the protocol.
            try? completion.fail(kind: .answerUnreadable)
        } catch {
            try? completion.fail(kind: FailureKind(thrown: error))
        }
    }
}
