//! The checks in the order of the report: an id that stays, the message and field it is about, what the protocol says. How each
//! is made is `run`.

/// One thing that is checked.
pub(super) struct Rule {
    pub(super) id: &'static str,
    /// The message, as the protocol calls it.
    pub(super) message: &'static str,
    /// The member or parameter; empty for the message as a whole.
    pub(super) field: &'static str,
    pub(super) says: &'static str,
}

const ACCESS: &str = "access token";
const INITIATE: &str = "initiate sale";
const CHECK: &str = "check sale";
const MAPPING: &str = "sale card mapping notification";
const CALLBACK: &str = "callback";
const TOKEN: &str = "session token (extension)";
const CARD: &str = "stored card (extension)";
const EVERY: &str = "every message";

macro_rules! rules {
    ($($id:literal $message:ident $field:literal $says:literal)*) => {
        pub(super) const RULES: &[Rule] = &[$(Rule { id: $id, message: $message, field: $field, says: $says },)*];
    };
}

rules! {
    "access_token" ACCESS "session.accessToken"
        "The app gets an access token of 32 to 128 characters, unless it has one of its order."
    "initiate.other_amount" INITIATE "transaction.amountCentis"
        "A token of an order pays that order's amount and no other."
    "initiate.other_currency" INITIATE "transaction.currency"
        "A token of an order pays in that order's currency and no other."
    "initiate.other_order" INITIATE "merchantOrderId"
        "A token of an order pays that order and no other."
    "initiate" INITIATE ""
        "The answer is HTTP 200 with endpointId, invoiceId, session.nonce and session.signature."
    "initiate.endpoint_id" INITIATE "endpointId"
        "The id of the entry point at the gateway."
    "initiate.nonce" INITIATE "session.nonce"
        "32 to 128 characters."
    "initiate.signature" INITIATE "session.signature"
        "HMAC-SHA1, as hex, over accessToken, serialNumber, endpointId, nonce, invoiceId, amountCentis and currency, joined without separators, under the bytes of the control key."
    "initiate.extra_members" INITIATE "x-unknown"
        "Members that the server does not know are ignored."
    "initiate.other_device" ACCESS "consumer.device.serialNumber"
        "A token is bound to the device of its first use: another device's is refused."
    "initiate.unique" INITIATE "invoiceId, session.nonce"
        "Every sale has an invoice id and a random nonce of its own."
    "initiate.wrong_access_token" INITIATE "session.accessToken"
        "An access token that the server did not issue is refused."
    "initiate.invalid_amount" INITIATE "transaction.amountCentis"
        "The amount is a whole number of minor units, at least 1; anything else is refused."
    "check.wrong_access_token" CHECK "session.accessToken"
        "A check sale with another access token than initiate sale had is refused."
    "check.wrong_nonce" CHECK "session.nonce"
        "A check sale with another nonce than initiate sale gave is refused."
    "check.wrong_serial_number" CHECK "consumer.device.serialNumber"
        "A check sale with another serial number than initiate sale had is refused."
    "check.wrong_signature" CHECK "session.signature"
        "A check sale with another signature than initiate sale gave is refused. It protects amount and currency, which check sale does not carry."
    "check.other_sale" CHECK "invoiceId"
        "A check sale with the session of another sale is refused."
    "check.unknown_invoice" CHECK "invoiceId"
        "A check sale for an invoice that the server did not make is refused."
    "check.not_json" CHECK ""
        "A body that is no JSON is refused."
    "check.after_refusals" CHECK ""
        "A refused check sale changes nothing: the right one is accepted after it."
    "check" CHECK ""
        "The answer is HTTP 200 with invoiceId, session.checkSignature, session.nonce and session.token."
    "check.invoice_id" CHECK "invoiceId"
        "The invoice id of the sale."
    "check.nonce" CHECK "session.nonce"
        "The nonce that initiate sale gave, as stored."
    "check.token" CHECK "session.token"
        "The session token of the request."
    "check.signature" CHECK "session.checkSignature"
        "HMAC-SHA1, as hex, over serialNumber, nonce, endpointId and invoiceId (with a stored card also its serverCardId), joined without separators, under the bytes of the control key."
    "check.repeated" CHECK ""
        "The same check sale may come again, because an answer can be lost. It gets the same answer."
    "check.other_session_token" CHECK "session.token"
        "After an accepted check sale one with another session token is refused: an invoice is charged once."
    "check.email" CHECK "consumer.email"
        "The answer names the e-mail that initiate sale had."
    "session_token" TOKEN "session.token"
        "After an accepted check sale the answer is HTTP 200 with its session token."
    "session_token.other_device" TOKEN "consumer.device.serialNumber"
        "To another device the invoice is as unknown as one that does not exist."
    "session_token.wrong_access_token" TOKEN "session.accessToken"
        "An access token that the server did not issue is refused."
    "session_token.unknown_invoice" TOKEN "invoiceId"
        "An invoice that the server did not make is refused."
    "session_token.void" TOKEN "void"
        "An invoice that was answered with void: true stays void: a later check sale is refused, so nothing is charged."
    "mapping.wrong_access_token" MAPPING "session.accessToken"
        "A notification with another access token than the sale has is refused."
    "mapping.wrong_serial_number" MAPPING "consumer.device.serialNumber"
        "A notification with another serial number than the sale has is refused."
    "mapping.unknown_sale" MAPPING "session.token"
        "A notification of a sale that the server does not know is refused."
    "mapping" MAPPING ""
        "The answer is HTTP 200 with invoiceId, session.checkSignature, session.nonce and session.token."
    "mapping.invoice_id" MAPPING "invoiceId"
        "The invoice id of the sale that the session token belongs to."
    "mapping.nonce" MAPPING "session.nonce"
        "The nonce that initiate sale gave, as stored."
    "mapping.token" MAPPING "session.token"
        "The session token of the request."
    "mapping.signature" MAPPING "session.checkSignature"
        "HMAC-SHA1, as hex, over nonce, endpointId and invoiceId, joined without separators, under the bytes of the control key."
    "mapping.repeated" MAPPING ""
        "The same notification may come again. It gets the same answer."
    "mapping.without_card" MAPPING "sourceCard"
        "sourceCard is optional: a notification without it is accepted."
    "mapping.with_invoice_path" MAPPING ""
        "Notifications come to /sale/notification or to /sale/{invoiceId}/notification; both are answered alike."
    "mapping.same_client_card_id" CARD "sourceOfFunds.reference.clientCardId"
        "A repeated notification changes nothing: the card keeps its clientCardId."
    "mapping.client_card_id_differs" CARD "sourceOfFunds.reference.clientCardId"
        "The clientCardId is the merchant's own, not the gateway's serverCardId."
    "stored_card.before_notification" CARD ""
        "Before the notification the answer is HTTP 404."
    "stored_card" CARD "sourceOfFunds.reference.clientCardId"
        "After a notification the answer is HTTP 200 with the merchant's id of the card, 1 to 128 characters."
    "stored_card.other_device" CARD "consumer.device.serialNumber"
        "To another device the invoice is as unknown as one that does not exist."
    "check.stored_card" CHECK "sourceOfFunds.reference.serverCardId"
        "If the request names a clientCardId, the answer names the gateway's id of that card, as the notification gave it."
    "check.stored_card_signature" CHECK "session.checkSignature"
        "With a stored card, serverCardId is signed last."
    "check.stored_card_email" CHECK "consumer.email"
        "In a repeat sale the answer names the e-mail of the sale that the card was stored in."
    "check.unknown_card" CHECK "sourceOfFunds.reference.clientCardId"
        "A clientCardId that the server did not give is refused, with HTTP 400 to 499."
    "callback.wrong_control" CALLBACK "control"
        "A callback whose control does not match is not taken: the answer is not HTTP 200."
    "callback.altered_status" CALLBACK "status"
        "control covers the status: one that was changed on the way is not taken."
    "callback.wrong_amount" CALLBACK "amount"
        "A callback with another amount than the sale's delivers nothing. The answer is no HTTP 500. (What is delivered cannot be seen from outside.)"
    "callback" CALLBACK ""
        "The final status comes as GET with a query; HTTP 200 means that it was taken. Otherwise it is repeated."
    "callback.repeated" CALLBACK ""
        "The same callback may come more than once. Each is answered with HTTP 200, and only the first changes something. (Whether it is taken once cannot be seen from outside.)"
    "callback.declined" CALLBACK "status"
        "A declined sale's callback, with error_code and error_message, is answered with HTTP 200."
    "callback.other_type" CALLBACK "type"
        "Callbacks of other types (reversal, chargeback) are answered with HTTP 200. They do not say how the sale ended."
    "error.cause" EVERY "error.cause"
        "A refusal has error.cause; only HTTP 403 may come without a body."
    "answer_time" EVERY ""
        "Answers come soon: the app's user waits for initiate sale, the gateway gives up waiting for the others and declines the sale."
}

/// What checks are about; the rest has no meaning where the first of them failed.
pub(super) fn of(id: &str) -> Option<(usize, &'static Rule)> {
    RULES.iter().enumerate().find(|(_, rule)| rule.id == id)
}
