//! A challenge's page in an `ASWebAuthenticationSession`, and in an `SFSafariViewController`.

#if canImport(UIKit) && canImport(AuthenticationServices) && canImport(SafariServices)
    import AuthenticationServices
    import Foundation
    import SafariServices
    import UIKit

    /// A page in an `ASWebAuthenticationSession`, which the system ends at the return link.
    @MainActor final class WebAuthenticationPage: NSObject, ChallengePage {
        enum Callback: Equatable, Sendable {
            case scheme(String)
            /// Available from iOS 17.4 on.
            case https(host: String, path: String)

            var hasDomain: Bool { if case .https = self { true } else { false } }
        }

        private let address: URL
        private let callback: Callback
        private let isEphemeral: Bool
        private let window: UIWindow
        /// Held as long as this page: a session ends when it is released.
        private var session: ASWebAuthenticationSession?

        init(_ address: URL, back callback: Callback, isEphemeral: Bool, over window: UIWindow) {
            self.address = address
            self.callback = callback
            self.isEphemeral = isEphemeral
            self.window = window
        }

        func show(_ ended: @escaping @MainActor (PageEnd) -> Void) -> Bool {
            // The system calls this on a queue of its choice. A closure isolated to the main actor would trap there.
            let hasDomain = callback.hasDomain
            let completion: @Sendable (URL?, (any Error)?) -> Void = { link, error in
                let end = PageEnd(link, error, hasDomain: hasDomain)
                DispatchQueue.main.async { MainActor.assumeIsolated { ended(end) } }
            }
            guard let session = makeSession(completion) else { return false }
            session.presentationContextProvider = self
            session.prefersEphemeralWebBrowserSession = isEphemeral
            self.session = session
            return session.start()
        }

        private func makeSession(_ done: @escaping @Sendable (URL?, (any Error)?) -> Void) -> ASWebAuthenticationSession? {
            switch callback {
            case .scheme(let scheme):
                return ASWebAuthenticationSession(url: address, callbackURLScheme: scheme, completionHandler: done)
            case .https(let host, let path):
                guard #available(iOS 17.4, macCatalyst 17.4, visionOS 1.1, *) else { return nil }
                return ASWebAuthenticationSession(
                    url: address, callback: .https(host: host, path: path), completionHandler: done)
            }
        }

        func dismiss() { session?.cancel() }

        var isLost: Bool { window.windowScene == nil }

        func whenGone(_ done: @escaping @MainActor () -> Void) { window.whenNothingLeaves(done) }
    }

    extension WebAuthenticationPage: ASWebAuthenticationPresentationContextProviding {
        // SDKs differ in whether the protocol is isolated to the main actor. The system always calls it there.
        nonisolated func presentationAnchor(for session: ASWebAuthenticationSession) -> ASPresentationAnchor {
            MainActor.assumeIsolated { window }
        }
    }

    extension PageEnd {
        /// Interprets a session's completion. An unknown error means only that the page is gone.
        fileprivate init(_ link: URL?, _ error: (any Error)?, hasDomain: Bool) {
            if link != nil {
                self = .returned
                return
            }
            switch (error as? ASWebAuthenticationSessionError)?.code {
            case .presentationContextInvalid, .presentationContextNotProvided: self = .failed
            // If the domain is not associated, the system also reports "cancelled", but with a reason. If the
            // cardholder closes the page, there is no reason.
            case .canceledLogin where hasDomain && error.map({ !($0 as NSError).userInfo.isEmpty }) == true: self = .refused
            default: self = .closed
            }
        }
    }

    /// A page in an `SFSafariViewController`.
    @MainActor final class SafariPage: NSObject, ChallengePage {
        private let address: URL
        private let window: UIWindow
        private var safari: SFSafariViewController?
        private var ended: (@MainActor (PageEnd) -> Void)?

        init(_ address: URL, over window: UIWindow) {
            self.address = address
            self.window = window
        }

        func show(_ ended: @escaping @MainActor (PageEnd) -> Void) -> Bool {
            guard let front = window.front else { return false }
            let safari = SFSafariViewController(url: address)
            safari.delegate = self
            safari.dismissButtonStyle = .close
            // Prevents dismissal by swiping, which the delegate does not always learn of.
            safari.modalPresentationStyle = .overFullScreen
            self.safari = safari
            self.ended = ended
            front.present(safari, animated: true, completion: nil)
            return true
        }

        func dismiss() {
            guard let safari, !safari.isBeingDismissed else { return }
            // A view controller that is still being presented cannot be dismissed: UIKit would only write a line to the
            // log.
            if safari.isBeingPresented,
                let transition = safari.transitionCoordinator,
                transition.animate(alongsideTransition: nil, completion: { [weak self] _ in self?.dismissShown() })
            {
                return
            }
            dismissShown()
        }

        private func dismissShown() { safari?.presentingViewController?.dismiss(animated: true, completion: nil) }

        var isLost: Bool { window.windowScene == nil }

        func whenGone(_ done: @escaping @MainActor () -> Void) { window.whenNothingLeaves(done) }
    }

    extension SafariPage: SFSafariViewControllerDelegate {
        nonisolated func safariViewControllerDidFinish(_ controller: SFSafariViewController) {
            MainActor.assumeIsolated { ended?(.closed) }
        }
    }

    extension UIWindow {
        /// The frontmost view controller.
        fileprivate var front: UIViewController? {
            var front = rootViewController
            while let next = front?.presentedViewController, !next.isBeingDismissed { front = next }
            return front
        }

        /// Calls `done` when no view controller is being dismissed: anything presented over such a view controller
        /// never appears.
        fileprivate func whenNothingLeaves(_ done: @escaping @MainActor () -> Void) {
            var next = rootViewController?.presentedViewController
            while let controller = next, !controller.isBeingDismissed { next = controller.presentedViewController }
            guard let transition = next?.transitionCoordinator,
                transition.animate(alongsideTransition: nil, completion: { _ in done() })
            else { return done() }
        }
    }
#endif
