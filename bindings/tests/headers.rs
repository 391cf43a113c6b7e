//! Headers that the app adds to requests to the merchant's server: every way in which it can give them, and not give them.

use std::sync::{Arc, Mutex, mpsc};

use salekit::{
    CallbackError, FailureKind, Header, HeadersCompletion, MerchantHeaders, NotCharged, NotChargedReason, SaleClient,
    SaleKitError, SaleOutcome,
};

use crate::support::{Counterparty, TIMEOUT, form, options, wait};

type Answer = Box<dyn FnMut(Arc<HeadersCompletion>) -> Result<(), CallbackError> + Send>;

struct Provider(Mutex<Answer>);

impl MerchantHeaders for Provider {
    fn headers(&self, completion: Arc<HeadersCompletion>) -> Result<(), CallbackError> {
        self.0.lock().unwrap()(completion)
    }
}

fn header(name: &str, value: &str) -> Header {
    Header {
        name: name.to_owned(),
        value: value.to_owned(),
    }
}

/// Makes a sale with an app that answers so.
fn outcome(answer: impl FnMut(Arc<HeadersCompletion>) -> Result<(), CallbackError> + Send + 'static) -> SaleOutcome {
    let counterparty = Counterparty::start();
    let provider = Arc::new(Provider(Mutex::new(Box::new(answer))));
    let client = SaleClient::new(counterparty.config(), None, None, None, Some(provider)).unwrap();
    let sale = client.start(options("device-1"), form("123")).unwrap();
    wait(sale.outcome()).unwrap()
}

fn not_charged(answer: impl FnMut(Arc<HeadersCompletion>) -> Result<(), CallbackError> + Send + 'static) -> NotCharged {
    match outcome(answer) {
        SaleOutcome::NotCharged { not_charged } => not_charged,
        other => panic!("{other:?}"),
    }
}

/// The sandbox's merchant binds a new access token to the device of this header.
const DEVICE: &str = "X-Device-Serial-Number";

#[test]
fn headers_that_come_later_from_another_thread_are_sent_with_each_request() {
    let (sender, asked) = mpsc::channel();
    let outcome = outcome(move |completion| {
        let sender = sender.clone();
        std::thread::spawn(move || {
            completion.complete(vec![header(DEVICE, "device-1")]).unwrap();
            // Late, so it changes nothing.
            completion.complete(vec![header(DEVICE, "device-2")]).unwrap();
            sender.send(()).unwrap();
        });
        Ok(())
    });
    assert!(matches!(outcome, SaleOutcome::Approved { .. }));
    assert_eq!(asked.iter().count(), 2, "access token and initiate sale");
    let other = not_charged(|completion| {
        completion.complete(vec![header(DEVICE, "device-2")]).unwrap();
        Ok(())
    });
    assert_eq!(
        other.reason,
        NotChargedReason::AccessTokenRefused,
        "the merchant got it"
    );
}

#[test]
fn headers_that_cannot_be_sent_are_told_to_the_app_which_can_still_answer() {
    let (sender, errors) = mpsc::channel();
    let outcome = outcome(move |completion| {
        for (header, rule) in [
            (header("Host", "evil.example"), "reserved"),
            (header("a b", "secret-value"), "characters"),
            (
                header("Authorization", "secret-value\r\nHost: evil.example"),
                "characters",
            ),
        ] {
            sender.send((rule, completion.complete(vec![header]))).unwrap();
        }
        completion.complete(Vec::new()).unwrap();
        Ok(())
    });
    assert!(matches!(outcome, SaleOutcome::Approved { .. }));
    let errors: Vec<_> = errors.iter().collect();
    assert_eq!(errors.len(), 6);
    for (expected, result) in errors {
        let Err(error @ SaleKitError::InvalidInput { .. }) = result else {
            panic!("{result:?}")
        };
        let shown = format!("{error:?} {error}");
        let SaleKitError::InvalidInput { rule, .. } = error else {
            unreachable!()
        };
        assert_eq!(rule, expected);
        assert!(!shown.contains("secret-value") && !shown.contains("evil"), "{shown}");
    }
}

#[test]
fn an_app_that_gives_no_headers_sends_nothing() {
    type Answer = fn(Arc<HeadersCompletion>) -> Result<(), CallbackError>;
    let answers: [(Answer, FailureKind); 4] = [
        (
            |completion| {
                completion.fail(FailureKind::NotConnected).unwrap();
                Ok(())
            },
            FailureKind::NotConnected,
        ),
        (|_| Ok(()), FailureKind::CallbackFailed),
        (
            |_| {
                Err(CallbackError::Failed {
                    detail: "nobody is logged in".to_owned(),
                })
            },
            FailureKind::CallbackFailed,
        ),
        (
            |completion| {
                completion.complete(vec![header("Host", "x")]).unwrap_err();
                Ok(())
            },
            FailureKind::CallbackFailed,
        ),
    ];
    for (answer, kind) in answers {
        let end = not_charged(answer);
        assert_eq!(
            (end.reason, end.failure),
            (NotChargedReason::MerchantUnavailable, Some(kind))
        );
    }
}

#[test]
fn an_app_that_throws_while_the_completion_lives_on_fails_the_request_at_once() {
    let (sender, completions) = mpsc::channel();
    let end = not_charged(move |completion| {
        sender.send(completion).unwrap();
        Err(CallbackError::Failed {
            detail: "nobody is logged in".to_owned(),
        })
    });
    assert_eq!(end.failure, Some(FailureKind::CallbackFailed));
    completions.recv_timeout(TIMEOUT).unwrap().complete(Vec::new()).unwrap();
}
