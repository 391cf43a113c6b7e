// Declarations only, for type-checking on Linux: never shipped, and no proof of behaviour on a device.
public import UIKit

@MainActor open class SFSafariViewController: UIViewController {
    public enum DismissButtonStyle: Int, Sendable { case done, close, cancel }
    public init(url: URL) {}
    public weak var delegate: (any SFSafariViewControllerDelegate)?
    public var dismissButtonStyle: DismissButtonStyle = .done
}

@MainActor public protocol SFSafariViewControllerDelegate: NSObjectProtocol {
    func safariViewControllerDidFinish(_ controller: SFSafariViewController)
}
