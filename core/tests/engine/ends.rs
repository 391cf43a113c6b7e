//! Every sale ends, whatever the app's ports do, and leaves nothing behind.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// A transport whose access token never comes. It counts its running requests.
#[derive(Default)]
struct Waiting(Arc<AtomicUsize>);

/// A running request.
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

    fn preconnect<'a>(&'a self, _url: &'a Url) -> PortFuture<'a, ()> {
        Box::pin(std::future::ready(()))
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_under_way_ends_with_its_sale() {
    let waiting = Arc::new(Waiting::default());
    let transport: Arc<dyn Transport> = Arc::<Waiting>::clone(&waiting);
    let ports = Ports {
        merchant: Arc::new(DocumentedMerchant::new(&config(), Arc::clone(&transport))),
        transport,
        ..ports(&Servers::new(good(1)), Arc::new(MemoryStore::new()))
    };
    let sale = client_here(config(), ports).unwrap().start(request()).unwrap();
    while waiting.0.load(Ordering::Relaxed) == 0 {
        tokio::task::yield_now().await;
    }
    sale.cancel();
    assert_eq!(not_charged(sale.outcome().await), NotChargedReason::Cancelled);
    // The runtime drops a task only when it polls it.
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert_eq!(waiting.0.load(Ordering::Relaxed), 0);
}

/// A browser that panics at every call.
struct Broken;

impl RedirectPresenter for Broken {
    fn show(&self, _challenge: &Challenge) {
        panic!("the app's own mistake")
    }

    fn dismiss(&self, _challenge: &Challenge) {
        panic!("the app's own mistake")
    }
}

#[tokio::test(start_paused = true)]
async fn a_presenter_that_panics_is_a_browser_that_could_not_be_opened() {
    let servers = Servers::new(|path, before| match (path, before) {
        ("/paynet/dapi/v1/sale/1144/invoice-1/status", 0) => {
            Answer::Json(r#"{"state":"REDIRECT_REQUEST","redirectUrl":"https://acs.example/1"}"#)
        }
        _ => good(1)(path, before),
    });
    let ports = Ports {
        presenter: Some(Arc::new(Broken)),
        ..ports(&servers, Arc::new(MemoryStore::new()))
    };
    let client = client_here(config(), ports).unwrap();
    let sale = client.start(request()).unwrap();
    let mut states = sale.states();
    let mut was_seen_closed = false;
    while let Some(state) = states.next().await {
        was_seen_closed |= matches!(state, SaleState::Challenge { is_open: false, .. });
    }
    assert!(was_seen_closed);
    assert_eq!(sale.outcome().await.charge(), Charge::Charged);
    assert!(client.running(sale.id()).is_none());
}

/// A clock that works a few times, and then panics.
struct Stopped(AtomicUsize);

impl Clock for Stopped {
    fn now(&self) -> Timestamp {
        assert!(self.0.fetch_add(1, Ordering::Relaxed) < 3, "the app's own mistake");
        Timestamp(1_800_000_000_000)
    }

    fn sleep(&self, _duration: Duration) -> PortFuture<'static, ()> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn a_sale_whose_task_is_gone_does_not_run_any_more() {
    let ports = Ports {
        clock: Arc::new(Stopped(AtomicUsize::new(0))),
        ..ports(&Servers::new(good(1)), Arc::new(MemoryStore::new()))
    };
    let client = client_here(config(), ports).unwrap();
    let sale = client.start(request()).unwrap();
    let SaleOutcome::Unknown(end) = sale.outcome().await else {
        panic!()
    };
    assert_eq!(end.reason, salekit_core::UnknownReason::EngineStopped);
    assert!(client.running(sale.id()).is_none());
}

#[tokio::test(start_paused = true)]
async fn time_limits_without_an_end_have_one() {
    for (connect, answer) in [(Duration::from_secs(5), Duration::MAX), (Duration::MAX, Duration::MAX)] {
        let servers = Servers::new(|path, before| match path {
            "/paynet/dapi/v1/sale/1144/invoice-1" => Answer::Never,
            _ => good(1)(path, before),
        });
        let config = config().with_connection_timeouts(connect, answer);
        let client = client_here(config, ports(&servers, Arc::new(MemoryStore::new()))).unwrap();
        let outcome = client.start(request()).unwrap().outcome().await;
        let SaleOutcome::Unknown(end) = outcome else { panic!() };
        assert_eq!(end.reason, salekit_core::UnknownReason::PerformAnswerLost);
    }
}
