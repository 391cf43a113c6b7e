//! A filled example of every public type with `Debug`. All personal or secret data in it is one of [`PERSONAL`].

use std::time::Duration;

use salekit_core::{
    CalendarMonth, Card, CardBrand, CardExpiry, CardField, CardForm, CardNumber, CardSummary, CardSummaryParts,
    Challenge, Charge, ClientError, Consumer, ConsumerParts, Currency, DamagedSale, Decline, DeclineAdvice,
    DirectoryStore, Expiry, Failure, FailureKind, FieldState, ForeignSale, Freshness, Headers, Holder, HolderFields,
    HolderName, HttpRequest, HttpsTransport, InitiateSaleRequest, InputError, InvoiceRequest, Masking, MemoryStore,
    MerchantPaths, MerchantServer, Method, Money, NotCharged, NotChargedReason, Pacing, Parties, PendingSale,
    PendingSales, Plan, PublicKeyPin, Rule, RunningSales, Sale, SaleClient, SaleClientConfig, SaleId, SaleLocation,
    SaleOutcome, SaleReceipt, SaleRequest, SaleState, Secret, SecurityCode, Sent, SnapshotError, SnapshotProblem,
    SourceOfFunds, StoreError, StoreLock, StoredCard, StoredCardPayment, SystemClock, SystemDevice, ThreeDSecureStatus,
    Timestamp, TlsSettings, Unanswered, UnknownAdvice, UnknownOutcome, UnknownReason, Validity,
    flow::{
        Commit, Effect, Event, Fence, Invoice, Jitter, Order, Ownership, Remains, Snapshot, State, StoredCardRequest,
    },
    gateway_profiles::GatewayProfile,
    wire::{
        Body, Cause, ErrorObject, ErrorResponse, OrderReference, Reply,
        initiate::{InitiateAnswer, Initiated},
        merchant::SessionAnswer,
        perform::{self, Authorisation, PerformAnswer},
        status::{GatewayState, SaleStatus, StatusAnswer},
    },
};

use super::stored::{damaged, foreign, parties, pending_sale, remains, state};

const NUMBER: &str = "4012888888881881";
const CODE: &str = "9073";
const HOLDER: &str = "QUINBY ZEDLOW";
const SERIAL: &str = "serial-of-the-device";
const IMEI: &str = "490154203237518";
const ADDRESS: &str = "203.0.113.77";
const EMAIL: &str = "quinby@example.com";
const CARD_ID: &str = "the-merchant-s-id-of-the-card";
const TOKEN: &str = "j2Xw9QzK4vTn7LbR1yHs6PdC3fMg8VaE";
pub(crate) const PAGE: &str = "https://acs.example/the-way-into-the-challenge";

/// What must never be shown.
pub(crate) const PERSONAL: [&str; 12] = [
    NUMBER, CODE, "QUINBY", "ZEDLOW", SERIAL, IMEI, ADDRESS, EMAIL, CARD_ID, TOKEN, PAGE, "52.51",
];

pub(crate) fn secret() -> Secret {
    Secret::new(TOKEN)
}

pub(crate) fn money() -> Money {
    "10.50 EUR".parse().unwrap()
}

fn consumer() -> Consumer {
    let consumer = Consumer::new(SERIAL).unwrap().with_imei(IMEI).unwrap();
    consumer.with_email(EMAIL).unwrap().with_ip_address(ADDRESS).unwrap()
}

fn location() -> SaleLocation {
    SaleLocation::new(52.516_275, 52.516_275).unwrap()
}

fn card() -> Card {
    let number = CardNumber::parse("378282246310005").unwrap();
    assert_eq!(number.brand(), CardBrand::Amex, "its codes have four digits");
    Card::new(
        number,
        Expiry::parse("12/2040").unwrap(),
        Holder::printed(HOLDER).unwrap(),
        SecurityCode::parse(CODE).unwrap(),
    )
    .unwrap()
}

fn stored_card() -> StoredCardPayment {
    StoredCardPayment::new(CARD_ID, CODE.as_bytes(), true).unwrap()
}

fn request() -> SaleRequest {
    SaleRequest::new(money(), consumer(), card())
        .with_location(location())
        .with_access_token(secret())
        .with_merchant_order_id("order 7")
}

pub(crate) fn id() -> SaleId {
    SaleId::from_random([7; 16])
}

fn headers() -> Headers {
    Headers::new([("Authorization".to_owned(), secret())]).unwrap()
}

fn invoice() -> Invoice {
    Invoice {
        endpoint_id: "1144".to_owned(),
        invoice_id: "invoice-1".to_owned(),
    }
}

fn authorisation() -> Authorisation {
    Authorisation {
        access_token: secret(),
        nonce: secret(),
        signature: secret(),
    }
}

pub(crate) fn initiated() -> Initiated {
    Initiated::new(
        "1144".to_owned(),
        "invoice-1".to_owned(),
        TOKEN.to_owned(),
        TOKEN.to_owned(),
    )
    .unwrap()
}

