//! What `bindings/behaviour.json` lists, and the errors that it names.

import Foundation
import SaleKit

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

enum Behaviour {
    static let bindings = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../..").standardizedFileURL

    /// The file. If it cannot be read it has nothing, which a test of its own finds.
    static let all = read("behaviour.json") ?? .null

    /// Each language's sentences by their keys.
    static let languages: [String: [String: String]] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: bindings.appendingPathComponent("messages").path)) ?? []
        let lists = files.map { file in
            (String(file.prefix { $0 != "." }), (read("messages/\(file)")?.object ?? [:]).compactMapValues(\.text))
        }
        return Dictionary(uniqueKeysWithValues: lists)
    }()

    static func list(_ name: String) -> [JSONValue] { all[name].list ?? [] }

    static func codes(_ type: String) -> [String] {
        list("messages").first { $0["type"].text == type }?["codes"].list?.compactMap(\.text) ?? []
    }

    private static func read(_ path: String) -> JSONValue? {
        (try? Data(contentsOf: bindings.appendingPathComponent(path))).flatMap { try? JSONDecoder().decode(JSONValue.self, from: $0) }
    }

    /// What no outcome and no error may show.
    static let secret = "token=secret"

    /// The error of this name.
    static func error(_ name: String) throws -> any Error & Sendable {
        let parts = name.split(separator: ".").map(String.init)
        switch (parts.first, parts.last) {
        case ("URLError", let code?):
            guard let code = urlCodes[code] else { break }
            return URLError(code)
        case ("POSIXError", let code?):
            guard let code = posixCodes[code] else { break }
            return POSIXError(code)
        default: break
        }
        return switch name {
        case "an underlying URLError.cannotFindHost": Wrapping(inner: URLError(.cannotFindHost))
        case "DecodingError":
            DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: secret))
        case "CancellationError": CancellationError()
        case "CallbackError": CallbackError.storageFull(detail: secret)
        case "SaleKitError": SaleKitError.saleNotFound(saleId: secret)
        case "an error of the app's own": TestFailure(description: secret)
        default: throw TestFailure(description: "there is no \(name)")
        }
    }

    private static let urlCodes: [String: URLError.Code] = [
        "cannotFindHost": .cannotFindHost, "dnsLookupFailed": .dnsLookupFailed, "cannotConnectToHost": .cannotConnectToHost,
        "notConnectedToInternet": .notConnectedToInternet, "dataNotAllowed": .dataNotAllowed,
        "internationalRoamingOff": .internationalRoamingOff, "callIsActive": .callIsActive, "timedOut": .timedOut,
        "networkConnectionLost": .networkConnectionLost, "unknown": .unknown,
        "serverCertificateUntrusted": .serverCertificateUntrusted,
        "serverCertificateHasUnknownRoot": .serverCertificateHasUnknownRoot,
        "serverCertificateHasBadDate": .serverCertificateHasBadDate,
        "serverCertificateNotYetValid": .serverCertificateNotYetValid, "secureConnectionFailed": .secureConnectionFailed,
        "clientCertificateRejected": .clientCertificateRejected, "clientCertificateRequired": .clientCertificateRequired,
        "dataLengthExceedsMaximum": .dataLengthExceedsMaximum, "badServerResponse": .badServerResponse,
        "cannotParseResponse": .cannotParseResponse, "cannotDecodeContentData": .cannotDecodeContentData,
        "cannotDecodeRawData": .cannotDecodeRawData, "httpTooManyRedirects": .httpTooManyRedirects,
        "zeroByteResource": .zeroByteResource, "badURL": .badURL, "unsupportedURL": .unsupportedURL, "cancelled": .cancelled,
        "fileDoesNotExist": .fileDoesNotExist,
    ]

    private static let posixCodes: [String: POSIXErrorCode] = [
        "ECONNREFUSED": .ECONNREFUSED, "EHOSTUNREACH": .EHOSTUNREACH, "ETIMEDOUT": .ETIMEDOUT, "ECONNRESET": .ECONNRESET,
        "EPIPE": .EPIPE, "ENOENT": .ENOENT,
    ]
}

/// An error as libraries make them: another one underlies it.
private struct Wrapping: CustomNSError {
    let inner: URLError
    var errorUserInfo: [String: Any] { [NSUnderlyingErrorKey: inner] }
}

/// Answers to the question for a token as it was made to, and to a later one as it was made to for that.
final class ClumsyMerchant: MerchantBackend {
    private let wasAsked = Shared(false)
    private let first: @Sendable () throws -> String
    private let later: @Sendable () throws -> String

    init(_ first: @escaping @Sendable () throws -> String, then later: @escaping @Sendable () throws -> String) {
        (self.first, self.later) = (first, later)
    }

    func accessToken(forDevice serialNumber: String) async throws -> String {
        let isLater = wasAsked.with { wasAsked in
            defer { wasAsked = true }
            return wasAsked
        }
        return try isLater ? later() : first()
    }

    func initiate(_ question: InitiateSaleRequest) async throws -> InitiatedSale { throw TestFailure(description: "no token") }

    func sessionToken(_ question: InvoiceRequest, orVoid wantsVoid: Bool) async throws -> SessionAnswer {
        throw TestFailure(description: "no invoice")
    }

    func storedCard(_ question: InvoiceRequest) async throws -> StoredCard { throw TestFailure(description: "no sale") }
}
