//! A card while it is typed: what a screen shows after each key. Nothing is sent, and no network is needed.
//!
//! ```sh
//! cargo run -p salekit-core --example card_form
//! cargo run -p salekit-core --example card_form -- 378282246310005 1230 1234
//! ```
//!
//! The arguments are the keys for number, expiry and security code. Use test numbers: arguments can be seen by others.

#![allow(clippy::print_stdout, reason = "an example shows what happens")]

use std::env;

use salekit_core::{CalendarMonth, CardField, CardForm, FieldState, HolderFields, InputError, Masking};

fn main() -> Result<(), InputError> {
    let mut keys = env::args().skip(1);
    let mut next = |usual: &str| keys.next().unwrap_or_else(|| usual.to_owned());
    let mut form = CardForm::new(HolderFields::PrintedName, CalendarMonth::now());
    // Only the digit that was typed last is shown.
    form.set_masking(Masking::Masked);

    for (field, keys) in [
        (CardField::Number, next("4111111111111111")),
        (CardField::Expiry, next("1230")),
        (CardField::SecurityCode, next("123")),
        (CardField::PrintedName, "ADA LOVELACE".to_owned()),
    ] {
        println!("{}", field.path());
        let mut caret = 0;
        for key in keys.chars() {
            // A key that does not belong there changes nothing, and the error names the rule.
            match form.insert(field, caret, key) {
                Ok(state) => {
                    show(&state);
                    caret = state.caret;
                }
                Err(error) => println!("  {error}"),
            }
        }
        show(&form.focus_lost(field)?);
    }

    println!("{}, missing: {:?}", form.brand(), form.missing());
    let card = form.take_card(CalendarMonth::now())?;
    println!("taken: {card:?}");
    Ok(())
}

fn show(state: &FieldState) {
    println!("  {:<24} {:?}", state.display.as_str(), state.validity);
}
