//! Maps errors of the app's network code to kinds of failures. Kotlin maps them in the same way:
//! bindings/behaviour.json lists them.

import Foundation
import SaleKitGenerated

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// How many errors of a chain of underlying errors are examined.
private let deepestCause = 16

extension FailureKind {
    /// What went wrong with a request that the app made. The first known error decides: `error`, or one of its
    /// underlying errors. An unknown error counts as a mistake in the app's code, which would happen again if SaleKit
    /// asked again.
    init(thrown error: any Error) {
        var next: (any Error)? = error
        for _ in 0..<deepestCause {
            guard let current = next else { break }
            if let kind = known(current) {
                self = kind
                return
            }
            next = (current as? any CustomNSError)?.errorUserInfo[NSUnderlyingErrorKey] as? any Error
        }
        self = .callbackFailed
    }
}

private func known(_ error: any Error) -> FailureKind? {
    switch error {
    case let kind as FailureKind: kind
    case let error as URLError: kind(of: error.code)
    case let error as POSIXError: kind(of: error.code)
    case is DecodingError: .answerUnreadable
    default: nil
    }
}

private func kind(of code: URLError.Code) -> FailureKind? {
    switch code {
    case .cannotFindHost, .dnsLookupFailed: .nameNotResolved
    case .cannotConnectToHost, .notConnectedToInternet, .dataNotAllowed, .internationalRoamingOff, .callIsActive:
        .notConnected
    case .timedOut: .timedOut
    case .networkConnectionLost, .unknown: .connectionLost
    case .serverCertificateUntrusted, .serverCertificateHasUnknownRoot: .certificateUntrusted
    case .serverCertificateHasBadDate: .certificateExpired
    case .serverCertificateNotYetValid: .certificateNotYetValid
    case .secureConnectionFailed, .clientCertificateRejected, .clientCertificateRequired: .tlsFailed
    case .dataLengthExceedsMaximum: .answerTooLong
    case .badServerResponse, .cannotParseResponse, .cannotDecodeContentData, .cannotDecodeRawData,
        .httpTooManyRedirects, .zeroByteResource:
        .answerUnreadable
    default: nil
    }
}

private func kind(of code: POSIXErrorCode) -> FailureKind? {
    switch code {
    case .ECONNREFUSED, .EHOSTUNREACH, .ENETUNREACH, .ENETDOWN, .EHOSTDOWN: .notConnected
    case .ETIMEDOUT: .timedOut
    case .ECONNRESET, .ECONNABORTED, .EPIPE, .ENOTCONN: .connectionLost
    default: nil
    }
}
