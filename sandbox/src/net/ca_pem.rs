//! `/ca.pem` of a server: the authority to trust. It is no secret.

use std::sync::Arc;

use axum::{Router, http::header, response::IntoResponse as _, routing::get};

use super::tls::Authority;

/// The path.
pub(crate) fn ca_router(authority: &Arc<Authority>) -> Router {
    let authority = Arc::clone(authority);
    let pem = move || {
        let pem = authority.ca_pem().to_owned();
        async move { ([(header::CONTENT_TYPE, "application/x-pem-file")], pem).into_response() }
    };
    Router::new().route("/ca.pem", get(pem))
}
