//! Who may ask the inspector, and what a browser may do with its answers.
//!
//! A page of another site can send requests to this machine, and a name of its own that leads here. So the `Host` must be
//! this machine's, and whatever changes something needs a header that no form and no other site can set.

use axum::{
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::Response,
};

use crate::stage::control::refuse;

/// The header of calls that change something; any value.
pub(crate) const ACTION: &str = "x-salekit-inspector";

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Refuses requests of other pages and machines, and adds what every answer carries.
pub(crate) async fn guard(request: Request, next: Next) -> Response {
    let mut response = match objection(request.method(), request.headers()) {
        Some(objection) => refuse(StatusCode::FORBIDDEN, objection),
        None => next.run(request).await,
    };
    let always: [(HeaderName, &'static str); 5] = [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    for (name, value) in always {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

fn objection(method: &Method, headers: &HeaderMap) -> Option<&'static str> {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or_default());
    if !text(header::HOST).is_some_and(is_loopback) {
        return Some("the inspector answers only to localhost, 127.0.0.1 or [::1]");
    }
    let is_own = |origin: &str| origin.strip_prefix("http://").is_some_and(is_loopback);
    if text(header::ORIGIN).is_some_and(|origin| !is_own(origin)) {
        return Some("the inspector does not answer to pages of other sites");
    }
    let is_reading = matches!(*method, Method::GET | Method::HEAD);
    if !is_reading && !headers.contains_key(ACTION) {
        return Some("a call that changes something needs the header x-salekit-inspector");
    }
    None
}

/// Whether `host`, with or without a port, is this machine.
fn is_loopback(host: &str) -> bool {
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !name.is_empty() && !port.ends_with(']') => (name, port),
        _ => (host, "0"),
    };
    let is_name = ["localhost", "127.0.0.1", "[::1]"]
        .iter()
        .any(|known| name.eq_ignore_ascii_case(known));
    is_name && port.parse::<u16>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_names_of_this_machine_pass() {
        for host in ["localhost", "127.0.0.1:8445", "LOCALHOST:1", "[::1]", "[::1]:8445"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "127.0.0.1.evil.example",
            "localhost:x",
            "evil@127.0.0.1",
            "::1:80",
            "0.0.0.0",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
