//! Which challenge's page is on the screen, and what is reported about it. All presenters of this package share this
//! code. A ``ChallengePage`` shows one page. This file uses no Apple framework, so all of it is tested without a
//! device.

import Dispatch
import Foundation

/// How a page went away without a call of `dismiss`.
enum PageEnd: Equatable, Sendable {
    /// The return link was opened.
    case returned
    /// The cardholder closed it.
    case closed
    /// The page could not be shown.
    case failed
    /// The system does not show pages that end at the return link, and will not do so later: the link's domain is not
    /// associated with the app. Nobody has seen the page.
    case refused
}

/// Which kind of page to make.
enum PageKind: Equatable, Sendable {
    /// A page that ends at the return link, if there is such a link.
    case endingAtLink
    /// A page that only shows the address.
    case plain
}

/// One page, which can be shown once.
@MainActor protocol ChallengePage: AnyObject {
    /// Shows the page, and calls `ended` when the page goes away without a call of `dismiss`. Returns `false` if the
    /// page cannot be shown.
    func show(_ ended: @escaping @MainActor (PageEnd) -> Void) -> Bool

    /// Closes the page, if it is open. It may or may not call `ended` then.
    func dismiss()

    /// Whether the page went away with its window, without calling `ended`.
    var isLost: Bool { get }

    /// Calls `done` as soon as another page can be shown: at once, or when this one has moved off the screen.
    func whenGone(_ done: @escaping @MainActor () -> Void)
}

/// Shows one page at a time, and of each sale only the newest. A page waits while another one is open, or while the app
/// has no window because it is in the background: the core asks for each page only once.
@MainActor final class ChallengePages: RedirectPresenter {
    /// Makes the page for an address; `nil` while the app has no window to show it in.
    typealias Stage = @MainActor @Sendable (URL, PageKind) -> (any ChallengePage)?

    private let stage: Stage
    private var waiting: [Challenge] = []
    private var shown: (challenge: Challenge, page: any ChallengePage)?
    /// The page that is moving off the screen.
    private var leaving: (any ChallengePage)?
    /// The kind of page to make next: `plain` once the system has refused the other kind.
    private var kind = PageKind.endingAtLink

    nonisolated init(_ stage: @escaping Stage) { self.stage = stage }

    nonisolated func show(_ challenge: Challenge) {
        inOrder { pages in
            pages.remove(challenge.saleId)
            pages.waiting.append(challenge)
            pages.showNext()
        }
    }

    nonisolated func dismiss(_ challenge: Challenge) {
        inOrder { pages in
            pages.remove(challenge.saleId)
            pages.showNext()
        }
    }

    /// The app has a window again: shows the page that waits for one. First closes a page that should have closed
    /// earlier but could not.
    nonisolated func stageIsFree() {
        inOrder { pages in
            if let leaving = pages.leaving {
                leaving.dismiss()
                pages.leave(leaving)
            }
            pages.showNext()
        }
    }

    /// A window of the app is gone. If it held a page, no other call reports that.
    nonisolated func windowIsGone() {
        inOrder { pages in
            if let (_, page) = pages.shown, page.isLost { pages.ended(page, .closed) }
            if let leaving = pages.leaving, leaving.isLost { pages.leave(leaving) }
        }
    }

    /// Runs `work` on the main actor, in the order of the calls. Tasks would not guarantee the order.
    private nonisolated func inOrder(_ work: @escaping @MainActor @Sendable (ChallengePages) -> Void) {
        DispatchQueue.main.async { MainActor.assumeIsolated { work(self) } }
    }

    private func showNext() {
        guard shown == nil, leaving == nil, let challenge = waiting.first, let page = stage(challenge.url, kind) else { return }
        waiting.removeFirst()
        shown = (challenge, page)
        let isShown = page.show { [weak self, weak page] end in
            if let self, let page { self.ended(page, end) }
        }
        if !isShown { ended(page, .failed) }
    }

    private func ended(_ page: any ChallengePage, _ end: PageEnd) {
        // Ignore a page that was closed or replaced.
        guard let shown, shown.page === page else { return }
        if end == .refused, kind != .plain {
            kind = .plain
            waiting.insert(shown.challenge, at: 0)
        } else {
            shown.challenge.report(end)
        }
        leave(page)
    }

    private func remove(_ sale: Sale.ID) {
        waiting.removeAll { $0.saleId == sale }
        guard let shown, shown.challenge.saleId == sale else { return }
        shown.page.dismiss()
        leave(shown.page)
    }

    private func leave(_ page: any ChallengePage) {
        shown = nil
        leaving = page
        page.whenGone {
            // `whenGone` may have been called twice for this page.
            guard self.leaving === page else { return }
            self.leaving = nil
            self.showNext()
        }
    }
}

extension Challenge {
    fileprivate func report(_ end: PageEnd) {
        switch end {
        case .returned: returned()
        case .closed: closed()
        case .failed, .refused: failed()
        }
    }
}
