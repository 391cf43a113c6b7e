//! Which challenge's page is on the screen, and what its sale is told about it: what the presenters of this package have
//! in common. What shows a page is a ``ChallengePage``; nothing here is Apple's, so all of it is tested without a device.

import Dispatch
import Foundation

/// How a page went away by itself.
enum PageEnd: Equatable, Sendable {
    /// By the link back to the app.
    case returned(URL)
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
@MainActor final class ChallengePages: RedirectPresenter, ClientBound {
    /// Makes the page for an address; `nil` as long as the app has no window to show it in.
    typealias Stage = @MainActor @Sendable (URL, PageKind) -> (any ChallengePage)?

    private struct Wanted {
        let sale: Sale.ID
        let address: URL
        let teller: Teller
    }

    private let stage: Stage
    private nonisolated let owner = WeakClient()
    private var waiting: [Wanted] = []
    private var shown: (wanted: Wanted, page: any ChallengePage)?
    /// The page that is on its way off the screen.
    private var leaving: (any ChallengePage)?
    /// What the system has shown or refused to show.
    private var kind = PageKind.endingAtLink

    nonisolated init(_ stage: @escaping Stage) { self.stage = stage }

    nonisolated func attach(to client: SaleClient) { owner.client = client }

    nonisolated func open(_ address: URL, for sale: Sale.ID) {
        // The sale is asked for now, while it is sure to run: resuming one that has ended would ask the gateway again.
        let wanted = Wanted(sale: sale, address: address, teller: Teller(sale, of: owner.client))
        inOrder { pages in
            pages.remove(sale)
            pages.waiting.append(wanted)
            pages.showNext()
        }
    }

    nonisolated func close(for sale: Sale.ID) {
        inOrder { pages in
            pages.remove(sale)
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

    /// A window of the app's is gone. If a page was in it, nobody else tells the sale.
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
        guard shown == nil, leaving == nil, let wanted = waiting.first, let page = stage(wanted.address, kind) else { return }
        waiting.removeFirst()
        shown = (wanted, page)
        let isShown = page.show { [weak self, weak page] end in
            if let self, let page { self.ended(page, end) }
        }
        if isShown { wanted.teller.tell(.opened) } else { ended(page, .failed) }
    }

    private func ended(_ page: any ChallengePage, _ end: PageEnd) {
        // A page that was taken away, or replaced, has nothing more to say.
        guard let shown, shown.page === page else { return }
        if end == .refused, kind != .plain {
            kind = .plain
            waiting.insert(shown.wanted, at: 0)
        } else {
            shown.wanted.teller.tell(.ended(end))
        }
        leave(page)
    }

    private func remove(_ sale: Sale.ID) {
        waiting.removeAll { $0.sale == sale }
        guard let shown, shown.wanted.sale == sale else { return }
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

/// Tells one sale what becomes of its page, in order.
private final class Teller: Sendable {
    enum News: Sendable {
        case opened
        case ended(PageEnd)
    }

    private let news: AsyncStream<News>.Continuation

    /// Finds the sale. There is none if the client is gone: then nothing is lost, the app resumes its pending sales.
    init(_ id: Sale.ID, of client: SaleClient?) {
        let (all, news) = AsyncStream.makeStream(of: News.self)
        self.news = news
        Task {
            // One that runs is given as it is.
            guard let sale = try? await client?.resume(id) else { return }
            for await news in all {
                switch news {
                case .opened: sale.browserOpened()
                case .ended(.returned(let link)): sale.browserReturned(link)
                case .ended(.closed): sale.browserClosed()
                case .ended(.failed), .ended(.refused): sale.browserFailed()
                }
            }
        }
    }

    deinit { news.finish() }

    func tell(_ what: News) { news.yield(what) }
}

/// The client that a presenter belongs to. Weak: the client holds its presenter.
private final class WeakClient: @unchecked Sendable {
    private let lock = NSLock()
    private weak var held: SaleClient?

    var client: SaleClient? {
        get { lock.withLock { held } }
        set { lock.withLock { held = newValue } }
    }
}
