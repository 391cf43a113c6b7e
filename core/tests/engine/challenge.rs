//! Which reports count: those about the newest page of a running sale.

use std::sync::atomic::{AtomicBool, Ordering};

use super::*;

const STATUS: &str = "/paynet/dapi/v1/sale/1144/invoice-1/status";
const FIRST: &str = r#"{"state":"REDIRECT_REQUEST","redirectUrl":"https://acs.example/1"}"#;
const SECOND: &str = r#"{"state":"REDIRECT_REQUEST","redirectUrl":"https://acs.example/2"}"#;

/// A browser that keeps the challenges it got, and records the calls.
#[derive(Default)]
struct Browser {
    shown: Mutex<Vec<Challenge>>,
    taken_away: Mutex<Vec<String>>,
}

impl RedirectPresenter for Browser {
    fn show(&self, challenge: &Challenge) {
        self.shown.lock().unwrap().push(challenge.clone());
    }

    fn dismiss(&self, challenge: &Challenge) {
        self.taken_away.lock().unwrap().push(challenge.url().to_owned());
    }

    fn dismiss_leftover(&self, sale: &SaleId) {
        self.taken_away.lock().unwrap().push(sale.to_string());
    }
}

impl Browser {
    fn page(&self, number: usize) -> Challenge {
        self.shown.lock().unwrap()[number].clone()
    }

    fn addresses(&self) -> Vec<String> {
        let shown = self.shown.lock().unwrap();
        shown.iter().map(|challenge| challenge.url().to_owned()).collect()
    }
}

fn challenged(answers: impl Fn(usize) -> Answer + Send + Sync + 'static) -> Arc<Servers> {
    Servers::new(move |path, before| match path {
        STATUS => answers(before),
        _ => good(1)(path, before),
    })
}

fn client_with(servers: &Arc<Servers>, presenter: Option<Arc<dyn RedirectPresenter>>) -> SaleClient {
    let ports = Ports {
        presenter,
        ..ports(servers, Arc::new(MemoryStore::new()))
    };
    let config = config().with_challenge_timeout(Duration::from_secs(600));
    client_here(config, ports).unwrap()
}

/// Lets everything happen that is due within `seconds`.
async fn pass(seconds: u64) {
    tokio::time::sleep(Duration::from_secs(seconds)).await;
}

