//! Shows challenges on iOS: in the system's browser views, over a window of the app. Never in a web view.

#if canImport(UIKit) && canImport(AuthenticationServices) && canImport(SafariServices)
    public import UIKit

    /// The link by which the issuer's pages return to the app, if you agreed one with the gateway; the protocol itself
    /// has none. SaleKit does not trust what the link says: it closes the page and asks the gateway.
    public enum ReturnLink: Equatable, Sendable {
        /// A link `https://host/path`, from iOS 17.4 on. The app's associated domains must contain
        /// `webcredentials:host`. `olderScheme` is the scheme of a link for earlier versions of iOS, if there is one.
        case https(host: String, path: String, olderScheme: String? = nil)
        /// A link with the app's own scheme, without the colon. Other apps can claim the same scheme.
        case scheme(String)
    }

    /// Shows the page of a challenge and reports what happens to it. It never starts a sale.
    ///
    /// If there is a ``ReturnLink`` that this version of iOS supports, the page opens in an
    /// `ASWebAuthenticationSession`. Otherwise it opens in an `SFSafariViewController`, which closes when the sale is
    /// decided or when the cardholder closes it. If the domain of an `https` link is not associated with the app, or
    /// not yet, iOS ends the session before anybody has seen the page. This page and all later ones then open in an
    /// `SFSafariViewController`.
    ///
    /// If the app is in the background, or the page of another sale is open, a new page waits until that is over. If
    /// the app is killed, its page closes too; resuming the sale shows it again.
    public final class WebAuthenticationPresenter: RedirectPresenter {
        private let pages: ChallengePages
        private let activation: Observation
        private let disconnection: Observation

        /// A presenter: pass it to the client's initializer.
        ///
        /// - Parameters:
        ///   - returnLink: The link by which the issuer's pages return to the app; `nil` if there is none.
        ///   - prefersEphemeralSession: Whether an `ASWebAuthenticationSession` shares no data with Safari. By default
        ///     it shares none. If it did, iOS would first ask the cardholder, in the middle of a payment, whether the
        ///     app may use the bank's site "to sign in", and refusing that would close the challenge. The price: the
        ///     bank does not recognise the browser by its cookies, and may ask for a code where a known browser needs
        ///     none. An `SFSafariViewController` has separate cookies in each app, and asks nothing.
        ///   - anchor: The window to show pages over. It is called for each page; return `nil` if there is no window
        ///     now.
        @MainActor public init(
            returnLink: ReturnLink? = nil,
            prefersEphemeralSession: Bool = true,
            anchor: @escaping @MainActor @Sendable () -> UIWindow?
        ) {
            let pages = ChallengePages { address, kind in
                guard let window = anchor(), window.canPresent else { return nil }
                guard kind == .endingAtLink, let callback = returnLink?.callback else {
                    return SafariPage(address, over: window)
                }
                return WebAuthenticationPage(
                    address, back: callback, isEphemeral: prefersEphemeralSession, over: window)
            }
            self.pages = pages
            activation = Observation(of: UIScene.didActivateNotification) { pages.stageIsFree() }
            disconnection = Observation(of: UIScene.didDisconnectNotification) { pages.windowIsGone() }
        }

        public func show(_ challenge: Challenge) { pages.show(challenge) }

        public func dismiss(_ challenge: Challenge) { pages.dismiss(challenge) }
    }

    extension ReturnLink {
        /// The link in the form that this version of iOS supports.
        fileprivate var callback: WebAuthenticationPage.Callback? {
            switch self {
            case .scheme(let scheme): return .scheme(scheme)
            case .https(let host, let path, let olderScheme):
                if #available(iOS 17.4, macCatalyst 17.4, visionOS 1.1, *) { return .https(host: host, path: path) }
                return olderScheme.map { .scheme($0) }
            }
        }
    }

    extension UIWindow {
        /// Whether a page can be shown here. Not while the window's scene is in the background, where iOS would refuse
        /// it.
        fileprivate var canPresent: Bool {
            guard let state = windowScene?.activationState else { return false }
            return rootViewController != nil && (state == .foregroundActive || state == .foregroundInactive)
        }
    }
#endif
