//! Shows challenges on iOS: in the system's own browser views, over a window of the app's. Never in a web view.

#if canImport(UIKit) && canImport(AuthenticationServices) && canImport(SafariServices)
    public import UIKit

    /// The address that the issuer's pages lead back to, if such a link was arranged with the gateway; the protocol itself
    /// has none. What it says is not believed: the page closes and the gateway is asked.
    public enum ReturnLink: Equatable, Sendable {
        /// A link `https://host/path`, from iOS 17.4 on. The app's associated domains must have `webcredentials:host`.
        /// `olderScheme` is the scheme of a link for earlier versions of iOS, if there is one.
        case https(host: String, path: String, olderScheme: String? = nil)
        /// A link with a scheme of the app's own, without the colon. Other apps may claim the same.
        case scheme(String)
    }

    /// Shows the page of a challenge and reports what becomes of it. It never starts a sale.
    ///
    /// With a ``ReturnLink`` that this version of iOS knows, in an `ASWebAuthenticationSession`; else in an
    /// `SFSafariViewController`, which closes when the sale is decided or the cardholder is done with it. An `https` link whose
    /// domain is not associated with the app, or not yet, ends such a session before anybody has seen the page: the page
    /// and all later ones are then shown in an `SFSafariViewController`.
    ///
    /// A page that comes while the app is in the background, or while another sale's is open, is shown as soon as that
    /// is over. If the app is killed its page goes with it: resuming the sale shows it anew.
    public final class WebAuthenticationPresenter: RedirectPresenter {
        private let pages: ChallengePages
        private let activation: Observation
        private let disconnection: Observation

        /// A presenter: give it to the client's initializer.
        ///
        /// - Parameters:
        ///   - returnLink: Where the issuer's pages lead in the end; `nil` if nowhere.
        ///   - prefersEphemeralSession: Whether an `ASWebAuthenticationSession` shares nothing with Safari. By default
        ///     it shares nothing: else iOS asks the cardholder first, in the middle of a payment, whether the app may
        ///     use the bank's site "to sign in", and a cardholder who declines has closed the challenge. The price is that the
        ///     bank does not recognise the browser by its cookies, and may ask for a code where it would have let a
        ///     known browser pass. An `SFSafariViewController` has cookies of its own in each app, and asks nothing.
        ///   - anchor: The window to show pages over, asked for each time; `nil` if there is none now.
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
        /// What this version of iOS can be told of the link.
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
        /// Whether a page can come up here: not while its scene is in the background, where iOS would refuse.
        fileprivate var canPresent: Bool {
            guard let state = windowScene?.activationState else { return false }
            return rootViewController != nil && (state == .foregroundActive || state == .foregroundInactive)
        }
    }
#endif
