//! Snapshots that differ from what was written: incomplete, damaged, or of a later version.

use std::sync::Arc;

use proptest::prelude::*;
use salekit_core::{
    ClientError, MemoryStore, MerchantServer, Parties, Ports, Remains, SaleClient, SaleClientConfig, SaleId, Secret,
    SnapshotError, SnapshotProblem, SnapshotStore,
    flow::{Effect, Event, Jitter, Order, Plan, Snapshot, State, step},
    wire::initiate::{InitiateAnswer, Initiated},
};

const INVOICE: &str = "5e0c7f5a-3b1d-4c5e-9a7b-2f4d6e8a0c11";

/// A sale whose perform request may have been sent.
fn snapshot(id: &SaleId, merchant_order_id: &str) -> Vec<u8> {
    let order = Order {
        amount: salekit_core::Money::from_minor_units(1_050, "EUR").unwrap(),
        serial_number: "device-0001".to_owned(),
        card: None,
        merchant_order_id: Some(merchant_order_id.to_owned()),
    };
    let parties = Parties {
        gateway_url: "https://gateway.example/paynet".to_owned(),
        merchant: MerchantServer::At {
            url: "https://shop.example".to_owned(),
        },
    };
    let now = salekit_core::Timestamp(1_800_000_000_000);
    let token = Some(Secret::new("tok0000000000000000000000000000000000000"));
    let state = State::new(id.clone(), parties, order, Plan::default(), token, Jitter(0), now);
    let (state, effects) = step(state, Event::Start, now);
    let request = effects.iter().find_map(|effect| match effect {
        Effect::Initiate { request, .. } => Some(*request),
        _ => None,
    });
    let initiated = InitiateAnswer::Initiated(Initiated {
        endpoint_id: "1144".to_owned(),
        invoice_id: INVOICE.to_owned(),
        nonce: Secret::new("nonce"),
        signature: Secret::new("signature"),
    });
    let (state, _) = step(state, Event::Initiate(request.unwrap(), Ok(initiated)), now);
    Snapshot(state).encode()
}

#[test]
fn every_torn_snapshot_is_an_error_and_names_the_invoice_once_it_is_whole() {
    let whole = snapshot(&SaleId::from_random([1; 16]), "an order");
    let text = String::from_utf8(whole.clone()).unwrap();
    let end = text.find(INVOICE).unwrap() + INVOICE.len() + 1;
    for length in 0..whole.len() {
        let torn = &whole[..length];
        assert!(
            matches!(Snapshot::decode(torn), Err(SnapshotError::Damaged { .. })),
            "{length}"
        );
        let named = Snapshot::invoice_id_in(torn);
        assert_eq!(named.as_deref(), (length >= end).then_some(INVOICE), "{length}");
    }
    assert!(Snapshot::decode(&whole).is_ok());
}

#[test]
fn a_flipped_bit_is_never_read_as_another_sale() {
    let whole = snapshot(&SaleId::from_random([1; 16]), "an order");
    let Snapshot(state) = Snapshot::decode(&whole).unwrap();
    let mut harmless = 0;
    for byte in 0..whole.len() {
        for bit in 0..8 {
            let mut damaged = whole.clone();
            damaged[byte] ^= 1 << bit;
            // If only the checksum's name is damaged, the sale is unchanged.
            if let Ok(Snapshot(read)) = Snapshot::decode(&damaged) {
                assert_eq!(read, state, "byte {byte}, bit {bit}");
                harmless += 1;
            }
        }
    }
    assert!(harmless <= "sha256".len() * 8, "{harmless}");
}

#[test]
fn a_merchant_order_id_cannot_pass_for_an_invoice() {
    let merchant_order_id = r#"{"invoice_id": "forged"}"#;
    let whole = snapshot(&SaleId::from_random([1; 16]), merchant_order_id);
    assert_eq!(Snapshot::invoice_id_in(&whole).as_deref(), Some(INVOICE));
}

#[test]
fn a_merchant_order_id_that_looks_like_a_name_hides_no_part() {
    for merchant_order_id in [
        "merchant_order_id",
        "amount",
        "invoice_id",
        r#""merchant_order_id":"forged""#,
    ] {
        let whole = snapshot(&SaleId::from_random([1; 16]), merchant_order_id);
        let remains = Snapshot::remains_in(&whole[..whole.len() - 1]);
        assert_eq!(remains.merchant_order_id.as_deref(), Some(merchant_order_id));
        assert_eq!(remains.invoice_id.as_deref(), Some(INVOICE), "{merchant_order_id}");
        assert_eq!(
            remains.amount,
            Some("10.50 EUR".parse().unwrap()),
            "{merchant_order_id}"
        );
    }
}

#[tokio::test]
async fn an_unusable_snapshot_is_kept_with_its_invoice_and_others_stay_usable() {
    let store = Arc::new(MemoryStore::new());
    let [torn, newer, empty, good] = [1, 2, 3, 4].map(|number| SaleId::from_random([number; 16]));
    let whole = snapshot(&torn, "an order");
    store.save(&torn, &whole[..whole.len() - 5]).unwrap();
    let later = format!(r#"{{"version":3,"all":{{"new":[1]}},"invoice_id" : "{INVOICE}"}}"#);
    store.save(&newer, later.as_bytes()).unwrap();
    store.save(&empty, b"").unwrap();
    store.save(&good, &snapshot(&good, "another order")).unwrap();

    let config = SaleClientConfig::new("https://gateway.example/paynet", "https://shop.example").unwrap();
    let ports = Ports {
        store: store.clone(),
        ..Ports::of(&config).unwrap()
    };
    let client = SaleClient::with_ports(config, ports).unwrap();
    let pending = client.pending().await.unwrap();
    assert_eq!(pending.sales.iter().map(|sale| &sale.id).collect::<Vec<_>>(), [&good]);
    let found: Vec<_> = pending
        .damaged
        .iter()
        .map(|damaged| (&damaged.id, damaged.remains.clone()))
        .collect();
    let torn_remains = Remains {
        invoice_id: Some(INVOICE.to_owned()),
        merchant_order_id: Some("an order".to_owned()),
        amount: Some("10.50 EUR".parse().unwrap()),
    };
    let newer_remains = Remains {
        invoice_id: Some(INVOICE.to_owned()),
        ..Remains::default()
    };
    assert_eq!(
        found,
        [
            (&torn, torn_remains),
            (&newer, newer_remains),
            (&empty, Remains::default())
        ]
    );
    assert_eq!(
        pending.damaged[1].problem,
        SnapshotProblem::Contents(SnapshotError::TooNew { version: 3 })
    );
    for damaged in [&torn, &newer, &empty] {
        let before = store.load(damaged).unwrap();
        assert!(matches!(client.resume(damaged).await, Err(ClientError::Damaged { .. })));
        assert!(matches!(
            client.acknowledge(damaged).await,
            Err(ClientError::Damaged { .. })
        ));
        assert_eq!(store.load(damaged).unwrap(), before, "kept as it is");
        client.forget(damaged).await.unwrap();
    }
    let mut left = store.list().unwrap();
    left.retain(|id| id.as_str() != "0".repeat(32));
    assert_eq!(left, [good], "what is damaged can be forgotten");
}

proptest! {
    #[test]
    fn no_bytes_panic_and_no_error_repeats_them(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Snapshot::remains_in(&bytes);
        if let Err(SnapshotError::Damaged { detail }) = Snapshot::decode(&bytes) {
            prop_assert!(detail.len() < 64, "{}", detail);
        }
    }
}
