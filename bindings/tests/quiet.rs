//! As the core's own test of this name, for the types of the border: nothing personal is in what `Debug` shows of them.
//! Those that are the core's are looked at there.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping it")]

#[path = "../../core/tests/support/surface.rs"]
mod surface;

use std::{collections::BTreeSet, path::Path};

use salekit::{
    Advice, Brand, BrandProfile, CardField, CardHints, CardSummary, Config, Consumer, DamagedSale, Decline, FieldState,
    ForeignSale, HostError, KeyPin, Location, LogLevel, LogLine, MerchantServer, Money, Outcome, PacingProfile,
    Parties, Patience, Pending, PendingSale, Receipt, SaleKitError, SaleState, ShopPaths, ShopRefusal,
    ThreeDSecureStatus, Trust, Validity,
};

const SERIAL: &str = "serial-of-the-device";
const EMAIL: &str = "quinby@example.com";
const HOLDER: &str = "QUINBY ZEDLOW";
const PAGE: &str = "https://acs.example/the-way-into-the-challenge";
const PERSONAL: [&str; 5] = [SERIAL, EMAIL, HOLDER, PAGE, "52.51"];

fn money() -> Money {
    Money {
        minor: 1_050,
        currency: "EUR".to_owned(),
    }
}

fn card() -> CardSummary {
    CardSummary {
        brand: Brand::Visa,
        last4: "1881".to_owned(),
        length: 16,
        display: "Visa •••• 1881".to_owned(),
    }
}

fn challenge() -> SaleState {
    SaleState::Challenge {
        url: PAGE.to_owned(),
        is_open: true,
    }
}

fn receipt() -> Receipt {
    let text = || Some("7".to_owned());
    Receipt {
        invoice_id: "invoice-1".to_owned(),
        order_id: text(),
        bank_order_id: text(),
        requested_amount: money(),
        amount: Some(money()),
        commission_minor: Some(1),
        order_created: text(),
        transaction_created: text(),
        three_d_secure: Some(ThreeDSecureStatus::Authenticated),
        card: Some(card()),
    }
}

fn pending_sale() -> PendingSale {
    PendingSale {
        id: "7".to_owned(),
        state: challenge(),
        amount: money(),
        label: Some("order 7".to_owned()),
        invoice_id: Some("invoice-1".to_owned()),
        started_ms: 7,
    }
}

fn damaged() -> DamagedSale {
    DamagedSale {
        id: "7".to_owned(),
        invoice_id: Some("invoice-1".to_owned()),
        label: Some("order 7".to_owned()),
        amount: Some(money()),
        detail: "no".to_owned(),
    }
}

fn parties() -> Parties {
    Parties {
        gateway_url: "https://gateway.example/paynet".to_owned(),
        merchant: MerchantServer::AppBackend,
    }
}

fn foreign() -> ForeignSale {
    ForeignSale {
        id: "7".to_owned(),
        parties: parties(),
        amount: money(),
        label: Some("order 7".to_owned()),
        invoice_id: Some("invoice-1".to_owned()),
        started_ms: 7,
    }
}

fn paths() -> ShopPaths {
    salekit::documented_shop_paths()
}

/// The names of types, and what is shown of one of each. The name is the type's: another one does not compile.
macro_rules! examples {
    ($($name:ident: $example:expr,)+) => {
        vec![$((stringify!($name), {
            let example: $name = $example;
            format!("{example:?} {example:#?}")
        })),+]
    };
}

fn examples() -> Vec<(&'static str, String)> {
    examples! {
        BrandProfile: salekit::brand_profiles().remove(0),
        CardHints: CardHints {
            brand: Brand::Visa,
            brand_name: "Visa".to_owned(),
            number_lengths: vec![16],
            shortest_security_code: 3,
            longest_security_code: 3,
            security_code_name: "CVV2".to_owned(),
        },
        CardSummary: card(),
        Config: Config {
            gateway_url: "https://gateway.example".to_owned(),
            shop_url: "https://shop.example".to_owned(),
            store_directory: None,
            shop_paths: Some(paths()),
            pacing: PacingProfile::Strict,
            patience: Some(patience()),
            trust: Some(Trust { extra_roots_pem: None, pins: Vec::new() }),
            allows_loopback_http: false,
        },
        Consumer: Consumer {
            serial_number: SERIAL.to_owned(),
            imei: None,
            ip_addresses: Vec::new(),
            email: Some(EMAIL.to_owned()),
        },
        DamagedSale: damaged(),
        Decline: Decline {
            invoice_id: "invoice-1".to_owned(),
            order_id: Some("7".to_owned()),
            bank_order_id: Some("7".to_owned()),
            code: Some(7),
            reason: Some("no".to_owned()),
            three_d_secure: None,
            advice: Advice::TryAnotherCard,
        },
        FieldState: FieldState {
            field: CardField::PrintedName,
            display: HOLDER.to_owned(),
            caret: 7,
            validity: Validity::Valid,
            brand: Brand::Visa,
        },
        ForeignSale: foreign(),
        HostError: HostError::Failed { detail: "no".to_owned() },
        KeyPin: KeyPin { host: "gate.example".to_owned(), pin: "sha256/x".to_owned(), expires_ms: None },
        Location: Location { lat: 52.516_275, lng: 52.516_275 },
        LogLevel: LogLevel::Info,
        LogLine: LogLine { level: LogLevel::Info, origin: "salekit_core".to_owned(), text: "state".to_owned() },
        MerchantServer: parties().merchant,
        Money: money(),
        Outcome: Outcome::Approved { receipt: receipt() },
        PacingProfile: PacingProfile::Strict,
        Parties: parties(),
        Patience: patience(),
        Pending: Pending { sales: vec![pending_sale()], foreign: vec![foreign()], damaged: vec![damaged()] },
        PendingSale: pending_sale(),
        Receipt: receipt(),
        SaleKitError: SaleKitError::SaleNotFound { sale_id: "7".to_owned() },
        SaleState: challenge(),
        ShopRefusal: ShopRefusal {
            status: 400,
            cause: Some("DECLINED".to_owned()),
            support_reference: Some("7".to_owned()),
            detail: Some(format!("{EMAIL} is not known")),
        },
        ThreeDSecureStatus: ThreeDSecureStatus::Authenticated,
        Trust: Trust { extra_roots_pem: None, pins: Vec::new() },
        Validity: Validity::Valid,
    }
}

fn patience() -> Patience {
    Patience {
        processing_ms: None,
        challenge_ms: None,
        recovery_ms: None,
        connect_ms: None,
        answer_ms: None,
    }
}

#[test]
fn no_type_of_the_border_shows_anything_personal() {
    let examples = examples();
    let types = surface::shown_types(Path::new(env!("CARGO_MANIFEST_DIR")));
    assert!(types.len() > 20 && types.contains("SaleState"), "{types:?}");
    let shown: BTreeSet<String> = examples.iter().map(|(name, _)| (*name).to_owned()).collect();
    let forgotten: Vec<_> = types.difference(&shown).collect();
    assert!(forgotten.is_empty(), "give these types a filled example: {forgotten:?}");
    let gone: Vec<_> = shown.difference(&types).collect();
    assert!(gone.is_empty(), "these are no public types with `Debug`: {gone:?}");
    for (name, text) in examples {
        for personal in PERSONAL {
            assert!(!text.contains(personal), "{name} shows {personal}: {text}");
        }
    }
}
