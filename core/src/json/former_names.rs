//! Names in snapshots of version 1 that have changed since. If you rename a member or a variant of the present version,
//! raise the version and add its former name here.

/// The former name of the member `name`.
pub(super) const fn of_member(name: &str) -> Option<&'static str> {
    // A `match`, so that looking up a member allocates nothing.
    Some(match name.as_bytes() {
        b"merchant_order_id" => "label",
        b"minor_units" => "minor",
        b"commission_minor_units" => "commission_minor",
        b"error_code" => "code",
        b"gateway_message" => "message",
        _ => return None,
    })
}

/// The present name for the former name `raw`, both with quotation marks; `raw` itself if it has not changed.
pub(super) const fn present_word(raw: &[u8]) -> &[u8] {
    match raw {
        b"\"shop_unavailable\"" => b"\"merchant_unavailable\"",
        b"\"ask_shop\"" => b"\"ask_merchant\"",
        b"\"resume_or_ask_shop\"" => b"\"resume_or_ask_merchant\"",
        b"\"contact_shop\"" => b"\"contact_merchant\"",
        b"\"host_failed\"" => b"\"callback_failed\"",
        _ => raw,
    }
}
