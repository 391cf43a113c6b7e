//! A merchant backend of the app's own: every way in which it can answer, and not answer.

use std::{
    sync::{Arc, Mutex, mpsc},
    thread,
};

use salekit::{
    CallbackError, ErrorResponse, FailureKind, InitiateCompletion, InitiateSaleRequest, InitiatedSale, InvoiceRequest,
    MerchantBackend, NotCharged, NotChargedReason, SaleClient, SaleKitError, SaleOutcome, SessionAnswer,
    SessionCompletion, StoredCardCompletion, Timeouts, TokenCompletion, UnknownReason,
};

use crate::support::{Counterparty, TIMEOUT, form, options, wait};

type Answer = Box<dyn FnOnce(InitiateSaleRequest, Arc<InitiateCompletion>) -> Result<(), CallbackError> + Send>;

/// What the merchant answers to the question for a session token, which is put with or without the wish to void.
type Session = Box<dyn FnMut(bool, Arc<SessionCompletion>) -> Result<(), CallbackError> + Send>;

/// Gives a token at once, and to initiate sale and to questions for the session token the answers of the test.
struct Backend {
    initiate: Mutex<Option<Answer>>,
    session: Mutex<Session>,
}

fn unasked() -> Result<(), CallbackError> {
    Err(CallbackError::Failed {
        detail: "not expected in this test".to_owned(),
    })
}

impl MerchantBackend for Backend {
    fn access_token(&self, serial_number: String, completion: Arc<TokenCompletion>) -> Result<(), CallbackError> {
        assert_eq!(serial_number, "device-1");
        completion.complete("t".repeat(40)).unwrap();
        completion.complete("late".repeat(10)).unwrap();
        Ok(())
    }

    fn initiate(
        &self,
        question: InitiateSaleRequest,
        completion: Arc<InitiateCompletion>,
    ) -> Result<(), CallbackError> {
        match self.initiate.lock().unwrap().take() {
            Some(answer) => answer(question, completion),
            None => unasked(),
        }
    }

    fn session_token(
        &self,
        question: InvoiceRequest,
        wants_void: bool,
        completion: Arc<SessionCompletion>,
    ) -> Result<(), CallbackError> {
        assert_eq!(
            (question.invoice_id.as_str(), question.access_token),
            ("invoice-1", "t".repeat(40))
        );
        assert_eq!(
            (question.merchant_order_id.as_deref(), question.sale_id.len()),
            (Some("order 7"), 32)
        );
        self.session.lock().unwrap()(wants_void, completion)
    }

    fn stored_card(&self, _: InvoiceRequest, _: Arc<StoredCardCompletion>) -> Result<(), CallbackError> {
        unasked()
    }
}

/// Makes a sale with a merchant that answers so; it must end without a charge.
fn ends(
    answer: impl FnOnce(InitiateSaleRequest, Arc<InitiateCompletion>) -> Result<(), CallbackError> + Send + 'static,
) -> NotCharged {
    let refuse = |_, completion: Arc<SessionCompletion>| {
        completion.refuse(not_found()).unwrap();
        Ok(())
    };
    match outcome(Box::new(answer), Box::new(refuse)) {
        SaleOutcome::NotCharged { not_charged } => not_charged,
        other => panic!("{other:?}"),
    }
}

/// Makes a sale with a merchant that answers so, and says how it ended.
fn outcome(initiate: Answer, session: Session) -> SaleOutcome {
    let counterparty = Counterparty::start();
    let backend = Backend {
        initiate: Mutex::new(Some(initiate)),
        session: Mutex::new(session),
    };
    let mut config = counterparty.config();
    config.timeouts = Some(Timeouts {
        processing_millis: None,
        challenge_millis: None,
        recovery_millis: Some(100),
        connect_millis: None,
        answer_millis: None,
    });
    let client = SaleClient::new(config, None, None, Some(Arc::new(backend)), None).unwrap();
    let sale = client.start(options("device-1"), form("123")).unwrap();
    wait(sale.outcome()).unwrap()
}

fn not_found() -> ErrorResponse {
    ErrorResponse {
        status: 404,
        cause: Some("ORDER_NOT_FOUND".to_owned()),
        support_reference: None,
        detail: None,
    }
}

fn initiated() -> InitiatedSale {
    InitiatedSale {
        endpoint_id: "1144".to_owned(),
        invoice_id: "invoice-1".to_owned(),
        nonce: "nonce".to_owned(),
        signature: "signature".to_owned(),
    }
}

#[test]
fn an_answer_that_comes_later_from_another_thread_is_used() {
    let end = ends(|question, completion| {
        // The first token counted, and the question is the sale.
        assert_eq!(question.access_token, "t".repeat(40));
        assert_eq!(
            (question.amount.minor_units, question.consumer.serial_number.as_str()),
            (1050, "device-1")
        );
        assert_eq!(question.consumer.email.as_deref(), Some("ada@example.com"));
        assert_eq!(question.merchant_order_id.as_deref(), Some("order 7"));
        assert_eq!(question.sale_id.len(), 32);
        thread::spawn(move || completion.complete(initiated()).unwrap());
        Ok(())
    });
    // The signature is made up, so the gateway refuses: it was asked, then.
    assert_eq!(
        (end.reason, end.invoice_id.as_deref()),
        (NotChargedReason::PerformRefused, Some("invoice-1"))
    );
}

