//! The parts that several requests have: `consumer`, `session` and `transaction`.

use serde::Serialize;

use crate::value::{Consumer, Money, Secret};

/// `consumer`. Each message says which members it carries.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ConsumerPart<'a> {
    device: DevicePart<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ip_addresses: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct DevicePart<'a> {
    serial_number: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    imei: Option<&'a str>,
}

impl<'a> ConsumerPart<'a> {
    /// Who asks about an invoice: the device alone.
    pub(super) const fn device(serial_number: &'a str) -> Self {
        Self {
            device: DevicePart {
                serial_number,
                imei: None,
            },
            ip_addresses: Vec::new(),
            email: None,
        }
    }

    /// Who pays, as the gateway needs it: the device and the e-mail address.
    pub(super) fn paying(consumer: &'a Consumer) -> Self {
        Self {
            email: consumer.email(),
            ..Self::device(consumer.serial_number())
        }
    }

    /// Everything that the merchant's server may know of the payer.
    pub(super) fn whole(consumer: &'a Consumer) -> Self {
        let mut part = Self::paying(consumer);
        part.device.imei = consumer.imei();
        part.ip_addresses = consumer.ip_addresses().iter().map(ToString::to_string).collect();
        part
    }
}

/// `session`: what proves that the app may ask.
#[derive(Serialize)]
#[serde(untagged, rename_all_fields = "camelCase")]
pub(super) enum SessionPart<'a> {
    /// To the merchant's server.
    Asking { access_token: &'a str },
    /// To the gateway, with the merchant's signature: perform sale.
    Authorising {
        access_token: &'a str,
        nonce: &'a str,
        signature: &'a str,
    },
    /// To the gateway, about a sale that it accepted.
    Accepted { access_token: &'a str, token: &'a str },
}

impl<'a> SessionPart<'a> {
    pub(super) fn asking(access_token: &'a Secret) -> Self {
        Self::Asking {
            access_token: access_token.expose(),
        }
    }
}

/// `transaction`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TransactionPart<'a> {
    amount_centis: i64,
    currency: &'a str,
}

impl<'a> TransactionPart<'a> {
    pub(super) fn of(amount: &'a Money) -> Self {
        Self {
            amount_centis: amount.minor_units(),
            currency: amount.currency().code(),
        }
    }
}
