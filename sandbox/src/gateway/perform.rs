//! Reads a perform sale request: every member by its documented type, length and need. What is done with it lives in
//! `app`.

use zeroize::Zeroizing;

use crate::protocol::{
    fields::{Complaint, Fields},
    signature::InitiateText,
};

/// A perform request that keeps the rules.
pub(crate) struct Perform {
    pub(crate) serial_number: String,
    pub(crate) email: Option<String>,
    pub(crate) access_token: String,
    pub(crate) nonce: String,
    pub(crate) signature: String,
    pub(crate) amount_minor: u64,
    pub(crate) currency: String,
    pub(crate) source: SourceOfFunds,
    pub(crate) security_code: Zeroizing<String>,
}

/// Exactly one of the two.
pub(crate) enum SourceOfFunds {
    Card {
        number: Zeroizing<String>,
        /// Year and month.
        expiry: (i64, i64),
    },
    Reference {
        client_card_id: String,
    },
}

const CARD: &str = "sourceOfFunds.card";
const REFERENCE: &str = "sourceOfFunds.reference";

impl Perform {
    pub(crate) fn read(body: &Fields) -> Result<Self, Complaint> {
        let serial_number = body.text("consumer.device.serialNumber", 1, 50)?;
        let email = body.optional_text("consumer.email", 3, 128)?;
        body.optional_list("consumer.ipAddresses", 7, 15)?;
        let access_token = body.text("session.accessToken", 32, 128)?;
        let nonce = body.text("session.nonce", 32, 128)?;
        let signature = body.text("session.signature", 32, 128)?;
        let amount_minor = body.amount("transaction.amountCentis")?;
        let currency = body.currency("transaction.currency")?;
        body.object("sourceOfFunds")?;
        let (source, security_code) = match (body.has(CARD), body.has(REFERENCE)) {
            (true, false) => read_card(body)?,
            (false, true) => read_reference(body)?,
            _ => {
                return Err(Complaint::new(
                    "sourceOfFunds",
                    "must hold exactly one of card and reference",
                ));
            }
        };
        let security_code = Zeroizing::new(security_code);
        Ok(Self {
            serial_number,
            email,
            access_token,
            nonce,
            signature,
            amount_minor,
            currency,
            source,
            security_code,
        })
    }

    /// What `session.signature` must cover.
    pub(crate) fn signed<'a>(&'a self, endpoint_id: &'a str, invoice_id: &'a str) -> InitiateText<'a> {
        InitiateText {
            access_token: &self.access_token,
            serial_number: &self.serial_number,
            endpoint_id,
            nonce: &self.nonce,
            invoice_id,
            amount_minor: self.amount_minor,
            currency: &self.currency,
        }
    }
}

fn read_card(body: &Fields) -> Result<(SourceOfFunds, String), Complaint> {
    body.object(CARD)?;
    let month = body.integer("sourceOfFunds.card.expiry.month", 1, 12)?;
    let year = body.integer("sourceOfFunds.card.expiry.year", 2000, 9999)?;
    body.object("sourceOfFunds.card.holder")?;
    // Either the printed name, or first and last name.
    if body
        .optional_text("sourceOfFunds.card.holder.printedName", 1, 50)?
        .is_none()
    {
        body.text("sourceOfFunds.card.holder.firstName", 1, 50)?;
        body.text("sourceOfFunds.card.holder.lastName", 1, 50)?;
    } else {
        body.optional_text("sourceOfFunds.card.holder.firstName", 1, 50)?;
        body.optional_text("sourceOfFunds.card.holder.lastName", 1, 50)?;
    }
    body.optional_text("sourceOfFunds.card.holder.middleInitial", 0, 1)?;
    let number = Zeroizing::new(body.digits("sourceOfFunds.card.number", 9, 19)?);
    let security_code = body.digits("sourceOfFunds.card.securityCode", 3, 4)?;
    Ok((
        SourceOfFunds::Card {
            number,
            expiry: (year, month),
        },
        security_code,
    ))
}

fn read_reference(body: &Fields) -> Result<(SourceOfFunds, String), Complaint> {
    body.object(REFERENCE)?;
    let client_card_id = body.text("sourceOfFunds.reference.clientCardId", 1, 128)?;
    let security_code = body.digits("sourceOfFunds.reference.securityCode", 3, 4)?;
    Ok((SourceOfFunds::Reference { client_card_id }, security_code))
}

/// Whether a card number's last digit is right (ISO/IEC 7812-1, Luhn).
pub(crate) fn has_check_digit(number: &str) -> bool {
    let sum: u32 = number
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, byte)| {
            let digit = u32::from(byte.wrapping_sub(b'0'));
            match place % 2 {
                0 => digit,
                _ => digit * 2 / 10 + digit * 2 % 10,
            }
        })
        .sum();
    sum.is_multiple_of(10)
}
