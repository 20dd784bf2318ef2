//! What every answer of the API gets: a name, and where it is a problem, its body.

use std::sync::atomic::{AtomicU64, Ordering};

use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, header};
use tracing::Instrument;
use vestibule_core::ClaimId;

use super::problem::Problem;
use crate::AppState;

/// Under which name a request is found in the log.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Names the request, and finishes its answer.
pub(super) async fn finish(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let name = draw_name(&state);
    let span = tracing::debug_span!("request", id = name);
    complete(next.run(request).instrument(span).await, name)
}

/// The answer to a request that does not reach the API.
pub(crate) fn refuse(state: &AppState, problem: Problem) -> Response {
    complete(problem.into_response(), draw_name(state))
}

fn draw_name(state: &AppState) -> String {
    state.invite_service.name_request().unwrap_or_else(|_| counted(state))
}

fn complete(mut response: Response, name: String) -> Response {
    if let Some(problem) = response.extensions().get::<Problem>().cloned() {
        *response.body_mut() = problem.render(&name);
    }
    let headers = response.headers_mut();
    if let Ok(name) = HeaderValue::try_from(name) {
        headers.insert(REQUEST_ID, name);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

/// A name for a request while no randomness is to be had: the time and a count.
fn counted(state: &AppState) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let millis = u128::try_from(state.invite_service.now().as_millis()).unwrap_or(0);
    let count = u128::from(COUNT.fetch_add(1, Ordering::Relaxed));
    ClaimId::from_bytes(((millis << 80) | count).to_be_bytes()).to_string()
}