pub(crate) fn order() -> Order {
    Order {
        amount: money(),
        serial_number: SERIAL.to_owned(),
        card: Some(card().summary()),
        merchant_order_id: Some("order 7".to_owned()),
    }
}

fn error_object() -> ErrorObject {
    ErrorObject {
        cause: Cause::Declined,
        code: Some("5f0c9c6e".to_owned()),
        message: Some("not today".to_owned()),
    }
}

fn refusal() -> ErrorResponse {
    ErrorResponse {
        status: 400,
        error: Some(error_object()),
        retry_after_ms: None,
    }
}

pub(crate) fn status() -> SaleStatus {
    let text = || Some("7".to_owned());
    SaleStatus {
        state: GatewayState::RedirectRequest,
        redirect_url: Some(PAGE.to_owned()),
        order_id: text(),
        bank_order_id: text(),
        amount_minor: Some(1_050),
        commission_minor_units: Some(1),
        currency: Some("EUR".to_owned()),
        order_created: text(),
        transaction_created: text(),
        error_code: Some(7),
        error_message: text(),
        three_d_secure: Some(ThreeDSecureStatus::Other("ATTEMPTED".to_owned())),
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
        card: Some(card().summary()),
    }
}

pub(crate) fn challenge() -> SaleState {
    SaleState::Challenge {
        url: PAGE.to_owned(),
        is_open: true,
    }
}

pub(crate) fn store_error() -> StoreError {
    StoreError::Failed {
        detail: "no room".to_owned(),
    }
}

fn tls() -> TlsSettings {
    TlsSettings {
        extra_roots_pem: Some("PEM".to_owned()),
        pins: vec![pin()],
    }
}

fn pin() -> PublicKeyPin {
    PublicKeyPin::parse("gate.example", "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=").unwrap()
}

fn config() -> SaleClientConfig {
    SaleClientConfig::new("https://gateway.example", "https://shop.example").unwrap()
}

fn form() -> CardForm {
    let mut form = CardForm::new(HolderFields::PrintedName, CalendarMonth::new(2027, 1).unwrap());
    form.paste(CardField::Number, NUMBER.as_bytes()).unwrap();
    form.paste(CardField::PrintedName, HOLDER.as_bytes()).unwrap();
    form
}

fn client() -> SaleClient {
    SaleClient::new(config()).unwrap()
}

/// The names of types, and the `Debug` text of an example of each. The name must be the example's type, otherwise it
/// does not compile.
macro_rules! examples {
    ($($name:ident: $example:expr,)+) => {
        vec![$((stringify!($name), {
            let example: $name = $example;
            format!("{example:?} {example:#?}")
        })),+]
    };
}

