//! The order of the sandbox's rooms, as `sandbox/src/lib.rs` draws it: a room imports only rooms that stand above it in that
//! list, by their names, and no two files import each other in a circle.

use salekit_testkit::rooms::Rooms;

fn rooms() -> Rooms {
    Rooms::of(env!("CARGO_MANIFEST_DIR"), &[])
}

#[test]
fn the_picture_shows_every_room() {
    let misdrawn = rooms().misdrawn();
    assert!(
        misdrawn.is_empty(),
        "sandbox/src and its picture in lib.rs: {misdrawn:?}"
    );
}

#[test]
fn a_room_imports_only_rooms_further_inside() {
    let (read, wrong) = rooms().outward();
    assert!(read > 250, "only {read} imports were read");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_files_import_each_other_in_a_circle() {
    let (read, circle) = rooms().circle();
    assert!(read > 400, "only {read} arrows were read");
    assert_eq!(circle, None);
}
