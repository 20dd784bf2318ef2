//! `GET` and `POST /invites_api`.

use std::time::Duration;

use axum::{
    body::Body,
    extract::{Request, State},
    response::Response,
};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header, request::Parts};
use vestibule_core::{Draft, Principal, Refusal, StoreError};

use super::{
    cors,
    presented::{Query, presented_key},
};
use crate::{
    AppState,
    http::{AuthFailed, RefusalReason},
};

/// Creates an account invite for one person.
pub(super) async fn handle(State(state): State<AppState>, request: Request) -> Response {
    // A body has no meaning here and is not read.
    let (request, _) = request.into_parts();
    let headers = cors::headers(&request.headers);
    match request.method {
        Method::GET | Method::POST => create(&state, &request, headers).await,
        Method::OPTIONS => empty(StatusCode::OK, headers),
        // HEAD too: it must not create anything.
        _ => {
            let text = "GET and POST create an invite; other methods are not allowed.\n";
            let mut response = plain_text(StatusCode::METHOD_NOT_ALLOWED, headers, text);
            response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET, POST, OPTIONS"));
            response
        }
    }
}

async fn create(state: &AppState, request: &Parts, mut headers: HeaderMap) -> Response {
    if is_prefetch(&request.headers) {
        let text = "The browser prefetched this address. Open it yourself to create an invite.\n";
        return plain_text(StatusCode::FORBIDDEN, headers, text);
    }
    let mut query = Query::read(request.uri.query().unwrap_or_default());
    let Some(key) = presented_key(&request.headers, &mut query) else {
        return refuse(headers, &Refusal::Unauthorized.into());
    };
    match state.invite_service.mint(&Principal::Key(key), Draft::default()).await {
        Ok(minted) => {
            let link = state.links.link(&minted.invite, &minted.token);
            let Ok(location) = HeaderValue::try_from(link) else {
                let text = "The configured landing_url does not result in a valid link.\n";
                return plain_text(StatusCode::INTERNAL_SERVER_ERROR, headers, text);
            };
            headers.insert(header::LOCATION, location);
            let status = if query.redirect { StatusCode::SEE_OTHER } else { StatusCode::CREATED };
            empty(status, headers)
        }
        Err(error) => refuse(headers, &error),
    }
}

/// The response to a client that has sent too many unknown keys.
pub(super) fn too_many_requests(request: &HeaderMap, wait: Duration) -> Response {
    let mut headers = cors::headers(request);
    headers.insert(header::RETRY_AFTER, HeaderValue::from(wait.as_secs()));
    let text = format!("Too many wrong API keys from your address; try again in {} s.\n", wait.as_secs());
    plain_text(StatusCode::TOO_MANY_REQUESTS, headers, &text)
}

/// Whether a browser prefetches the address (`Sec-Purpose` of the Fetch standard, and its predecessors).
fn is_prefetch(headers: &HeaderMap) -> bool {
    ["sec-purpose", "purpose", "x-purpose", "x-moz"].iter().any(|name| {
        headers.get_all(*name).iter().any(|value| {
            let value = value.as_bytes().to_ascii_lowercase();
            value.windows(8).any(|part| part == b"prefetch")
        })
    })
}

fn refuse(headers: HeaderMap, error: &StoreError) -> Response {
    let mut response = error_response(headers, error);
    let extensions = response.extensions_mut();
    extensions.insert(RefusalReason::from(error));
    if matches!(error, StoreError::Refused(Refusal::Unauthorized)) {
        extensions.insert(AuthFailed);
    }
    response
}

fn error_response(mut headers: HeaderMap, error: &StoreError) -> Response {
    match error {
        StoreError::Refused(Refusal::RateLimited { retry_after }) => {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(retry_after.as_secs()));
            plain_text(StatusCode::TOO_MANY_REQUESTS, headers, &format!("{error}\n"))
        }
        StoreError::Refused(Refusal::Unauthorized) => {
            let text = "A valid API key is required: ID/SECRET, as \"Authorization: Bearer KEY\" or as \
                        \"?key=KEY\". This one is missing, unknown, expired or deleted.\n";
            plain_text(StatusCode::FORBIDDEN, headers, text)
        }
        StoreError::Refused(refusal) => plain_text(StatusCode::FORBIDDEN, headers, &format!("{refusal}\n")),
        StoreError::Busy(reason) | StoreError::Unavailable(reason) => {
            tracing::debug!(reason, "an invite could not be saved");
            headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
            let text = "The invite could not be saved, so none was created. Try again in a few seconds. If the \
                        error persists, the operator finds the reason in the log.\n";
            plain_text(StatusCode::SERVICE_UNAVAILABLE, headers, text)
        }
        StoreError::Unknown(reason) => {
            tracing::debug!(reason, "the outcome of an invite's creation is unknown");
            let text = "The connection to the database was lost, so an invite may or may not have been created. \
                        Check the list of invites before you try again.\n";
            plain_text(StatusCode::SERVICE_UNAVAILABLE, headers, text)
        }
        StoreError::Corrupt(reason) => {
            tracing::error!(reason, "the database contains data that this version cannot read");
            plain_text(StatusCode::INTERNAL_SERVER_ERROR, headers, "Something went wrong on our side.\n")
        }
    }
}

fn empty(status: StatusCode, headers: HeaderMap) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}

fn plain_text(status: StatusCode, headers: HeaderMap, text: &str) -> Response {
    let mut response = empty(status, headers);
    let content_type = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, content_type);
    response.headers_mut().insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    *response.body_mut() = Body::from(text.to_owned());
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire_form::{wire_form, wire_forms};

    #[test]
    fn the_wire_form_of_every_error() {
        insta::assert_snapshot!(wire_forms(|error| refuse(cors::headers(&HeaderMap::new()), &error)));
    }

    #[test]
    fn the_wire_form_of_too_many_requests() {
        insta::assert_snapshot!(wire_form(too_many_requests(&HeaderMap::new(), Duration::from_secs(7))));
    }
}