#[allow(clippy::too_many_lines, reason = "a list")]
pub(crate) fn examples(challenge_: Challenge) -> Vec<(&'static str, String)> {
    let holder = Holder::first_last("QUINBY", "ZEDLOW").unwrap();
    let client_ = client();
    let (summary, payer) = (card().summary(), consumer());
    examples! {
        DeclineAdvice: DeclineAdvice::TryAnotherCard,
        Authorisation: authorisation(),
        Body: perform::body(&consumer(), &money(), &SourceOfFunds::Card(card()), &authorisation()),
        CardBrand: CardBrand::Visa,
        GatewayProfile: GatewayProfile { name: "x", sandbox_url: "https://x", production_url: "https://y" },
        CalendarMonth: CalendarMonth::new(2027, 1).unwrap(),
        Card: card(),
        CardField: CardField::Number,
        CardForm: form(),
        CardNumber: CardNumber::parse(NUMBER).unwrap(),
        StoredCardRequest: StoredCardRequest { invoice: invoice(), access_token: secret() },
        CardExpiry: CardExpiry { year: 2030, month: 12 },
        CardSummary: card().summary(),
        CardSummaryParts: summary.parts(),
        Cause: Cause::Other("WHY".to_owned()),
        Challenge: challenge_,
        Charge: Charge::Charged,
        Commit: Commit::InvoiceTaken { by: id() },
        ClientError: ClientError::Damaged { id: id(), problem: SnapshotProblem::Store(store_error()) },
        SaleClientConfig: config().with_tls(tls()).with_store_directory("/tmp"),
        Consumer: consumer(),
        ConsumerParts: payer.parts(),
        Currency: Currency::from_code("EUR").unwrap(),
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
        DirectoryStore: DirectoryStore::new("/tmp"),
        Effect: Effect::OpenBrowser { url: PAGE.to_owned() },
        ErrorObject: error_object(),
        Event: Event::Status(7, Ok(StatusAnswer::Status(Box::new(status())))),
        Expiry: Expiry::parse("12/2040").unwrap(),
        Failure: Failure::after_sending(FailureKind::TimedOut),
        FailureKind: FailureKind::TimedOut,
        Fence: Fence::of_start(7),
        FieldState: form().state(CardField::PrintedName).unwrap(),
        ForeignSale: foreign(),
        Freshness: Freshness::Any,
        GatewayState: GatewayState::Other("ON_HOLD".to_owned()),
        Headers: headers(),
        Holder: Holder::printed(HOLDER).unwrap(),
        HolderFields: HolderFields::PrintedName,
        HolderName: holder.name(),
        HttpRequest: HttpRequest {
            method: Method::Post,
            url: "https://gateway.example/".parse().unwrap(),
            body: perform::body(&consumer(), &money(), &SourceOfFunds::Card(card()), &authorisation()),
            headers: headers(),
            freshness: Freshness::Recent,
            time_limit: Duration::from_secs(1),
        },
        HttpsTransport: HttpsTransport::new(&config()).unwrap(),
        InitiateAnswer: InitiateAnswer::Initiated(initiated()),
        InitiateSaleRequest: InitiateSaleRequest {
            access_token: secret(),
            consumer: consumer(),
            amount: money(),
            location: Some(location()),
            sale_id: id(),
            merchant_order_id: Some("order 7".to_owned()),
        },
        Initiated: initiated(),
        InputError: InputError { field: "amount", rule: Rule::Missing },
        Invoice: invoice(),
        InvoiceRequest: InvoiceRequest {
            access_token: secret(),
            serial_number: SERIAL.to_owned(),
            invoice: invoice(),
            sale_id: id(),
            merchant_order_id: Some("order 7".to_owned()),
        },
        Jitter: Jitter(7),
        SaleLocation: location(),
        Masking: Masking::Masked,
        MemoryStore: {
            use salekit_core::SnapshotStore as _;
            let store = MemoryStore::new();
            store.save(&id(), &Snapshot(state()).encode()).unwrap();
            store
        },
        MerchantServer: parties().merchant,
        Method: Method::Get,
        Money: money(),
        NotCharged: NotCharged {
            reason: NotChargedReason::Cancelled,
            detail: "no".to_owned(),
            failure: Some(FailureKind::TimedOut),
            support_reference: Some("7".to_owned()),
            invoice_id: Some("invoice-1".to_owned()),
        },
        NotChargedReason: NotChargedReason::Cancelled,
        Order: order(),
        OrderReference: OrderReference { sale_id: &id(), merchant_order_id: Some("order 7") },
        SaleOutcome: SaleOutcome::Approved(Box::new(receipt())),
        Ownership: Ownership::Own,
        Pacing: Pacing::strict(),
        Parties: parties(),
        PendingSales: PendingSales { sales: vec![pending_sale()], foreign: vec![foreign()], damaged: vec![damaged()] },
        PendingSale: pending_sale(),
        PerformAnswer: PerformAnswer::Accepted { session_token: secret() },
        PublicKeyPin: pin(),
        Plan: Plan::default(),
        SaleReceipt: receipt(),
        ErrorResponse: refusal(),
        Remains: remains(),
        Reply: Reply::new(200, format!(r#"{{"session":{{"token":"{TOKEN}"}}}}"#)),
        Rule: Rule::CheckDigit,
        RunningSales: RunningSales::default(),
        Sale: client_.start(request()).unwrap(),
        SaleClient: client_.clone(),
        SaleId: id(),
        SaleRequest: request(),
        SaleState: challenge(),
        SaleStatus: status(),
        Secret: secret(),
        TlsSettings: tls(),
        SecurityCode: SecurityCode::parse(CODE).unwrap(),
        Sent: Sent::Possibly,
        SessionAnswer: SessionAnswer::Token(secret()),
        MerchantPaths: MerchantPaths::default(),
        Snapshot: Snapshot(state()),
        SnapshotError: SnapshotError::Damaged { detail: "no".to_owned() },
        SnapshotProblem: SnapshotProblem::Store(store_error()),
        SourceOfFunds: SourceOfFunds::StoredCardPayment(stored_card()),
        State: state(),
        StatusAnswer: StatusAnswer::Status(Box::new(status())),
        StoreError: store_error(),
        StoreLock: StoreLock::Held,
        StoredCardPayment: stored_card(),
        StoredCard: StoredCard {
            client_card_id: CARD_ID.to_owned(),
            bin: Some("401288".to_owned()),
            brand: Some(CardBrand::Visa),
            last4: Some("0005".to_owned()),
            expiry: Some(CardExpiry { year: 2030, month: 12 }),
            mapped_with_email: true,
        },
        SystemClock: SystemClock,
        SystemDevice: SystemDevice::new(tokio::runtime::Handle::current()),
        ThreeDSecureStatus: ThreeDSecureStatus::Authenticated,
        Timestamp: Timestamp(7),
        Unanswered: Unanswered::Refused(refusal()),
        UnknownAdvice: UnknownAdvice::AskMerchant,
        UnknownReason: UnknownReason::StillProcessing,
        UnknownOutcome: UnknownOutcome {
            reason: UnknownReason::StillProcessing,
            advice: UnknownAdvice::AskMerchant,
            invoice_id: "invoice-1".to_owned(),
            order_id: Some("7".to_owned()),
            detail: "no".to_owned(),
        },
        Validity: Validity::Valid,
    }
}
