//! Which challenge's page is on the screen, and what is reported about it: what the presenters of this package have
//! in common. What shows a page is a ``ChallengePage``; nothing here is Apple's, so all of it is tested without a device.

import Dispatch
import Foundation

/// How a page went away by itself.
enum PageEnd: Equatable, Sendable {
    /// By the link back to the app.
    case returned
    /// The cardholder closed it.
    case closed
    /// It never came.
    case failed
    /// The system does not show pages that end at the link back, for a reason that stays: the link's domain is not the
    /// app's. Nobody has seen the page.
    case refused
}

/// Which page is made.
enum PageKind: Equatable, Sendable {
    /// One that ends at the link back, if there is such a link.
    case endingAtLink
    /// One that only shows the address.
    case plain
}

/// One page, and the means to show it once.
@MainActor protocol ChallengePage: AnyObject {
    /// Puts the page on the screen and calls `ended` when it goes away by itself. `false` if it cannot be shown.
    func show(_ ended: @escaping @MainActor (PageEnd) -> Void) -> Bool

    /// Takes the page away, if it is there. Whether `ended` is called for that does not matter.
    func dismiss()

    /// Whether the page went away without saying so: with its window.
    var isLost: Bool { get }

    /// Calls `done` as soon as another page can be shown: at once, or when this one has moved off the screen.
    func whenGone(_ done: @escaping @MainActor () -> Void)
}

/// Shows one page at a time, each sale's newest. Those for which there is no room, or no window as the app is in the
/// background, wait: the core asks for a page once only.
@MainActor final class ChallengePages: RedirectPresenter {
    /// Makes the page for an address; `nil` as long as the app has no window to show it in.
    typealias Stage = @MainActor @Sendable (URL, PageKind) -> (any ChallengePage)?

    private let stage: Stage
    private var waiting: [Challenge] = []
    private var shown: (challenge: Challenge, page: any ChallengePage)?
    /// The page that is on its way off the screen.
    private var leaving: (any ChallengePage)?
    /// What the system has shown or refused to show.
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

    /// The app has a window again: shows what waits for one. What should have left meanwhile, and could not, leaves now.
    nonisolated func stageIsFree() {
        inOrder { pages in
            if let leaving = pages.leaving {
                leaving.dismiss()
                pages.leave(leaving)
            }
            pages.showNext()
        }
    }

    /// A window of the app's is gone. If a page was in it, nobody else reports that.
    nonisolated func windowIsGone() {
        inOrder { pages in
            if let (_, page) = pages.shown, page.isLost { pages.ended(page, .closed) }
            if let leaving = pages.leaving, leaving.isLost { pages.leave(leaving) }
        }
    }

    /// On the main actor, one after the other as called; tasks would promise no order.
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
        // A page that was taken away, or replaced, has nothing more to say.
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
            // It may have been asked twice.
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
