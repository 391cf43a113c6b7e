//! Answers of the proxy's own, as bytes.

use super::forwarding::Request;

/// Marks the target of a faulty redirect, to notice a client that follows it.
pub(super) const REDIRECTED: &str = "salekit-redirected";

pub(super) const JSON: &str = "application/json";

/// An answer of the proxy's own.
pub(super) fn http(status: u16, media_type: &str, further: &str, body: &[u8], request: &Request) -> Vec<u8> {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status} Proxy\r\ncontent-type: {media_type}\r\ncontent-length: {length}\r\n{further}\r\n");
    let mut bytes = head.into_bytes();
    if !request.is_head {
        bytes.extend_from_slice(body);
    }
    bytes
}

pub(super) fn error(status: u16, cause: Option<&str>, request: &Request) -> Vec<u8> {
    match cause {
        Some(cause) => {
            let error = serde_json::json!({"cause": cause, "code": "proxy", "message": "a fault of the proxy"});
            let mut body = serde_json::json!({ "error": error });
            if let Some(invoice) = &request.entry.invoice {
                body["invoiceId"] = invoice.as_str().into();
            }
            http(status, JSON, "", body.to_string().as_bytes(), request)
        }
        None => http(
            status,
            "text/html",
            "",
            b"<html><h1>Something went wrong</h1></html>",
            request,
        ),
    }
}

pub(super) fn redirect(status: u16, request: &Request) -> Vec<u8> {
    let separator = if request.target.contains('?') { '&' } else { '?' };
    let location = format!("location: {}{separator}{REDIRECTED}=1\r\n", request.target);
    http(status, "text/html", &location, b"", request)
}
