//! What snapshots of version 1 called things that have another name today. Whoever renames a member or a word of the
//! present version raises the version, and adds the name that it had here.

/// What the member `name` was called.
pub(super) const fn of_member(name: &str) -> Option<&'static str> {
    // A `match` on texts, so that looking for a member allocates nothing.
    Some(match name.as_bytes() {
        b"merchant_order_id" => "label",
        b"minor_units" => "minor",
        b"commission_minor_units" => "commission_minor",
        b"error_code" => "code",
        b"gateway_message" => "message",
        _ => return None,
    })
}

/// The word that stands today for what was written as `raw`, in quotation marks both; `raw` itself if it is none of them.
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