#[test]
fn an_unusable_answer_is_told_to_the_backend_which_can_still_answer() {
    let (sender, errors) = mpsc::channel();
    let end = ends(move |_, completion| {
        for field in ["endpointId", "session.nonce"] {
            let mut wrong = initiated();
            match field {
                "endpointId" => wrong.endpoint_id = "..".to_owned(),
                _ => wrong.nonce.clear(),
            }
            sender.send((field, completion.complete(wrong))).unwrap();
        }
        completion.fail(FailureKind::CertificateUntrusted).unwrap();
        Ok(())
    });
    for (field, result) in errors {
        let Err(SaleKitError::InvalidInput { field: named, .. }) = result else {
            panic!("{result:?}")
        };
        assert_eq!(named, field);
    }
    assert_eq!(
        (end.reason, end.failure),
        (
            NotChargedReason::MerchantUnavailable,
            Some(FailureKind::CertificateUntrusted)
        )
    );
}

#[test]
fn a_completion_that_is_let_go_of_is_a_failure_at_once() {
    let end = ends(|_, completion| {
        drop(completion);
        Ok(())
    });
    assert_eq!(
        (end.reason, end.failure),
        (NotChargedReason::MerchantUnavailable, Some(FailureKind::CallbackFailed))
    );
}

#[test]
fn a_backend_that_throws_while_the_completion_lives_on_is_a_failure_at_once() {
    let (sender, completions) = mpsc::channel();
    let end = ends(move |_, completion| {
        sender.send(completion).unwrap();
        Err(CallbackError::Failed {
            detail: "no network layer".to_owned(),
        })
    });
    assert_eq!(
        (end.reason, end.failure),
        (NotChargedReason::MerchantUnavailable, Some(FailureKind::CallbackFailed))
    );
    // An answer that comes after that is taken and changes nothing.
    completions
        .recv_timeout(TIMEOUT)
        .unwrap()
        .complete(initiated())
        .unwrap();
}

/// Made-up values, which the gateway refuses: after a refusal the merchant is asked what it knows of the sale.
fn refused_by_the_gateway() -> Answer {
    Box::new(|_, completion| {
        completion.complete(initiated()).unwrap();
        Ok(())
    })
}

#[test]
fn a_merchant_that_voids_the_invoice_confirms_a_refusal() {
    let (sender, wishes) = mpsc::channel();
    let session = move |wants_void, completion: Arc<SessionCompletion>| {
        sender.send(wants_void).unwrap();
        completion.complete(SessionAnswer::Void).unwrap();
        Ok(())
    };
    let SaleOutcome::NotCharged { not_charged } = outcome(refused_by_the_gateway(), Box::new(session)) else {
        panic!("a void invoice is not charged")
    };
    assert_eq!(not_charged.reason, NotChargedReason::PerformRefused);
    assert_eq!(wishes.iter().collect::<Vec<_>>(), [true]);
}

#[test]
fn a_merchant_that_cannot_be_asked_leaves_a_refusal_unconfirmed() {
    type Answer = fn(Arc<SessionCompletion>) -> Result<(), CallbackError>;
    let answers: [Answer; 3] = [
        |completion| {
            completion.fail(FailureKind::TimedOut).unwrap();
            Ok(())
        },
        |_| unasked(),
        |completion| {
            // Not a token; the call fails, so that the merchant may answer better, which it does not.
            let error = completion.complete(SessionAnswer::Token { token: String::new() });
            let Err(SaleKitError::InvalidInput { field, rule, .. }) = error else {
                panic!("an empty token was taken")
            };
            assert_eq!((field.as_str(), rule.as_str()), ("session.token", "missing"));
            Ok(())
        },
    ];
    for answer in answers {
        let end = outcome(
            refused_by_the_gateway(),
            Box::new(move |_, completion| answer(completion)),
        );
        let SaleOutcome::Unknown { unknown } = end else {
            panic!("{end:?}")
        };
        assert_eq!(unknown.reason, UnknownReason::RefusalUnconfirmed);
    }
}

#[test]
fn a_refusal_is_the_merchants_word() {
    let end = ends(|_, completion| {
        completion
            .refuse(ErrorResponse {
                status: 400,
                cause: Some("FILTERED".to_owned()),
                support_reference: Some("ref-7".to_owned()),
                detail: Some("not in this country".to_owned()),
            })
            .unwrap();
        Ok(())
    });
    assert_eq!(
        (end.reason, end.support_reference.as_deref()),
        (NotChargedReason::InitiateRefused, Some("ref-7"))
    );
    assert!(end.detail.contains("not in this country"), "{}", end.detail);
}
