//! As the core's own test of this name, for the types of the FFI boundary: nothing personal is in what `Debug` shows of them.
//! Those that are the core's are looked at there.

use std::{collections::BTreeSet, path::Path};

use salekit::{
    CallbackError, CardBrand, CardField, CardHints, CardSummary, Consumer, DamagedSale, Decline, DeclineAdvice,
    ErrorResponse, FieldState, ForeignSale, GatewayProfile, LogLevel, LogLine, MerchantPaths, MerchantServer, Money,
    PacingProfile, Parties, PendingSale, PendingSales, PublicKeyPin, SaleClientConfig, SaleKitError, SaleLocation,
    SaleOutcome, SaleReceipt, SaleState, ThreeDSecureStatus, Timeouts, TlsSettings, Validity,
};
use salekit_testkit::public_types::shown_types;

const SERIAL: &str = "serial-of-the-device";
const EMAIL: &str = "quinby@example.com";
const HOLDER: &str = "QUINBY ZEDLOW";
const PAGE: &str = "https://acs.example/the-way-into-the-challenge";
const PERSONAL: [&str; 5] = [SERIAL, EMAIL, HOLDER, PAGE, "52.51"];

fn money() -> Money {
    Money {
        minor_units: 1_050,
        currency: "EUR".to_owned(),
    }
}

fn card() -> CardSummary {
    CardSummary {
        brand: CardBrand::Visa,
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

fn receipt() -> SaleReceipt {
    let text = || Some("7".to_owned());
    SaleReceipt {
        invoice_id: "invoice-1".to_owned(),
        order_id: text(),
        bank_order_id: text(),
        requested_amount: money(),
        amount: Some(money()),
        commission_minor_units: Some(1),
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
        merchant_order_id: Some("order 7".to_owned()),
        invoice_id: Some("invoice-1".to_owned()),
        started_at_millis: 7,
    }
}

fn damaged() -> DamagedSale {
    DamagedSale {
        id: "7".to_owned(),
        invoice_id: Some("invoice-1".to_owned()),
        merchant_order_id: Some("order 7".to_owned()),
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
        merchant_order_id: Some("order 7".to_owned()),
        invoice_id: Some("invoice-1".to_owned()),
        started_at_millis: 7,
    }
}

fn paths() -> MerchantPaths {
    salekit::documented_merchant_paths()
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
        GatewayProfile: salekit::gateway_profiles().remove(0),
        CardHints: CardHints {
            brand: CardBrand::Visa,
            brand_name: "Visa".to_owned(),
            number_lengths: vec![16],
            shortest_security_code: 3,
            longest_security_code: 3,
            security_code_name: "CVV2".to_owned(),
        },
        CardSummary: card(),
        SaleClientConfig: SaleClientConfig {
            gateway_url: "https://gateway.example".to_owned(),
            merchant_url: "https://shop.example".to_owned(),
            store_directory: None,
            merchant_paths: Some(paths()),
            pacing: PacingProfile::Strict,
            timeouts: Some(timeouts()),
            tls: Some(TlsSettings { extra_roots_pem: None, pins: Vec::new() }),
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
            error_code: Some(7),
            gateway_message: Some("no".to_owned()),
            three_d_secure: None,
            advice: DeclineAdvice::TryAnotherCard,
        },
        FieldState: FieldState {
            field: CardField::PrintedName,
            display: HOLDER.to_owned(),
            caret: 7,
            validity: Validity::Valid,
            brand: CardBrand::Visa,
        },
        ForeignSale: foreign(),
        CallbackError: CallbackError::Failed { detail: "no".to_owned() },
        PublicKeyPin: PublicKeyPin { host: "gate.example".to_owned(), pin: "sha256/x".to_owned(), expires_at_millis: None },
        SaleLocation: SaleLocation { lat: 52.516_275, lng: 52.516_275 },
        LogLevel: LogLevel::Info,
        LogLine: LogLine { level: LogLevel::Info, origin: "salekit_core".to_owned(), text: "state".to_owned() },
        MerchantServer: parties().merchant,
        Money: money(),
        SaleOutcome: SaleOutcome::Approved { receipt: receipt() },
        PacingProfile: PacingProfile::Strict,
        Parties: parties(),
        Timeouts: timeouts(),
        PendingSales: PendingSales { sales: vec![pending_sale()], foreign: vec![foreign()], damaged: vec![damaged()] },
        PendingSale: pending_sale(),
        SaleReceipt: receipt(),
        SaleKitError: SaleKitError::SaleNotFound { sale_id: "7".to_owned() },
        SaleState: challenge(),
        ErrorResponse: ErrorResponse {
            status: 400,
            cause: Some("DECLINED".to_owned()),
            support_reference: Some("7".to_owned()),
            detail: Some(format!("{EMAIL} is not known")),
        },
        ThreeDSecureStatus: ThreeDSecureStatus::Authenticated,
        TlsSettings: TlsSettings { extra_roots_pem: None, pins: Vec::new() },
        Validity: Validity::Valid,
    }
}

fn timeouts() -> Timeouts {
    Timeouts {
        processing_millis: None,
        challenge_millis: None,
        recovery_millis: None,
        connect_millis: None,
        answer_millis: None,
    }
}

#[test]
fn no_type_of_the_ffi_boundary_shows_anything_personal() {
    let examples = examples();
    let types = shown_types(Path::new(env!("CARGO_MANIFEST_DIR")));
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
