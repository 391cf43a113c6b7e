// Declarations only, for type-checking on Linux: never shipped, and no proof of behaviour on a device.
public import UIKit

public typealias ASPresentationAnchor = UIWindow

@MainActor public protocol ASWebAuthenticationPresentationContextProviding: NSObjectProtocol {
    func presentationAnchor(for session: ASWebAuthenticationSession) -> ASPresentationAnchor
}

public struct ASWebAuthenticationSessionError: Error {
    public enum Code: Int { case canceledLogin = 1, presentationContextNotProvided, presentationContextInvalid }
    public var code: Code { fatalError() }
}

open class ASWebAuthenticationSession: NSObject {
    public typealias CompletionHandler = (URL?, (any Error)?) -> Void

    open class Callback: NSObject {
        public class func customScheme(_ scheme: String) -> Self { fatalError() }
        public class func https(host: String, path: String) -> Self { fatalError() }
    }

    public init(url: URL, callbackURLScheme: String?, completionHandler: @escaping CompletionHandler) {}
    public convenience init(url: URL, callback: Callback, completionHandler: @escaping CompletionHandler) {
        self.init(url: url, callbackURLScheme: nil, completionHandler: completionHandler)
    }

    public weak var presentationContextProvider: (any ASWebAuthenticationPresentationContextProviding)?
    public var prefersEphemeralWebBrowserSession = false
    @discardableResult public func start() -> Bool { fatalError() }
    public func cancel() {}
}
