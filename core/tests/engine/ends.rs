//! Every sale ends, whatever the app's own ports do, and leaves nothing behind.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// A transport whose access token never comes, and which counts the requests under way.
#[derive(Default)]
struct Waiting(Arc<AtomicUsize>);

/// A request under way.
struct UnderWay(Arc<AtomicUsize>);

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Transport for Waiting {
    fn send(&self, _request: HttpRequest) -> PortFuture<'_, Result<Reply, Failure>> {
        Box::pin(async move {
            self.0.fetch_add(1, Ordering::Relaxed);
            let _under_way = UnderWay(Arc::clone(&self.0));
            std::future::pending().await
        })
    }

    fn warm<'a>(&'a self, _url: &'a Url) -> PortFuture<'a, ()> {
        Box::pin(std::future::ready(()))
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_under_way_ends_with_its_sale() {
    let waiting = Arc::new(Waiting::default());
    let transport: Arc<dyn Transport> = Arc::<Waiting>::clone(&waiting);
    let ports = Ports {
        shop: Arc::new(DocumentedShop::new(&config(), Arc::clone(&transport))),
        transport,
        ..ports(&Servers::new(good(1)), Arc::new(MemoryStore::new()))
    };
    let sale = SaleClient::with_ports(config(), ports)
        .unwrap()
        .start(request())
        .unwrap();
    while waiting.0.load(Ordering::Relaxed) == 0 {
        tokio::task::yield_now().await;
    }
    sale.cancel();
    assert_eq!(not_charged(sale.outcome().await), NotChargedReason::Cancelled);
    // The runtime ends a task when its turn comes.
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert_eq!(waiting.0.load(Ordering::Relaxed), 0);
}