fn is_open(sale: &Sale) -> bool {
    match sale.state() {
        SaleState::Challenge { is_open, .. } => is_open,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_reported_after_the_end_does_nothing() {
    let servers = challenged(|_| Answer::Json(FIRST));
    let browser = Arc::<Browser>::default();
    let client = client_with(&servers, Some(browser.clone()));
    let sale = client.start(request()).unwrap();
    let outcome = sale.outcome().await;
    assert_eq!(outcome.charge(), Charge::Unknown);
    assert_eq!(sale.challenge().map(|challenge| challenge.url().to_owned()), None);
    let (challenge, sent) = (browser.page(0), servers.sent().len());
    assert!(challenge.is_over());
    for report in [Challenge::failed, Challenge::closed, Challenge::returned] {
        report(&challenge);
        pass(60).await;
    }
    assert!(client.running(sale.id()).is_none(), "it runs again");
    assert_eq!(servers.sent().len(), sent, "a request was sent");
    assert_eq!(sale.outcome().await, outcome);
}

#[tokio::test(start_paused = true)]
async fn a_page_of_an_earlier_run_is_none_of_the_resumed_sale() {
    let servers = challenged(|_| Answer::Json(FIRST));
    let browser = Arc::<Browser>::default();
    let client = client_with(&servers, Some(browser.clone()));
    let sale = client.start(request()).unwrap();
    sale.outcome().await;
    let resumed = client.resume(sale.id()).await.unwrap();
    pass(30).await;
    let (earlier, own) = (browser.page(0), browser.page(1));
    assert_eq!(earlier.url(), own.url());
    assert_eq!((earlier.is_over(), own.is_over()), (true, false));
    earlier.closed();
    pass(1).await;
    assert!(is_open(&resumed));
    own.closed();
    pass(1).await;
    assert!(!is_open(&resumed));
}

#[tokio::test(start_paused = true)]
async fn a_page_whose_place_was_taken_does_not_close_the_later_one() {
    let servers = challenged(|before| Answer::Json(if before == 0 { FIRST } else { SECOND }));
    let browser = Arc::<Browser>::default();
    let sale = client_with(&servers, Some(browser.clone())).start(request()).unwrap();
    pass(30).await;
    assert_eq!(browser.addresses(), ["https://acs.example/1", "https://acs.example/2"]);
    let (earlier, later) = (browser.page(0), browser.page(1));
    assert_eq!((earlier.is_over(), later.is_over()), (true, false));
    earlier.closed();
    earlier.failed();
    pass(1).await;
    assert!(is_open(&sale));
    later.failed();
    pass(1).await;
    assert!(!is_open(&sale));
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_asked_for_again_is_another_page() {
    let servers = challenged(|_| Answer::Json(FIRST));
    let browser = Arc::<Browser>::default();
    let sale = client_with(&servers, Some(browser.clone())).start(request()).unwrap();
    pass(30).await;
    // By a link, which may be forged: the gateway still asks for the page.
    browser.page(0).returned();
    pass(60).await;
    assert_eq!(browser.addresses(), ["https://acs.example/1"; 2]);
    browser.page(0).closed();
    pass(1).await;
    assert!(is_open(&sale));
    browser.page(1).closed();
    pass(1).await;
    assert!(!is_open(&sale));
}

#[tokio::test(start_paused = true)]
async fn without_a_presenter_the_sale_has_the_page_that_its_state_names() {
    let servers = challenged(|before| match before {
        0..20 => Answer::Json(FIRST),
        _ => Answer::Json(APPROVED),
    });
    let sale = client_with(&servers, None).start(request()).unwrap();
    assert_eq!(sale.challenge().map(|challenge| challenge.url().to_owned()), None);
    pass(30).await;
    let challenge = sale.challenge().unwrap();
    assert_eq!(
        (challenge.sale_id(), challenge.url()),
        (sale.id(), "https://acs.example/1")
    );
    assert!(!format!("{challenge:?}").contains("acs.example"), "{challenge:?}");
    // Nobody can see that the same address is to be shown again, so its challenge still counts.
    challenge.returned();
    pass(30).await;
    challenge.closed();
    pass(1).await;
    assert!(!is_open(&sale));
    assert_eq!(sale.outcome().await.charge(), Charge::Charged);
    assert_eq!(sale.challenge().map(|challenge| challenge.url().to_owned()), None);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_an_earlier_run_may_have_left_is_taken_away_by_its_sale() {
    let is_decided = Arc::<AtomicBool>::default();
    let decided = Arc::clone(&is_decided);
    let servers = challenged(move |_| {
        Answer::Json(if decided.load(Ordering::Relaxed) {
            APPROVED
        } else {
            FIRST
        })
    });
    let browser = Arc::<Browser>::default();
    let client = client_with(&servers, Some(browser.clone()));
    let sale = client.start(request()).unwrap();
    assert_eq!(sale.outcome().await.charge(), Charge::Unknown);
    assert_eq!(*browser.taken_away.lock().unwrap(), ["https://acs.example/1"]);
    is_decided.store(true, Ordering::Relaxed);
    let resumed = client.resume(sale.id()).await.unwrap();
    assert_eq!(resumed.outcome().await.charge(), Charge::Charged);
    assert_eq!(browser.addresses().len(), 1, "the resumed sale has shown none");
    let last = browser.taken_away.lock().unwrap().pop();
    assert_eq!(last, Some(sale.id().to_string()));
}

#[tokio::test(start_paused = true)]
async fn without_a_presenter_the_page_stays_open_until_the_app_says_otherwise() {
    let servers = challenged(|_| Answer::Json(FIRST));
    let sale = client_with(&servers, None).start(request()).unwrap();
    pass(30).await;
    assert!(is_open(&sale), "no report says that it could not be shown");
    sale.challenge().unwrap().closed();
    pass(1).await;
    assert!(!is_open(&sale));
}
