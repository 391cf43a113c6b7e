//! What an error of the app's own network code says of a request. The same as in Kotlin: bindings/behaviour.json lists it.

import Foundation
import SaleKitGenerated

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Deeper underlying errors are not looked at.
private let deepestCause = 16

extension FailureKind {
    /// What went wrong with a request of the app's own, by the first error that says it: `error`, or one that underlies
    /// it. One that nothing is known of is a mistake in the app's code, which asking again would repeat.
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
