//! Saves that failed or were given up, and what the sale does once the store works again: it goes on if nothing can have
//! been written, or if what was written is its own.

use std::sync::mpsc::channel;

use super::{
    faulty_store::{FaultyStore, StoreCall},
    process::Process,
    stuck_store::is_pending,
    *,
};

#[tokio::test(start_paused = true)]
async fn a_sale_whose_save_had_no_turn_goes_on_once_the_store_works_again() {
    let (first_begins, begins) = tokio::sync::oneshot::channel();
    let (release, go_on) = channel::<()>();
    // Its first listing blocks until the test releases it.
    let store = FaultyStore::at_first(StoreCall::List, move || {
        first_begins.send(()).unwrap();
        let _ = go_on.recv();
        Ok(())
    });
    let servers = Servers::new(|path, before| match path {
        "/sale/initiate-sale" => Answer::Late(Duration::from_secs(5), INITIATED),
        _ => good(1)(path, before),
    });
    let client = client_apart(ports(&servers, store.clone()));
    let mut listing = Box::pin(client.pending());
    assert!(is_pending(listing.as_mut()));
    // Otherwise it might be given up before a thread has taken it.
    begins.await.unwrap();
    tokio::time::advance(Duration::from_secs(10)).await;
    assert!(matches!(listing.await, Err(ClientError::Store(_))));
    let sale = client.start(request()).unwrap();
    let mut states = sale.states();
    while states.next().await.unwrap() != SaleState::Initiating {}
    client.app_background();
    // So that the sale has tried to save, while its request is under way.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(sales_in(&store.kept), []);
    drop(release);
    while client.pending().await.is_err() {
        tokio::task::yield_now().await;
    }
    assert_eq!(sale.outcome().await.charge(), Charge::Charged);
}

#[tokio::test(start_paused = true)]
async fn a_sale_that_another_process_ended_after_a_save_that_was_given_up_is_not_performed() {
    for is_acknowledged in [true, false] {
        let servers = Servers::new(|path, before| match path {
            "/auth/request-access-token" => Answer::Late(Duration::from_secs(25), ACCESS),
            _ => good(1)(path, before),
        });
        let (first_begins, begins) = tokio::sync::oneshot::channel();
        let (release, go_on) = channel();
        // Its first save takes until the test lets it go, and is carried out then.
        let store = FaultyStore::at_first(StoreCall::Save, move || {
            first_begins.send(()).unwrap();
            go_on.recv().unwrap();
            Ok(())
        });
        let sale = Process::new().client(&servers, store.clone()).start(request()).unwrap();
        begins.await.unwrap();
        // Until the save is given up.
        for _second in 0..12 {
            tokio::time::advance(Duration::from_secs(1)).await;
            tokio::task::yield_now().await;
        }
        release.send(()).unwrap();
        let other = Process::new().client(&servers, store);
        let resumed = loop {
            match other.resume(sale.id()).await {
                Ok(resumed) => break resumed,
                // Until the save is done.
                Err(ClientError::NotFound { .. } | ClientError::StillRunning { .. }) => {
                    tokio::task::yield_now().await;
                }
                Err(error) => panic!("{error}"),
            }
        };
        assert_eq!(not_charged(resumed.outcome().await), NotChargedReason::Interrupted);
        if is_acknowledged {
            other.acknowledge(sale.id()).await.unwrap();
        }
        assert_eq!(sale.outcome().await.charge(), Charge::NotCharged);
        assert_eq!(servers.performs(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_sale_whose_first_lock_failed_goes_on() {
    let store = FaultyStore::at_first(StoreCall::Lock, || {
        let detail = "a file system that is not there yet".to_owned();
        Err(StoreError::Failed { detail })
    });
    let client = Process::new().client(&Servers::new(good(1)), store.clone());
    let sale = client.start(request()).unwrap();
    assert_eq!(sale.outcome().await.charge(), Charge::Charged);
    assert!(store.load(sale.id()).unwrap().is_some());
}
