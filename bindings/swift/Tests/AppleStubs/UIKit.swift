// Declarations only, for type-checking on Linux: never shipped, and no proof of behaviour on a device.
@_exported import Foundation


@MainActor open class UIWindow: UIView {
    public var rootViewController: UIViewController?
    public weak var windowScene: UIWindowScene? { fatalError() }
}

@MainActor open class UIScene: UIResponder {
    public enum ActivationState: Int, Sendable { case unattached, foregroundActive, foregroundInactive, background }
    public var activationState: ActivationState { fatalError() }
    public nonisolated class var didActivateNotification: NSNotification.Name { fatalError() }
    public nonisolated class var didDisconnectNotification: NSNotification.Name { fatalError() }
}

@MainActor open class UIWindowScene: UIScene {
    public var keyWindow: UIWindow? { fatalError() }
}

@MainActor open class UIApplication: UIResponder {
    public class var shared: UIApplication { fatalError() }
    public var connectedScenes: Set<UIScene> { fatalError() }
    public nonisolated class var willEnterForegroundNotification: NSNotification.Name { fatalError() }
    public nonisolated class var didEnterBackgroundNotification: NSNotification.Name { fatalError() }
    public nonisolated class var willResignActiveNotification: NSNotification.Name { fatalError() }
}

public enum UIModalPresentationStyle: Int, Sendable { case fullScreen, overFullScreen }

@MainActor open class UIViewController: UIResponder {
    public var presentedViewController: UIViewController? { fatalError() }
    public var presentingViewController: UIViewController? { fatalError() }
    public var isBeingDismissed: Bool { fatalError() }
    public var isBeingPresented: Bool { fatalError() }
    public var modalPresentationStyle: UIModalPresentationStyle = .fullScreen
    public var transitionCoordinator: (any UIViewControllerTransitionCoordinator)? { fatalError() }
    public func present(_ controller: UIViewController, animated: Bool, completion: (() -> Void)? = nil) {}
    public func dismiss(animated: Bool, completion: (() -> Void)? = nil) {}
}

@MainActor public protocol UIViewControllerTransitionCoordinatorContext: NSObjectProtocol {}

@MainActor public protocol UIViewControllerTransitionCoordinator: UIViewControllerTransitionCoordinatorContext {
    @discardableResult func animate(
        alongsideTransition animation: ((any UIViewControllerTransitionCoordinatorContext) -> Void)?,
        completion: ((any UIViewControllerTransitionCoordinatorContext) -> Void)?
    ) -> Bool
}
