//! What a request is by its method and path alone, before a handler has said more. Unknown paths are recognised here.

use super::exchange::Role;

/// A request, classified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kind {
    pub(crate) message: &'static str,
    pub(crate) step: Option<u8>,
    pub(crate) from: Role,
    pub(crate) invoice_id: Option<String>,
}

/// Message of a request that no rule of the protocol knows.
pub(crate) const UNKNOWN: &str = "unknown path";

/// Classifies a request; `target` may have a query.
pub(crate) fn classify(method: &str, target: &str) -> Kind {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let (message, step, from, invoice) = match (method, parts.as_slice()) {
        ("GET", ["auth", "request-access-token"]) => ("access token", Some(2), Role::App, None),
        ("POST", ["sale", "initiate-sale"]) => ("initiate sale", Some(4), Role::App, None),
        ("POST", ["sale", "notification"]) => ("sale card mapping notification", Some(19), Role::Gateway, None),
        ("POST", ["sale", invoice, "notification"]) => (
            "sale card mapping notification",
            Some(19),
            Role::Gateway,
            Some(*invoice),
        ),
        ("POST", ["sale", invoice, "check"]) => ("check sale", Some(8), Role::Gateway, Some(*invoice)),
        ("POST", ["sale", invoice, "session-token"]) => ("session token", None, Role::App, Some(*invoice)),
        ("POST", ["sale", invoice, "stored-card"]) => ("stored card", None, Role::App, Some(*invoice)),
        ("GET", ["callback"]) => ("callback", Some(23), Role::Gateway, parameter(query, "client_orderid")),
        ("POST", [.., "dapi", "v1", "sale", _, invoice, "status"]) => ("sale status", None, Role::App, Some(*invoice)),
        ("POST", [.., "dapi", "v1", "sale", _, invoice]) => ("perform sale", Some(6), Role::App, Some(*invoice)),
        ("GET", [.., "3ds", _, "forward"]) => ("3-D Secure page", None, Role::Consumer, None),
        ("GET", [.., "3ds", _]) => ("open browser", Some(13), Role::App, None),
        ("POST", [.., "3ds", _]) => ("authentication data", Some(15), Role::Consumer, None),
        (_, ["sandbox", ..]) => ("remote control", None, Role::App, None),
        _ => (UNKNOWN, None, Role::App, None),
    };
    Kind {
        message,
        step,
        from,
        invoice_id: invoice.map(str::to_owned),
    }
}

fn parameter<'a>(query: &'a str, name: &str) -> Option<&'a str> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(of, _)| *of == name)
        .map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_known_by_their_paths() {
        let message = |method, path| classify(method, path).message;
        assert_eq!(
            message("GET", "/auth/request-access-token?serialNumber=1"),
            "access token"
        );
        assert_eq!(message("POST", "/paynet/dapi/v1/sale/1144/i"), "perform sale");
        assert_eq!(message("GET", "/paynet/dapi/v1/sale/1144/i"), UNKNOWN);
        assert_eq!(message("POST", "/payment/dapi/v2/sale/1144/i"), UNKNOWN);
        let callback = classify("GET", "/callback?status=approved&client_orderid=i");
        assert_eq!(
            (callback.from, callback.invoice_id.as_deref()),
            (Role::Gateway, Some("i"))
        );
    }
}
