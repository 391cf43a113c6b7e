//! The JSON body of a call to the API. What is wrong with one is answered in the API's own form of errors.

use axum::{
    Json,
    extract::{FromRequest, Request},
    response::Response,
};
use serde::de::DeserializeOwned;

use crate::{record::redact::Secrets, stage::control::refuse};

/// What was asked for.
pub(super) struct JsonBody<T>(pub(super) T);

impl<S, T> FromRequest<S> for JsonBody<T>
where
    S: Send + Sync,
    T: DeserializeOwned,
{
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        match Json::from_request(request, state).await {
            Ok(Json(asked)) => Ok(Self(asked)),
            // The parser's words may quote the body.
            Err(rejection) => Err(refuse(
                rejection.status(),
                &Secrets::default().text(&rejection.body_text()),
            )),
        }
    }
}
