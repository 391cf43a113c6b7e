//! The order of the core's rooms, as `core/src/lib.rs` draws it: a room imports only rooms that stand above it in that
//! list, by their names, and no two files import each other in a circle.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test says what it expects by unwrapping it"
)]

use std::collections::BTreeSet;

use salekit_testkit::rooms::{Rooms, room_of};

/// The folders whose files count as one: the phases of a sale hand it on to one another, in circles by their nature.
const ONE: [&str; 1] = ["flow/phase"];

/// The enumerations of the public interface that may grow.
const OPEN: [&str; 15] = [
    "CardBrand",
    "Cause",
    "ClientError",
    "DeclineAdvice",
    "FailureKind",
    "GatewayState",
    "NotChargedReason",
    "Rule",
    "SaleState",
    "SnapshotError",
    "SnapshotProblem",
    "StoreError",
    "ThreeDSecureStatus",
    "UnknownAdvice",
    "UnknownReason",
];

fn rooms() -> Rooms {
    Rooms::of(env!("CARGO_MANIFEST_DIR"), &ONE)
}

#[test]
fn the_picture_shows_every_room() {
    let misdrawn = rooms().misdrawn();
    assert!(misdrawn.is_empty(), "core/src and its picture in lib.rs: {misdrawn:?}");
}

#[test]
fn a_room_imports_only_rooms_further_inside() {
    let (read, wrong) = rooms().outward();
    assert!(read > 200, "only {read} imports were read");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let (read, circle) = rooms().circle();
    assert!(read > 300, "only {read} arrows were read");
    assert_eq!(circle, None);
}

/// What decides about money is given the time: the same events must always lead to the same state.
#[test]
fn no_clock_is_read_where_money_is_decided() {
    let deciding = ["json", "wire", "outcome", "flow"];
    let rooms = rooms();
    let files = rooms.files();
    let mut read: Vec<_> = files
        .iter()
        .filter(|(place, _)| deciding.contains(&room_of(place)))
        .filter(|(_, code)| {
            ["::now(", "SystemTime", "Instant"]
                .iter()
                .any(|clock| code.contains(clock))
        })
        .map(|(place, _)| place.as_str())
        .collect();
    read.sort_unstable();
    assert!(read.is_empty(), "{read:?}");
    assert!(files["value/time.rs"].contains("SystemTime"), "the clock has moved");
}

/// The workspace builds with `exhaustive`, so no compiler would say that a growing enumeration was closed, or the other way
/// round. The ends of a sale, and whether money moved, must stay closed.
#[test]
fn growing_enumerations_are_open_and_the_ends_of_a_sale_are_not() {
    let mut open = BTreeSet::new();
    for code in rooms().files().values() {
        for after in code
            .split("#[cfg_attr(not(feature = \"exhaustive\"), non_exhaustive)]")
            .skip(1)
        {
            let name = after
                .split("pub enum ")
                .nth(1)
                .unwrap()
                .split([' ', '{'])
                .next()
                .unwrap();
            open.insert(name.to_owned());
        }
    }
    let open: Vec<_> = open.iter().map(String::as_str).collect();
    assert_eq!(open, OPEN);
}
